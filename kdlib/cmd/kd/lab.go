package main

import (
	"path/filepath"
	"strings"

	"distillation/kdlib/backend"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/study/lab"

	"github.com/spf13/cobra"
)

// labFolder holds the laboratory's results that come with the project, and its features.
var labFolder = filepath.Join("datasets", "results", "lab")

// The features of the pictures of the study full: sums at the ends of three early blocks of its teacher.
var (
	labFeatures = filepath.Join(labFolder, "features.safetensors")
	labValues   = []string{"/_blocks.2/Add_output_0", "/_blocks.4/Add_output_0", "/_blocks.6/Add_output_0"}
)

// labSource are the flags of features.
type labSource struct {
	network         recipe.ONNX
	values          []string
	pictures, cache string
	study, out      string
	batch           int
}

func labFeaturesCommand() *cobra.Command {
	s := labSource{network: recipe.Full.Given.ONNX}
	c := &cobra.Command{
		Use:   "features",
		Short: "Compute what a network in an ONNX file finds in each picture, for the laboratory's students",
		Long: `Lets a network of any kind look at every picture of a study's split and keeps the means of values inside it, standardised on the
training set, as safetensors in half precision. --value names the outputs of nodes inside the network, as viewers of ONNX files show them.`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return s.run(c) },
	}
	f := c.Flags()
	f.StringVar(&s.network.File, "onnx", s.network.File, "ONNX file")
	f.StringVar(&s.network.Layout, onnxDetails[0], "", "what it takes: nhwc or nchw (default: by the shape of its input)")
	f.StringVar(&s.network.Values, onnxDetails[1], "", "what it takes: 0..255, 0..1, -1..1 or imagenet (default: as an export of kd says, and 0..255 if its input is called pixels)")
	f.Var(wholeNumber(&s.network.Size, 0, whole(0, recipe.MaxSize)), "size", "width and height of the pictures that it takes (default: as the file says)")
	f.StringSliceVar(&s.values, "value", labValues, "value inside the network")
	f.StringVar(&s.pictures, "pictures", "", "folder, zip or tar of the pictures")
	f.StringVar(&s.cache, "cache", cacheDir, "folder of decoded pictures")
	f.StringVar(&s.study, "study", defaultRun, "folder of the study whose split is taken")
	f.StringVar(&s.out, "out", labFeatures, "file to write")
	f.Var(wholeNumber(&s.batch, recipe.Paper.Student.Batch, counts), "batch", "pictures at a time")
	_ = c.MarkFlagRequired("pictures") // fails only for a flag that does not exist
	return c
}

func (s *labSource) run(c *cobra.Command) error {
	if err := s.network.Validate(); err != nil {
		return usage(err)
	}
	report := newReporter(c.ErrOrStderr())
	defer report.clear()
	b, err := backend.New()
	if err != nil {
		return err
	}
	e := lab.Extraction{Network: s.network, Values: s.values, Batch: s.batch, Progress: progress(report, "features")}
	size, err := e.Size(b)
	if err != nil {
		return err
	}
	options := study.CollectionOptions{Pictures: s.pictures, CacheDir: s.cache, Manifest: filepath.Join(s.study, folder.ManifestFile),
		Data: recipe.Data{Size: size}, Report: report, ReadOnly: true}
	if e.Pictures, err = study.OpenCollection(c.Context(), options); err != nil {
		return err
	}
	defer e.Pictures.Close()
	features, err := e.Run(c.Context(), b)
	if err != nil {
		return err
	}
	if err := makeFolder(s.out); err != nil {
		return err
	}
	if err := features.Write(s.out); err != nil {
		return err
	}
	report.Say("%s: %d features of each of %d pictures, by %s", s.out, features.Width, len(e.Pictures.Manifest), strings.Join(s.values, ", "))
	return nil
}

func labCommand() *cobra.Command {
	return group("lab", "The laboratory: questions about labels, decided in minutes by small students", labFeaturesCommand())
}
