package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/convert"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/network/weights"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
	"distillation/kdlib/train"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"
)

func exportCommand() *cobra.Command {
	return group("export", "Write trained networks and studies for other programs",
		exportNetworkCommand("onnx"), exportNetworkCommand("safetensors"), exportPageCommand(), exportHubCommand(), exportTensorBoardCommand(), exportMLflowCommand())
}

// networkFormat is a format of other libraries that holds a network.
type networkFormat struct {
	short, long string
	write       func(path string, network architecture.Network, w convert.Weights) error
}

var networkFormats = map[string]networkFormat{
	"onnx": {"Write a trained network as ONNX", `Input "pixels" RGB [n, 3, height, width], values 0 to 255; output "probability" [n, 1], P(dog).`, convert.WriteONNX},
	"safetensors": {"Write a trained network as safetensors, for torchvision", `Torchvision's names and layouts; torchvision.models.resnet18(num_classes=1) loads it, strictly.
Input RGB [n, 3, height, width], values divided by 255; output the logit of P(dog).`, convert.WriteTorchvision},
}

// exportedWeights says which of a run's weights an export has.
const exportedWeights = "Writes the network of a run's folder, that of its best epoch unless its recipe says otherwise, for other libraries."

// networkExport is what an export of a network was asked for.
type networkExport struct{ model, onnx, format, numbers, out string }

func (e *networkExport) flags(c *cobra.Command) {
	c.Flags().StringVar(&e.model, "model", "", "folder of the run")
	c.Flags().StringVar(&e.out, "out", "", "file to write")
	_ = c.MarkFlagRequired("out") // fails only for a flag that does not exist
}

func exportNetworkCommand(format string) *cobra.Command {
	e := networkExport{format: format}
	about := networkFormats[format]
	c := &cobra.Command{
		Use:   format,
		Short: about.short,
		Long:  exportedWeights + "\n" + about.long,
		Args:  noArguments,
		RunE:  func(c *cobra.Command, _ []string) error { return e.run(c) },
	}
	e.flags(c)
	if format != "onnx" {
		_ = c.MarkFlagRequired("model")
	} else {
		numbersFlag(c, &e.numbers, convert.Float32)
		c.Flags().StringVar(&e.onnx, "onnx", "", "ONNX file, of any program, to keep in other numbers")
		c.MarkFlagsOneRequired("model", "onnx")
		c.MarkFlagsMutuallyExclusive("model", "onnx")
	}
	return c
}

// numbersFlag says in which numbers an ONNX file keeps weights.
func numbersFlag(c *cobra.Command, to *string, usual convert.Numbers) {
	c.Flags().StringVar(to, "numbers", string(usual), "how weights are kept: float32, float16 (half the size) or int8 (a quarter: per channel, weights only)")
}

// weightsExportCommand is the older name of the exports of a network.
func weightsExportCommand() *cobra.Command {
	var e networkExport
	about := exportedWeights + "\nkd export onnx and kd export safetensors do the same.\n"
	formats := slices.Sorted(maps.Keys(networkFormats))
	for _, format := range formats {
		about += "\n" + format + ": " + networkFormats[format].long
	}
	c := &cobra.Command{
		Use:   "export",
		Short: "Write a trained network for other libraries, as kd export does",
		Long:  about,
		Args:  noArguments,
		RunE:  func(c *cobra.Command, _ []string) error { return e.run(c) },
	}
	e.flags(c)
	_ = c.MarkFlagRequired("model")
	c.Flags().StringVar(&e.format, "format", "onnx", strings.Join(formats, " or "))
	return c
}

// run reads the network of a run's folder and writes it.
func (e *networkExport) run(c *cobra.Command) error {
	format, ok := networkFormats[e.format]
	if !ok {
		return usagef("%s: --format: got %q, want safetensors or onnx", c.CommandPath(), e.format)
	}
	if e.onnx != "" {
		return e.shrinkFile(c)
	}
	if config, err := train.Config(e.model); err == nil && config.Network == recipe.ONNXNetwork && e.format == "onnx" {
		return e.backbone(c)
	}
	network, w, err := readTrained(e.model)
	if err != nil {
		return err
	}
	if err := makeFolder(e.out); err != nil {
		return err
	}
	write := format.write
	if e.numbers != "" {
		write = e.shrunk
	}
	if err := write(e.out, network, w); err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: %s as %s\n", e.out, network, e.format)
	return nil
}

// backbone writes a network that came from an ONNX file and was trained on.
func (e *networkExport) backbone(c *cobra.Command) error {
	content, _, err := readRun(e.model)
	if err != nil {
		return err
	}
	if e.numbers != "" {
		if content, err = convert.Shrink(content, convert.Numbers(e.numbers)); err != nil {
			return usage(err)
		}
	}
	if err := makeFolder(e.out); err != nil {
		return err
	}
	if err := renameio.WriteFile(e.out, content, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: %s as %s, output %q\n", e.out, e.model, e.format, onnx.Logit)
	return nil
}

// shrinkFile writes an ONNX file with its weights in other numbers.
func (e *networkExport) shrinkFile(c *cobra.Command) error {
	if e.numbers == string(convert.Float32) {
		return usagef("export onnx: --onnx: want --numbers %s or %s beside it: in %s it is the file itself", convert.Half, convert.Int8, e.numbers)
	}
	content, err := os.ReadFile(e.onnx)
	if err != nil {
		return err
	}
	small, err := convert.Shrink(content, convert.Numbers(e.numbers))
	if err != nil {
		return fmt.Errorf("%s: %w", e.onnx, err)
	}
	if err := makeFolder(e.out); err != nil {
		return err
	}
	if err := renameio.WriteFile(e.out, small, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: %s in %s\n", e.out, e.onnx, e.numbers)
	return nil
}

// shrunk writes ONNX with the weights in the numbers that were asked for.
func (e *networkExport) shrunk(path string, network architecture.Network, w convert.Weights) error {
	content, err := convert.ONNX(network, w)
	if err != nil {
		return err
	}
	small, err := convert.Shrink(content, convert.Numbers(e.numbers))
	if err != nil {
		return usage(err)
	}
	return renameio.WriteFile(path, small, 0o644)
}

// withCommit adds the source that writes a file to the file's free text.
func withCommit(meta map[string]string) map[string]string {
	commit, modified := study.Commit()
	if commit == "" {
		return meta
	}
	if modified {
		commit += ", with changes"
	}
	all := map[string]string{weights.MetaCommit: commit}
	maps.Copy(all, meta)
	return all
}
