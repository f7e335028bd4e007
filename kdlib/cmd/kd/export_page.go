package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"distillation/kdlib/images"
	networks "distillation/kdlib/network"
	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/convert"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/report/browser"
	"distillation/kdlib/stats"
	"distillation/kdlib/train"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"
)

// pageExport is what an export as a page was asked for.
type pageExport struct {
	models, onnxFiles             []string
	onnx                          recipe.ONNX // what ONNX files do not say
	numbers, samples, engine, out string
}

func exportPageCommand() *cobra.Command {
	var e pageExport
	c := &cobra.Command{
		Use:   "page",
		Short: "Write trained networks as a page that answers in the browser",
		Long: `Writes one HTML file with trained networks inside: whoever opens it drops, chooses or photographs a picture and gets the
probability, the class at a threshold that can be moved, and the time. It needs no server, no network and no Go. Networks given by
several --model and --onnx answer beside each other, in this order.

The page holds ONNX Runtime for browsers (` + browser.RuntimePackage + ` ` + browser.RuntimeVersion + `, MIT), 5 MB, which "go run ./kernel-setup page" installs. The networks come on
top, as --numbers keeps them.`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return e.run(c) },
	}
	f := c.Flags()
	f.StringArrayVar(&e.models, "model", nil, "folder of a run; may be repeated")
	f.StringArrayVar(&e.onnxFiles, "onnx", nil, "ONNX file; may be repeated")
	onnxFlags(c, &e.onnx)
	numbersFlag(c, &e.numbers, convert.Half)
	f.StringVar(&e.samples, "samples", "", fmt.Sprintf("folder, zip or tar of at most %d pictures that the page shows to try; they are published with it", mostSamples))
	f.StringVar(&e.engine, "runtime", "", "folder of the browsers' runtime (default: where kernel-setup puts it)")
	f.StringVar(&e.out, "out", "", "file to write")
	_ = c.MarkFlagRequired("out") // fails only for a flag that does not exist
	c.MarkFlagsOneRequired("model", "onnx")
	return c
}

func (e *pageExport) run(c *cobra.Command) error {
	if len(e.onnxFiles) == 0 {
		if err := without(c, "without --onnx", onnxDetails...); err != nil {
			return err
		}
	}
	if to := convert.Numbers(e.numbers); !slices.Contains(convert.AllNumbers, to) {
		return usagef("export page: --numbers: got %q, want one of %q", e.numbers, convert.AllNumbers)
	}
	if err := makeFolder(e.out); err != nil {
		return err
	}
	var page browser.Page
	if err := e.collect(&page); err != nil {
		return err
	}
	if e.samples != "" {
		samples, err := readSamples(c.Context(), e.samples)
		if err != nil {
			return err
		}
		page.Samples = samples
	}
	engine, err := openRuntime(e.engine)
	if err != nil {
		return err
	}
	file, err := renameio.NewPendingFile(e.out, renameio.WithPermissions(0o644))
	if err != nil {
		return err
	}
	defer file.Cleanup()
	if err := page.Write(file, engine); err != nil {
		return err
	}
	if err := file.CloseAtomicallyReplace(); err != nil {
		return err
	}
	info, err := os.Stat(e.out)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: %d networks, %.1f MB; open it in a browser\n", e.out, len(page.Networks), float64(info.Size())/1e6)
	return nil
}

// openRuntime finds the browsers' runtime: in the folder that is named, or else in that of this checkout.
func openRuntime(dir string) (browser.Runtime, error) {
	if dir == "" {
		dir = filepath.Join(checkout(), filepath.FromSlash(browser.RuntimeDir))
	}
	engine, err := browser.OpenRuntime(dir)
	if errors.Is(err, browser.ErrNoRuntime) {
		return engine, fmt.Errorf("%w. Type, in the checkout: go run ./kernel-setup page; or name with --runtime the folder dist of the npm package %s %s",
			err, browser.RuntimePackage, browser.RuntimeVersion)
	}
	return engine, err
}

// checkout is the folder of the nearest go.mod, upwards from the working directory; that itself where there is none.
func checkout() string {
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return at
		}
		if at == filepath.Dir(at) {
			return dir
		}
	}
}

// collect reads all networks. They have to know the same classes.
func (e *pageExport) collect(page *browser.Page) error {
	type named struct {
		path string
		read func(path string) (content []byte, is recipe.ONNX, err error)
	}
	var all []named
	for _, path := range e.models {
		all = append(all, named{path, readRun})
	}
	for _, path := range e.onnxFiles {
		all = append(all, named{path, func(path string) ([]byte, recipe.ONNX, error) {
			content, err := os.ReadFile(path)
			is := e.onnx
			is.File = path
			return content, is, err
		}})
	}
	for i, n := range all {
		content, is, err := n.read(n.path)
		if err != nil {
			return err
		}
		one, classes, err := e.network(content, is)
		if err != nil {
			return err
		}
		if i > 0 && classes != page.Classes {
			return fmt.Errorf("%s knows the classes %q, %s %q: want networks of the same classes on a page", n.path, classes, all[0].path, page.Classes)
		}
		one.Name = shownName(n.path, append(slices.Clone(e.models), e.onnxFiles...))
		one.About = aboutNetwork(n.path, one, classes)
		page.Classes, page.Networks = classes, append(page.Networks, one)
	}
	return nil
}

