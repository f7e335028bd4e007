package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"distillation/kdlib/backend"
	"distillation/kdlib/dataset"
	"distillation/kdlib/distill"
	"distillation/kdlib/images"
	networks "distillation/kdlib/network"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// source are the flags that say which pictures take part.
type source struct {
	pictures, manifest, cache string
	data                      recipe.Data
	sizes                     []int // further ones, of a training's early stages
	readOnly                  bool  // as study.CollectionOptions has it
}

func (s *source) flags(c *cobra.Command) {
	c.Flags().StringVar(&s.pictures, "pictures", "", "folder, zip or tar of the pictures")
	c.Flags().StringVar(&s.manifest, "manifest", "", "the split (id,set,label); drawn and written there if it does not exist")
	c.Flags().StringVar(&s.cache, "cache", cacheDir, "folder of decoded pictures")
	c.Flags().Var(wholeNumber(&s.data.Size, recipe.Reduced.Data.Size, sizes), "size", "width and height of the pictures")
	c.Flags().Var(wholeNumber(&s.data.Pictures, 0, pictureCounts), "subset", "number of pictures, balanced (0: all)")
	c.Flags().Uint64Var(&s.data.Seed, "split-seed", 1, "seed of subset and split")
	layoutFlag(c, &s.data.Layout)
	groupFlag(c, &s.data.GroupDuplicates, true)
	_ = c.MarkFlagRequired("pictures") // fails only for a flag that does not exist
}

// needsSplit makes the flag --manifest a must.
func needsSplit(c *cobra.Command) { _ = c.MarkFlagRequired("manifest") }

func (s *source) open(c *cobra.Command, report *reporter) (*study.Collection, error) {
	options := study.CollectionOptions{Pictures: s.pictures, CacheDir: s.cache, Manifest: s.manifest, Data: s.data, Report: report, Sizes: s.sizes, ReadOnly: s.readOnly}
	_, err := os.Stat(s.manifest)
	stored := err == nil
	if err := makeFolder(s.manifest); err != nil {
		return nil, err
	}
	pictures, err := study.OpenCollection(c.Context(), options)
	if errors.Is(err, study.ErrNotDecoded) && c.Flags().Changed("layout") {
		return nil, usagef("--layout: got %s: %w", s.data.Layout, err)
	}
	if err != nil {
		return nil, err
	}
	if err := s.agrees(c, pictures, options, stored); err != nil {
		pictures.Close()
		return nil, err
	}
	pictures.Introduce(report)
	return pictures, nil
}

// drawFlags decide a split that is drawn.
var drawFlags = []string{"subset", "split-seed", "group-duplicates"}

// agrees refuses flags by which the split would be another than the one that a stored manifest has.
func (s *source) agrees(c *cobra.Command, pictures *study.Collection, o study.CollectionOptions, stored bool) error {
	if err := keepsSets(c, pictures.Source); err != nil || !stored {
		return err
	}
	var asked []string
	for _, name := range drawFlags {
		if f := c.Flag(name); f.Changed {
			asked = append(asked, "--"+name+" "+f.Value.String())
		}
	}
	if len(asked) == 0 {
		return nil
	}
	drawn, _, err := pictures.Draw(c.Context(), o)
	if err != nil {
		return err
	}
	if !slices.Equal(drawn, pictures.Manifest) {
		return usagef("%s: got %s, which draw another split, of %d pictures, than the one of %d that is stored there; leave them out, or name a new --manifest",
			s.manifest, strings.Join(asked, ", "), len(drawn), len(pictures.Manifest))
	}
	return nil
}

// keepsSets refuses to group pictures that bring their sets along.
func keepsSets(c *cobra.Command, source *images.Source) error {
	if setsOf(source) == nil {
		return nil
	}
	return without(c, "on pictures that are split already", "group-duplicates")
}

const convolutionForms = "forms: " + recipe.FastConvolutions + ", " + recipe.WinogradConvolutions + " or " + recipe.PlainConvolutions +
	" (default: fast on a CPU, plain elsewhere)"

