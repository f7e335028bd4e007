package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"distillation/kdlib/metrics"
	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/convert"
	"distillation/kdlib/network/weights"
	"distillation/kdlib/predictions"
	"distillation/kdlib/report/card"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"
)

// hubExport is what an export for the Hugging Face Hub was asked for.
type hubExport struct {
	model, name, license, out string
	datasets                  []string
}

func exportHubCommand() *cobra.Command {
	var e hubExport
	c := &cobra.Command{
		Use:   "hub",
		Short: "Write a trained network as a folder for the Hugging Face Hub",
		Long: `Writes a folder with the network of a run's folder as model.onnx and model.safetensors (torchvision's names), its recipe as
training.json, and a model card, README.md: licence, data, how it was trained, how good it is on its test set with intervals, what
it cannot know. Read the card, add to it what only you know, and upload the folder yourself: hf upload NAME FOLDER.`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return e.run(c) },
	}
	f := c.Flags()
	f.StringVar(&e.model, "model", "", "folder of the run")
	f.StringVar(&e.name, "name", "", "of the model (default: the folder's)")
	f.StringVar(&e.license, "license", "", "of the weights, by the Hub's identifiers: apache-2.0, cc-by-4.0, ...; the data may forbid some")
	f.StringArrayVar(&e.datasets, "dataset", nil, "the Hub's name of the data, such as microsoft/cats_vs_dogs; may be repeated")
	f.StringVar(&e.out, "out", "", "folder to write; it must not exist")
	for _, name := range []string{"model", "license", "out"} {
		_ = c.MarkFlagRequired(name) // fails only for a flag that does not exist
	}
	return c
}

func (e *hubExport) run(c *cobra.Command) error {
	if _, err := os.Lstat(e.out); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(err, fmt.Errorf("%s is there already: name a folder that is not, or remove it", e.out))
	}
	network, w, err := readTrained(e.model)
	if err != nil {
		return err
	}
	about, err := e.card(network, w)
	if err != nil {
		return err
	}
	if err := makeFolder(e.out); err != nil {
		return err
	}
	folder, err := os.MkdirTemp(filepath.Dir(e.out), ".hub-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := convert.WriteONNX(filepath.Join(folder, "model.onnx"), network, w); err != nil {
		return err
	}
	if network.Torchvision() != "" {
		if err := convert.WriteTorchvision(filepath.Join(folder, "model.safetensors"), network, w); err != nil {
			return err
		}
	}
	if err := writeCard(folder, about); err != nil {
		return err
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		return err
	}
	if err := os.Rename(folder, e.out); err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: %s with its model card; read README.md before you upload it\n", e.out, about.Name)
	return nil
}

// writeCard writes the card and the recipe.
func writeCard(folder string, about card.Card) error {
	if err := renameio.WriteFile(filepath.Join(folder, "training.json"), []byte(about.Recipe+"\n"), 0o644); err != nil {
		return err
	}
	readme, err := os.Create(filepath.Join(folder, "README.md"))
	if err != nil {
		return err
	}
	return errors.Join(about.Write(readme), readme.Close())
}

// card gathers what the run's folder, its study and its weights tell.
func (e *hubExport) card(network architecture.Network, w convert.Weights) (card.Card, error) {
	config, size, err := train.ReadConfig(filepath.Join(e.model, train.ConfigFile))
	if err != nil {
		return card.Card{}, err
	}
	text, err := json.MarshalIndent(config, "", "  ")
	if err != nil {
		return card.Card{}, err
	}
	about := card.Card{Name: e.name, License: e.license, Datasets: e.datasets, Network: string(network), Torch: network.Torchvision(), Size: size, Recipe: string(text),
		Classes: orCatDog(weights.Classes(w.Meta)), Commit: w.Meta[weights.MetaCommit], Learned: learnedFrom(e.model)}
	if about.Name == "" {
		about.Name = filepath.Base(filepath.Clean(e.model))
	}
	if seen, err := predictions.Read(filepath.Join(e.model, string(predictions.Train)+".csv")); err == nil {
		about.Trained = len(seen)
	}
	about.Test, err = tested(e.model)
	return about, err
}

// learnedFrom says from which labels a model of a study learned; nothing of a run that belongs to none.
func learnedFrom(dir string) string {
	study, err := folder.Open(filepath.Dir(dir))
	if err != nil || study.CheckModel(filepath.Base(dir)) != nil {
		return ""
	}
	teacher, rule, distilled := study.LabelSource(filepath.Base(dir))
	if !distilled {
		return "the ground truth"
	}
	return fmt.Sprintf("%s, of the predictions of %q", rule, teacher)
}

// halfway is the usual threshold.
const halfway = 0.5

// tested measures a run's predictions on its test set; nil where it has none.
func tested(dir string) (*card.Test, error) {
	rows, err := predictions.Read(filepath.Join(dir, string(predictions.Test)+".csv"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return card.NewTest(metrics.Predicted{P: rows.P(), Logits: rows.Logits()}, rows.Labels(), halfway)
}

// orCatDog are classes, or those of networks that do not name theirs.
func orCatDog(classes [2]string) [2]string {
	if classes == [2]string{} {
		return [2]string{"cat", "dog"}
	}
	return classes
}