// shownName is a path's last part, with the one above where several paths end alike.
func shownName(path string, all []string) string {
	last := func(p string) string { return strings.TrimSuffix(filepath.Base(p), filepath.Ext(p)) }
	name, same := last(path), 0
	for _, other := range all {
		if last(other) == name {
			same++
		}
	}
	if same > 1 {
		name = filepath.Base(filepath.Dir(path)) + "/" + name
	}
	return name
}

// readRun is the network of a run's folder as ONNX.
func readRun(dir string) ([]byte, recipe.ONNX, error) {
	if config, err := train.Config(dir); err == nil && config.Network == recipe.ONNXNetwork {
		content, err := train.ONNX(dir, withCommit(map[string]string{}))
		return content, recipe.ONNX{File: dir}, err
	}
	network, w, err := readTrained(dir)
	if err != nil {
		return nil, recipe.ONNX{}, err
	}
	content, err := convert.ONNX(network, w)
	if err != nil {
		return nil, recipe.ONNX{}, err
	}
	_, size, err := train.ReadConfig(filepath.Join(dir, train.ConfigFile)) // weights of older versions do not say it
	return content, recipe.ONNX{File: dir, Size: size}, err
}

// readTrained reads the network of a run's folder, that of its best epoch unless its recipe says otherwise.
func readTrained(dir string) (architecture.Network, convert.Weights, error) {
	config, err := train.Config(dir)
	if err != nil {
		return "", convert.Weights{}, err
	}
	if config.Network == recipe.ONNXNetwork {
		return "", convert.Weights{}, fmt.Errorf("%s: its network came from %s: kd export onnx and kd export page write it, others hold kdlib's own networks", dir, config.Backbone.File)
	}
	if _, err := networks.Named(config.Network); err != nil {
		return "", convert.Weights{}, fmt.Errorf("%s: %w; kd exports kdlib's own networks", dir, err)
	}
	network := architecture.Network(config.Network)
	w, err := convert.Read(filepath.Join(dir, train.ResultFile(config)), network)
	w.Meta = withCommit(w.Meta)
	return network, w, err
}

// network describes one, and keeps its weights in the numbers that were asked for.
func (e *pageExport) network(content []byte, is recipe.ONNX) (browser.Network, [2]string, error) {
	d, err := onnx.Describe(content, is)
	if err != nil {
		return browser.Network{}, d.Classes, err
	}
	small, err := convert.Shrink(content, convert.Numbers(e.numbers))
	if err != nil {
		return browser.Network{}, d.Classes, fmt.Errorf("%s: %w", is.File, err)
	}
	return browser.Network{Size: d.Is.Size, Layout: d.Is.Layout, Values: d.Is.Values, Input: d.Input, Output: d.Output,
		Gives: d.Is.Output, Columns: d.Columns, ONNX: small}, orCatDog(d.Classes), nil
}

// aboutNetwork says what is known of a network: of one trained here how many pictures it saw, and how often it is right on the
// test set, with Wilson's interval.
func aboutNetwork(path string, n browser.Network, classes [2]string) string {
	about := fmt.Sprintf("Takes pictures of %d × %d pixels.", n.Size, n.Size)
	config, err := train.Config(path)
	if err != nil {
		return about + " It was trained elsewhere: this file does not tell on what."
	}
	about = fmt.Sprintf("A %s for pictures of %d × %d pixels", config.Network, n.Size, n.Size)
	if seen, err := predictions.Read(filepath.Join(path, string(predictions.Train)+".csv")); err == nil {
		about += fmt.Sprintf(", trained on %d pictures of “%s” and “%s”, %d epochs", len(seen), classes[0], classes[1], config.Epochs)
	}
	return about + "." + aboutTest(path)
}

// aboutTest says how often a run's network is right on its test set; nothing where there are no predictions on one.
func aboutTest(dir string) string {
	test, err := tested(dir)
	if err != nil || test == nil {
		return ""
	}
	return fmt.Sprintf(" On %d test pictures like those it was right in %.1f %% (%.0f %% interval: %.1f to %.1f).",
		test.N, 100*test.Accuracy, 100*stats.Confidence, 100*test.Interval.Low, 100*test.Interval.High)
}

// mostSamples is how many sample pictures a page takes: they are a row to try, and make the file larger.
const mostSamples = 24

// readSamples reads the files of pictures as they are, after it has decoded them once.
func readSamples(ctx context.Context, path string) (samples []browser.Sample, err error) {
	source, err := images.OpenAny(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = cmp.Or(err, source.Close()) }()
	if n := len(source.Pictures()); n > mostSamples {
		return nil, usagef("export page: --samples: %s has %d pictures, want at most %d", path, n, mostSamples)
	}
	err = source.Each(ctx, func(p images.Picture, r io.Reader) error {
		content, err := io.ReadAll(r)
		if err == nil {
			_, err = images.Decode(strings.NewReader(string(content)))
		}
		if err != nil {
			return fmt.Errorf("%s: %s: %w", path, p.Path, err)
		}
		samples = append(samples, browser.Sample{Name: p.ID, Picture: content})
		return nil
	})
	return samples, err
}