func trainCommand() *cobra.Command {
	var from source
	var dir, config, tensorboard string
	var devices int
	var trusted bool
	teach := teaching{options: map[string]string{}}
	t := recipe.Reduced.Student
	c := &cobra.Command{
		Use:   "train",
		Short: "Train one network on ground-truth labels or on a teacher's predictions",
		Long: `Trains one network in a folder of its own and writes its predictions on every set there. The same command goes on with an
interrupted run; with a higher --epochs it goes on with a finished one.
With --predictions FOLDER (the train.csv and validation.csv of a teacher, as this command and
"kd predict" write them) and --rule hard or soft, the labels are the teacher's (13), (14); --temperature and --alpha soften the latter and mix it with the
ground-truth label. --rule smoothed --rule-option smoothing=0.1 smooths ground-truth labels and needs no teacher.
--onnx FILE starts from a network that others trained: a dense layer is put on its --features, and --trained says what else learns.
With --config FILE, such as the config.json that a study left of a model, the network is trained as that says, on pictures of the size that it names, but for the flags that are given.`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			size, err := configure(c.Flags(), config, &t)
			if err != nil {
				return err
			}
			from.sizeFor(c, size)
			if err := backbone(c, &from, &t); err != nil {
				return err
			}
			labels, err := teach.labels(c, &t)
			if err != nil {
				return usage(err)
			}
			if err := t.Validate(); err != nil {
				return usagef("train: %w", err)
			}
			if _, err := networks.Named(t.Network); err != nil && t.Network != recipe.ONNXNetwork {
				return usagef("train: --network: %w", err)
			}
			if err := train.Check(dir, t, from.data.Size); err != nil {
				return fmt.Errorf("train: %w", err)
			}
			if teach.teacher == "" {
				if err := without(c, "without --predictions", anyTeacher); err != nil {
					return err
				}
			}
			return runTrain(c, from, trainOptions{dir, t, labels, devices, trusted, tensorboard})
		},
	}
	from.flags(c)
	needsSplit(c)
	f := c.Flags()
	f.StringVar(&dir, "dir", "", "folder of the run")
	f.StringVar(&config, "config", "", "JSON file with the recipe of a network")
	f.StringVar(&teach.teacher, "predictions", "", "folder with the teacher's train.csv and validation.csv (default: ground-truth labels)")
	anyTeacherFlag(c, &trusted)
	f.StringVar(&teach.rule, "rule", "", "how labels are made: "+strings.Join(distill.Names(), ", ")+" (default, with --predictions: soft)")
	f.StringVar(&t.Convolutions, "convolutions", "", convolutionForms)
	f.StringVar(&t.Loss.Name, "loss", "", recipe.Hinton+": of ground-truth labels and the teacher's predictions apart, with --temperature and --alpha (default: cross-entropy of labels by --rule)")
	f.StringToStringVar(&teach.options, "rule-option", teach.options, "option of the rule, as NAME=VALUE")
	f.Var(decimal(&teach.temperature, 1, above0), "temperature", "T of soft labels, sigmoid(logit(p) / T)")
	f.Var(decimal(&teach.alpha, 0, shares), "alpha", "share of the ground-truth label in a soft label")
	f.StringVar(&t.Network, "network", t.Network, networkNames)
	f.StringVar(&t.Weights, "weights", "", "file to start from, see kd weights (default, and a head that it lacks: random)")
	f.StringVar(&t.Backbone.File, "onnx", "", "ONNX file of a network whose features get a head of their own, see also kd export onnx")
	f.StringVar(&t.Backbone.Layout, backboneDetails[0], "", onnxLayout)
	f.StringVar(&t.Backbone.Values, backboneDetails[1], "", onnxValues)
	f.StringVar(&t.Backbone.Features, backboneDetails[2], "", "value in that file which the head takes, [n, features] (default: its output)")
	f.StringVar(&t.Backbone.Trained, backboneDetails[3], "", "what learns: head, all, or the name of a value in that file, after which all does (default: head)")
	f.Var(decimal(&t.Dropout, 0, rates), "dropout", "rate before the dense layer")
	f.StringVar(&t.Optimizer.Variant, "optimizer", t.Optimizer.Variant, "keras (9) or literal (6)-(10)")
	f.Var(decimal(&t.Optimizer.LearningRate, t.Optimizer.LearningRate, above0), "learning-rate", "eta_0")
	f.Var(decimal(&t.Optimizer.Decay, 0, atLeast0), "decay", "d of (9)")
	f.BoolVar(&t.Augment.Flip, "flip", true, "flip pictures at random")
	f.Var(decimal(&t.Augment.Shift, t.Augment.Shift, shares), "shift", "shift pictures at random by up to this part of their size")
	f.Var(wholeNumber(&t.Epochs, t.Epochs, epochCounts), "epochs", "number of epochs")
	f.Var(wholeNumber(&t.Batch, t.Batch, whole(2, recipe.MaxBatch)), "batch", "pictures a step")
	f.Var(wholeNumber(&devices, 1, deviceCounts), "devices", "XLA devices that share every batch: processors' cores or graphics cards")
	f.StringVar(&tensorboard, tensorboardFlag, "", "folder of event files for TensorBoard, written after each epoch")
	f.Uint64Var(&t.Seed, "seed", t.Seed, "seed of weights, order, augmentation, dropout")
	_ = c.MarkFlagRequired("dir")
	return c
}

