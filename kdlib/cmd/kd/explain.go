package main

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"

	"distillation/kdlib/backend"
	"distillation/kdlib/explain"
	"distillation/kdlib/images/synth"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
	"distillation/kdlib/table"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"
)

// explaining is what explain was asked for.
type explaining struct {
	how   study.Looking
	split string
	out   string
	side  int
	faces uint64 // seed of drawn faces
	first int
}

func explainCommand() *cobra.Command {
	var e explaining
	c := &cobra.Command{
		Use:   "explain NETWORK...",
		Short: "Draw where networks look, and measure how much they look at the same places",
		Long: `Draws what in a picture speaks for each of the two classes, as each of the networks sees it, beside each other: maps.png in the folder
--out. A NETWORK is the folder of a study with its weights (the main models, from every seed), that of a training run, or an ONNX
file. Grad-CAM is made from the logit, for both classes at once; occlusion covers one part of the picture after the other and
needs no gradient.

With --manifest the pictures are those of a split, and numbers on all of them are written, too: agreement.csv, the rank correlation
of each network's maps with those of the teacher, the first NETWORK, beside that on other pictures of the class; of a study difference.csv,
hard and soft students beside classical ones. With --faces-seed the pictures are those of kd data synth by that seed, and parts.csv tells how much of the
evidence lies on the parts of a face that decide.`,
		Args: someArguments,
		RunE: func(c *cobra.Command, args []string) error {
			e.how.Networks = args
			return e.run(c)
		},
	}
	f := c.Flags()
	f.StringVar(&e.how.Pictures, "pictures", "", "folder, zip or tar of the pictures")
	f.StringVar(&e.how.Manifest, "manifest", "", "the split (id,set,label) whose pictures are taken")
	f.StringVar(&e.split, "split", string(predictions.Test), "train, validation or test")
	f.StringVar(&e.how.CacheDir, "cache", cacheDir, "folder of decoded pictures")
	layoutFlag(c, &e.how.Layout)
	f.StringSliceVar(&e.how.IDs, "id", nil, "draw these pictures alone, by their ids, with commas between them; measures nothing")
	f.Var(wholeNumber(&e.how.First, 0, pictureCounts), "first", "no more than so many pictures of each class (0: all)")
	f.Var(wholeNumber(&e.first, 4, pictureCounts), "draw", "how many pictures of each class are drawn, of those that are measured")
	f.StringVar(&e.how.Method, "method", study.GradCAM, "gradcam or occlusion")
	f.StringVar(&e.how.Stage, "stage", "", "whose feature maps, of networks trained here: layer2, layer3.1.conv1, ... (default: the last)")
	f.StringVar(&e.how.ONNXStage, "onnx-stage", "", "whose feature maps, of ONNX files: the name of a value (default: the last convolution's)")
	f.Var(decimal(&e.how.Window, 0, shares), "window", "side of occlusion's cover beside the picture's (0: a quarter)")
	f.Var(decimal(&e.how.Stride, 0, shares), "stride", "from one cover to the next, beside the picture's side (0: half of the cover)")
	f.BoolVar(&e.how.Random, "random", false, "explain networks with random weights, too: the control")
	f.Uint64Var(&e.faces, "faces-seed", 0, "the pictures are those of kd data synth by this seed")
	f.Var(wholeNumber(&e.side, 144, sizes), "side", "width and height of a picture in maps.png")
	f.StringVar(&e.out, "out", "", "folder to write to")
	onnxFlags(c, &e.how.ONNX)
	_ = c.MarkFlagRequired("pictures") // fail only for flags that do not exist
	_ = c.MarkFlagRequired("out")
	c.MarkFlagsMutuallyExclusive("id", "first")
	return c
}

func (e *explaining) run(c *cobra.Command) error {
	if err := e.check(c); err != nil {
		return err
	}
	b, err := backend.New()
	if err != nil {
		return err
	}
	report := newReporter(c.ErrOrStderr())
	defer report.clear()
	e.how.Batch, e.how.Report = recipe.Paper.Student.Batch, report
	looks, err := study.Look(c.Context(), b, e.how)
	if err != nil {
		return err
	}
	report.clear()
	for _, note := range looks.Notes {
		report.Say("%s", note)
	}
	return e.write(c, looks)
}