// backboneDetails are the flags that say more of the file of --onnx.
var backboneDetails = []string{onnxDetails[0], onnxDetails[1], "features", "trained"}

// backbone completes the recipe of a network on a file of --onnx, or of --config, and takes the pictures at its size.
func backbone(c *cobra.Command, from *source, t *recipe.Training) error {
	if c.Flags().Changed("onnx") {
		t.Backbone.Trained = cmp.Or(t.Backbone.Trained, recipe.HeadOnly)
		if !c.Flags().Changed("network") {
			t.Network = recipe.ONNXNetwork
		}
	}
	if t.Network != recipe.ONNXNetwork {
		return without(c, "without --onnx", backboneDetails...)
	}
	if err := t.Backbone.Validate(); err != nil {
		return usagef("train: --onnx: %w", err)
	}
	b, err := onnx.OpenBackbone(t.Backbone)
	if err != nil {
		return err
	}
	from.sizeFor(c, b.Size())
	return nil
}

// configure reads t, to which flags are bound, and the size of its pictures from a file, if one is named; a size of 0 is not known.
// Flags that were given stay as they are. A literal optimizer gets the usual k1 and k2 if it has neither: without both it would be
// Keras's.
func configure(flags *pflag.FlagSet, file string, t *recipe.Training) (size int, err error) {
	if file != "" {
		if size, err = readConfig(flags, file, t); err != nil {
			return 0, err
		}
	}
	if o := t.Optimizer; o.Variant == recipe.LiteralAdam && o.K1 == 0 && o.K2 == 0 {
		t.Optimizer = o.Literal()
	}
	return size, nil
}

func readConfig(flags *pflag.FlagSet, file string, t *recipe.Training) (size int, err error) {
	given := map[string]string{}
	flags.Visit(func(f *pflag.Flag) { given[f.Name] = f.Value.String() })
	if *t, size, err = train.ReadConfig(file); err != nil {
		return 0, err
	}
	for name, value := range given {
		if err := flags.Set(name, value); err != nil {
			return 0, err
		}
	}
	return size, nil
}

// teaching are the flags that say what labels are made of.
type teaching struct {
	teacher, rule      string
	options            map[string]string // of the rule
	temperature, alpha float64
}

// labels returns how labels are made; nil: they are the ground truth. A loss that takes the teacher's predictions beside these gets
// its numbers.
func (t teaching) labels(c *cobra.Command, training *recipe.Training) (*study.LabelSource, error) {
	changed := c.Flags().Changed
	if loss := &training.Loss; loss.Name != "" {
		if changed("temperature") || loss.Temperature == 0 {
			loss.Temperature = t.temperature
		}
		if changed("alpha") {
			loss.Alpha = t.alpha
		}
		return t.besideLabels()
	}
	for name, value := range map[string]float64{"temperature": t.temperature, "alpha": t.alpha} {
		if !changed(name) {
			continue
		}
		if other, twice := t.options[name]; twice {
			return nil, fmt.Errorf("train: --%s: got %v, and %s by --rule-option, want one of them", name, value, other)
		}
		t.options[name] = fmt.Sprint(value)
	}
	return t.byRule()
}

// besideLabels is the source of a loss that takes the teacher's predictions beside ground-truth labels.
func (t teaching) besideLabels() (*study.LabelSource, error) {
	if t.teacher == "" || t.rule != "" || len(t.options) > 0 {
		return nil, fmt.Errorf("train: --loss: got --predictions %q, --rule %q and %d of its options, want a teacher's predictions and neither --rule nor --rule-option", t.teacher, t.rule, len(t.options))
	}
	return &study.LabelSource{Dir: filepath.Dir(t.teacher), Teacher: filepath.Base(t.teacher)}, nil
}

// byRule is the source of labels that a rule makes.
func (t teaching) byRule() (*study.LabelSource, error) {
	if t.teacher == "" && t.rule == "" {
		if len(t.options) > 0 {
			return nil, errors.New("train: --temperature, --alpha, --rule-option: got one without --rule, whose options they are")
		}
		return nil, nil
	}
	numbers := map[string]float64{}
	for name, text := range t.options {
		value, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, fmt.Errorf("train: option %s of the rule: got %q, want a number", name, text)
		}
		numbers[name] = value
	}
	parsed, err := distill.ParseRule(cmp.Or(t.rule, distill.Soft{}.String()), numbers)
	if err != nil {
		return nil, fmt.Errorf("train: --rule: %w", err)
	}
	if parsed.NeedsTeacher() != (t.teacher != "") {
		return nil, fmt.Errorf("train: --predictions: got %q with --rule %s, want a teacher's predictions for a rule that needs a teacher, and none for another", t.teacher, parsed)
	}
	return &study.LabelSource{Dir: filepath.Dir(t.teacher), Teacher: filepath.Base(t.teacher), Rule: parsed}, nil
}

// trainOptions say what to train, where, and by what.
type trainOptions struct {
	dir        string
	recipe     recipe.Training
	labels     *study.LabelSource // nil: the ground truth
	devices    int
	anyTeacher bool

	tensorboard string // folder of event files; none: empty
}

// check looks at the numbers before pictures are decoded for them.
func (o trainOptions) check(size int) error {
	if size < recipe.MinSize {
		return usagef("train: --size: got %d, want from %d to %d", size, recipe.MinSize, recipe.MaxSize)
	}
	if err := errors.Join(o.recipe.Validate(), recipe.CheckBatch(o.recipe.Batch, size)); err != nil {
		return usage(fmt.Errorf("train: %w", err))
	}
	return nil
}

func runTrain(c *cobra.Command, from source, o trainOptions) error {
	if err := o.check(from.data.Size); err != nil {
		return err
	}
	report := newReporter(c.ErrOrStderr())
	defer report.clear()
	from.sizes = o.recipe.EarlySizes()
	resumable.Store(true)
	pictures, err := from.open(c, report)
	if err != nil {
		return goesOn(err)
	}
	defer pictures.Close()
	training, validation, err := pictures.TrainingData(o.labels)
	if err != nil {
		return err
	}
	if err := o.trust(pictures, report); err != nil {
		return err
	}
	b, err := backend.WithDevices(o.devices)
	if err != nil {
		return err
	}
	pool := train.NewPool(b)
	defer pool.Close()
	pool.Devices, pool.Watch = o.devices, study.Compiling(report)
	run := train.Run{Dir: o.dir, Recipe: o.recipe, Train: training, Validation: validation, Classes: pictures.Source.Classes(),
		Report: study.TrainingReport(o.reporter(report), filepath.Base(o.dir), o.recipe.Epochs), Sizes: pictures.Sizes()}
	if _, err := pool.Fit(c.Context(), run); err != nil {
		return goesOn(err)
	}
	model, err := pool.Best(o.dir, from.data.Size)
	if err != nil {
		return err
	}
	if err := predictions.WriteClasses(o.dir, pictures.Source.Classes()); err != nil {
		return err
	}
	best := study.Predictor{Pictures: pictures, Model: model, Mirror: o.recipe.Mirror}
	for _, split := range folder.Splits {
		path := filepath.Join(o.dir, string(split)+".csv")
		err := best.Write(c.Context(), split, path, dataset.PredictOptions{Batch: o.recipe.Batch, Progress: progress(report, "predictions on "+string(split))})
		if err != nil {
			return goesOn(err)
		}
	}
	if err := o.finish(); err != nil {
		return err
	}
	report.Say("%s: %s, predictions in train.csv, validation.csv, test.csv", o.dir, train.ResultFile(o.recipe))
	return nil
}

// trust looks at a teacher before it teaches.
func (o trainOptions) trust(pictures *study.Collection, report *reporter) error {
	if o.labels == nil || o.labels.Rule != nil && !o.labels.Rule.NeedsTeacher() {
		return nil
	}
	predicted, err := predictions.Read(o.labels.Path(predictions.Train))
	if err != nil {
		return err
	}
	return pictures.Trust(predicted, o.anyTeacher, report)
}

func progress(report *reporter, what string) dataset.Progress {
	return func(done, total int) { report.Progress(what, done, total) }
}

func printJSON(w io.Writer, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(w, string(text))
	return err
}