// check refuses flags that have no effect, before anything is done.
func (e *explaining) check(c *cobra.Command) (err error) {
	switch e.how.Method {
	case study.GradCAM:
		err = without(c, "with --method gradcam", "window", "stride")
	case study.Occlusion:
		err = without(c, "with --method occlusion", "stage", "onnx-stage")
	default:
		err = usagef("--method: got %s, want %s or %s", e.how.Method, study.GradCAM, study.Occlusion)
	}
	if err == nil {
		err = e.checkKinds(c)
	}
	if err != nil {
		return err
	}
	if e.how.Manifest == "" {
		return without(c, "without --manifest", "split", "draw", "faces-seed")
	}
	if e.how.IDs != nil {
		return without(c, "beside --id", "draw", "faces-seed")
	}
	e.how.Split, err = predictions.ParseSplit(e.split)
	return usage(err)
}

// checkKinds refuses flags of networks of a kind that is not there.
func (e *explaining) checkKinds(c *cobra.Command) error {
	files := 0
	for _, path := range e.how.Networks {
		if study.IsONNX(path) {
			files++
		}
	}
	switch files {
	case 0:
		return without(c, "without an ONNX file", append([]string{"onnx-stage"}, onnxDetails...)...)
	case len(e.how.Networks):
		return without(c, "with nothing but ONNX files", "stage", "random")
	}
	return nil
}

// write writes what was asked for.
func (e *explaining) write(c *cobra.Command, looks *explain.Looks) error {
	if err := os.MkdirAll(e.out, 0o755); err != nil {
		return err
	}
	if err := e.draw(c, looks); err != nil || e.how.Manifest == "" || e.how.IDs != nil {
		return err
	}
	tables, err := e.tables(c, looks)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := t.write(c, e.out); err != nil {
			return err
		}
	}
	return nil
}

// tables are the numbers on all pictures; the first network is the teacher.
func (e *explaining) tables(c *cobra.Command, looks *explain.Looks) (tables []tableFile, err error) {
	var errs []error
	add := func(file string, t table.Table, err error) {
		tables, errs = append(tables, tableFile{file, t}), append(errs, err)
	}
	teacher := looks.Networks[0].Name
	if len(looks.Networks) > 1 {
		t, err := looks.AgreementTable(teacher)
		add("agreement.csv", t, err)
	}
	if pairs := pairsOf(looks); pairs != nil {
		t, err := looks.DifferenceTable(teacher, pairs...)
		add("difference.csv", t, err)
	}
	if c.Flags().Changed("faces-seed") {
		t, err := e.parts(looks)
		add("parts.csv", t, err)
	}
	return tables, errors.Join(errs...)
}

// pairsOf are the students that learned from the teacher, the first network, beside the classical one, where there are such.
func pairsOf(looks *explain.Looks) (pairs [][2]string) {
	has := func(name string) bool {
		return slices.ContainsFunc(looks.Networks[1:], func(n explain.Look) bool { return n.Name == name })
	}
	for _, student := range []string{paper.Hard, paper.Soft} {
		if has(student) && has(paper.Classical) {
			pairs = append(pairs, [2]string{student, paper.Classical})
		}
	}
	return pairs
}

// parts measures the evidence on the parts of drawn faces that decide.
func (e *explaining) parts(looks *explain.Looks) (table.Table, error) {
	masks, err := synth.Faces{N: synth.MaxFaces, Seed: e.faces}.DecidingOf(looks.IDs, looks.Size)
	if err != nil {
		return table.Table{}, err
	}
	return looks.PartsTable(masks, looks.Size)
}

// draw writes the pictures with their maps.
func (e *explaining) draw(c *cobra.Command, looks *explain.Looks) error {
	few := *looks
	if e.how.Manifest != "" && e.how.IDs == nil {
		few = looks.Some(e.first)
	}
	sheet, err := few.Sheet(e.side)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := png.Encode(&file, sheet); err != nil {
		return err
	}
	path := filepath.Join(e.out, "maps.png")
	if err := renameio.WriteFile(path, file.Bytes(), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: %d pictures, %d networks\n", path, len(few.IDs), len(few.Networks))
	return nil
}

// tableFile is a table and its file.
type tableFile struct {
	file string
	table.Table
}

func (n tableFile) write(c *cobra.Command, dir string) error {
	path := filepath.Join(dir, n.file)
	if err := n.SaveCSV(path); err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "%s\n%s\n", path, n.Table)
	return nil
}
