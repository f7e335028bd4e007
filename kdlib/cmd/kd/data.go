package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"distillation/kdlib/images"
	"distillation/kdlib/images/synth"
	"distillation/kdlib/internal/download"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
	"distillation/kdlib/study/folder"

	"github.com/spf13/cobra"
)

func dataCommand() *cobra.Command {
	return group("data", "Pictures: fetch, check, decode, split, draw", fetchCommand(), checkCommand(), decodeCommand(), splitCommand(), synthCommand())
}

func fetchCommand() *cobra.Command {
	file := download.Microsoft
	var out string
	c := &cobra.Command{
		Use:   "fetch",
		Short: "Download Microsoft's public copy of Dogs vs. Cats; goes on where it stopped",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			report := newReporter(c.ErrOrStderr())
			defer report.clear()
			err := download.Download(c.Context(), file, out,
				func(done, total int64) { report.Progress("download", int(done), int(total)) })
			if err != nil {
				return err
			}
			report.Say("%s: complete, checksum right", out)
			return nil
		},
	}
	c.Flags().StringVar(&file.URL, "url", file.URL, "where to download from")
	c.Flags().StringVar(&file.Sum, "sha256", file.Sum, "checksum of the whole file")
	c.Flags().StringVar(&out, "out", "datasets/"+filepath.Base(file.URL), "file to write")
	return c
}

// layoutFlag lets a user choose where two ways to tell the classes disagree.
func layoutFlag(c *cobra.Command, to *images.Layout) {
	c.Flags().StringVar((*string)(to), "layout", "", "where labels come from, if all files together do not decide it: "+
		"names (cat.0.jpg), folders (the two uppermost) or parents (each picture's own folder)")
}

// groupFlag keeps pictures that are the same in one set of a split that is drawn.
func groupFlag(c *cobra.Command, to *bool, usual bool) {
	c.Flags().BoolVar(to, "group-duplicates", usual, "keep pictures with the same pixels in one set of a new split")
}

func checkCommand() *cobra.Command {
	var layout images.Layout
	c := &cobra.Command{
		Use:   "check PICTURES",
		Short: "Decode every picture of a folder, zip or tar and list the broken ones",
		Args:  oneArgument,
		RunE: func(c *cobra.Command, args []string) error {
			return withSource(args[0], layout, func(source *images.Source) error {
				report := newReporter(c.ErrOrStderr())
				defer report.clear()
				problems, duplicates, err := check(c.Context(), source, report)
				if err != nil {
					return err
				}
				defer printDuplicates(c.OutOrStdout(), source, duplicates, setsOf(source))
				return printCheck(c.OutOrStdout(), args[0], source, append(source.Problems(), problems...))
			})
		},
	}
	layoutFlag(c, &layout)
	return c
}

func decodeCommand() *cobra.Command {
	o := study.CollectionOptions{}
	c := &cobra.Command{
		Use:   "decode PICTURES",
		Short: "Decode the pictures of a folder, zip or tar for later commands, and do no more",
		Long: `Decodes pictures into the folder --cache, where training and predictions at these sizes find them: the first job of several
processes that share the folder. "kd study --plan" prints the sizes that a study needs. What is decoded already stays.`,
		Args: oneArgument,
		RunE: func(c *cobra.Command, args []string) error {
			report := newReporter(c.ErrOrStderr())
			defer report.clear()
			o.Pictures, o.Report = args[0], report
			for _, size := range o.Sizes {
				if !sizes.ok(size) {
					return usagef("data decode: --size: got %d, want %s", size, sizes.text)
				}
			}
			pictures, err := study.Decode(c.Context(), o)
			if err != nil {
				return err
			}
			report.clear()
			fmt.Fprintf(c.OutOrStdout(), "%s: %d pictures at the sizes %v\n", o.CacheDir, pictures, o.Sizes)
			return nil
		},
	}
	c.Flags().IntSliceVar(&o.Sizes, "size", []int{recipe.Reduced.Data.Size}, "width and height of the pictures; several, apart by commas")
	c.Flags().StringVar(&o.CacheDir, "cache", cacheDir, "folder of decoded pictures")
	layoutFlag(c, &o.Data.Layout)
	return c
}

func withSource(path string, layout images.Layout, fn func(*images.Source) error) error {
	source, err := images.OpenAs(path, layout)
	if err != nil {
		return err
	}
	defer source.Close()
	return fn(source)
}

// check decodes every picture and returns those that cannot be, and the groups of identical ones.
func check(ctx context.Context, source *images.Source, report *reporter) (problems []images.Problem, duplicates [][]string, err error) {
	defer report.clear()
	return images.Inspect(ctx, source, progress(report, "decode"))
}

// setsOf are the sets of pictures that were split already.
func setsOf(source *images.Source) (m images.Manifest) {
	for _, p := range source.Pictures() {
		if p.Split != "" {
			m = append(m, images.Entry{ID: p.ID, Split: p.Split})
		}
	}
	return m
}

// printDuplicates says how many groups of identical pictures there are, how many of them are in both classes and, of a split, how
// many are in several sets.
func printDuplicates(w io.Writer, source *images.Source, groups [][]string, split images.Manifest) {
	if len(groups) == 0 {
		return
	}
	pictures := 0
	for _, group := range groups {
		pictures += len(group)
	}
	fmt.Fprintf(w, "%d pictures are identical to others, in %d groups%s\n", pictures, len(groups), listed(groups))
	if both := inBoth(source, groups); len(both) > 0 {
		fmt.Fprintf(w, "%d of these groups are in both classes%s\n", len(both), listed(both))
	}
	if split != nil {
		crossing := split.Crossing(groups)
		fmt.Fprintf(w, "%d of these groups are in several sets%s\n", len(crossing), listed(crossing))
	}
}

// inBoth returns the groups that have pictures of both classes.
func inBoth(source *images.Source, groups [][]string) (both [][]string) {
	labels := map[string]int{}
	for _, p := range source.Pictures() {
		labels[p.ID] = p.Label
	}
	for _, group := range groups {
		if slices.ContainsFunc(group, func(id string) bool { return labels[id] != labels[group[0]] }) {
			both = append(both, group)
		}
	}
	return both
}

// listed names some groups: ": cat.1 = cat.7, dog.2 = dog.3, ...".
func listed(groups [][]string) string {
	const most = 5
	var names []string
	for _, group := range groups[:min(most, len(groups))] {
		names = append(names, strings.Join(group, " = "))
	}
	if len(groups) > most {
		names = append(names, "...")
	}
	if len(names) == 0 {
		return ""
	}
	return ": " + strings.Join(names, ", ")
}

func printCheck(w io.Writer, path string, source *images.Source, problems []images.Problem) error {
	second := 0
	for _, p := range source.Pictures() {
		second += p.Label
	}
	total, classes := len(source.Pictures()), source.Classes()
	fmt.Fprintf(w, "%d pictures: %d %s (0), %d %s (1); %d other files ignored; %d broken\n",
		total, total-second, classes[0], second, classes[1], source.Ignored(), len(problems))
	fmt.Fprintln(w, source.Layout())
	for _, note := range source.Notes() {
		fmt.Fprintln(w, note)
	}
	for _, p := range problems {
		fmt.Fprintln(w, p)
	}
	for label, n := range [2]int{total - second, second} {
		if n == 0 {
			return fmt.Errorf("data check: %s: got no %s (%d) among %d pictures, want both classes", path, classes[label], label, total)
		}
	}
	return nil
}

func splitCommand() *cobra.Command {
	var data recipe.Data
	var out, without string
	c := &cobra.Command{
		Use:   "split PICTURES",
		Short: "Write a balanced 70/15/15 split as a manifest (id,set,label)",
		Long: `Draws the split that a study draws of the same pictures. Every picture takes part; those that cannot be decoded are then left
out. Pictures in folders train, val and test keep their sets; one of the latter two that is missing is drawn from train. Says how
many groups of identical pictures are in several sets; with --group-duplicates, as with "group_duplicates" in a study's recipe,
none is. --without leaves the pictures of a file out, such as those that "kd labels" lists and you have looked at; all others come into
the sets where they would be with them. A file that holds something else is not replaced.`,
		Args: oneArgument,
		RunE: func(c *cobra.Command, args []string) error {
			return withSource(args[0], data.Layout, func(source *images.Source) error {
				if err := keepsSets(c, source); err != nil {
					return err
				}
				unwanted, err := readUnwanted(without, source)
				if err != nil {
					return err
				}
				manifest, leftOut, duplicates, err := split(c, source, data, unwanted)
				if err != nil {
					return fmt.Errorf("data split: %s: %w", args[0], err)
				}
				if err := makeFolder(out); err != nil {
					return err
				}
				if err := writeNew(manifest, out); err != nil {
					return fmt.Errorf("data split: --out: %w", err)
				}
				news := ""
				if n := leftOut - len(unwanted); n > 0 {
					news = fmt.Sprintf("; %d left out, which cannot be read", n)
				}
				if without != "" {
					news += fmt.Sprintf("; %d left out, which %s names", len(unwanted), without)
				}
				fmt.Fprintf(c.OutOrStdout(), "%s: %d train, %d validation, %d test%s\n", out,
					len(manifest.Of(predictions.Train)), len(manifest.Of(predictions.Validation)), len(manifest.Of(predictions.Test)), news)
				printDuplicates(c.OutOrStdout(), source, duplicates, manifest)
				return nil
			})
		},
	}
	c.Flags().Var(wholeNumber(&data.Pictures, 0, pictureCounts), "n", "number of pictures, balanced (0: all)")
	c.Flags().Uint64Var(&data.Seed, "seed", recipe.Paper.Data.Seed, "seed of the choice")
	c.Flags().StringVar(&out, "out", "datasets/"+folder.ManifestFile, "file to write")
	c.Flags().StringVar(&without, "without", "", "CSV file whose column id names pictures to leave out")
	layoutFlag(c, &data.Layout)
	groupFlag(c, &data.GroupDuplicates, false)
	return c
}

// readUnwanted reads the names of pictures that are to be left out, by their paths; "" names none.
func readUnwanted(path string, source *images.Source) (map[string]bool, error) {
	unwanted := map[string]bool{}
	if path == "" {
		return unwanted, nil
	}
	rows, err := predictions.ReadColumns(path, predictions.Columns{Needed: []string{predictions.ColumnID}})
	if err != nil {
		return nil, fmt.Errorf("data split: --without: %w", err)
	}
	places := map[string]string{}
	for _, p := range source.Pictures() {
		places[p.ID] = p.Path
	}
	for _, row := range rows {
		if places[row.ID] == "" {
			return nil, fmt.Errorf("data split: --without: %s: got the picture %q, want one of the %d", path, row.ID, len(places))
		}
		unwanted[places[row.ID]] = true
	}
	return unwanted, nil
}

// split draws a split as a study does: without the pictures that it would not get to see, and without unwanted ones, by their
// paths, which take part in the draw like them.
func split(c *cobra.Command, source *images.Source, data recipe.Data, unwanted map[string]bool) (m images.Manifest, leftOut int, duplicates [][]string, err error) {
	problems, duplicates, err := check(c.Context(), source, newReporter(c.ErrOrStderr()))
	if err != nil {
		return nil, 0, nil, err
	}
	broken := maps.Clone(unwanted)
	for _, p := range problems {
		broken[p.Path] = true
	}
	var groups [][]string
	if data.GroupDuplicates {
		groups = duplicates
	}
	m, leftOut, err = images.SplitReadable(source.Pictures(), func(p images.Picture) bool { return !broken[p.Path] }, images.SplitOptions{N: data.Pictures, Seed: data.Seed, Groups: groups})
	return m, leftOut, duplicates, err
}

// writeNew writes a split to a file that is not there. One that holds the same split stays; another would be lost, and with it
// what was trained on it could not be tested any more.
func writeNew(m images.Manifest, path string) error {
	old, err := images.ReadManifest(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return m.Write(path)
	case err != nil:
		return fmt.Errorf("want a new file, or one with this split: %w", err)
	case !slices.Equal(old, m):
		return fmt.Errorf("%s: holds another split, of %d pictures: want a new file, or one with this split of %d", path, len(old), len(m))
	}
	return nil
}

// enoughForBound faces are so many that what holds of faces on average says something of them.
const enoughForBound = 100

func synthCommand() *cobra.Command {
	var n, size int
	var seed uint64
	var out string
	var classes []string
	c := &cobra.Command{
		Use:   "synth",
		Short: "Draw faces of cats and dogs whose true probability of \"dog\" is known",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := makeFolder(out); err != nil {
				return err
			}
			if err := writeFaces(c.Context(), out, classes, synth.Faces{N: n, Size: size, Seed: seed}); err != nil {
				return err
			}
			bound := ""
			if n >= enoughForBound {
				bound = fmt.Sprintf("; no model can err on less than %.1f %% of them", 100*synth.BayesError())
			}
			fmt.Fprintf(c.OutOrStdout(), "%s: %d faces of %dx%d%s\n", out, n, size, size, bound)
			return nil
		},
	}
	c.Flags().Var(wholeNumber(&n, 2000, whole(1, synth.MaxFaces)), "n", "number of faces, half of them dogs")
	c.Flags().Var(wholeNumber(&size, 64, whole(synth.MinSize, synth.MaxSize)), "size", "width and height")
	c.Flags().Uint64Var(&seed, "seed", 1, "seed of the drawing")
	c.Flags().StringVar(&out, "out", "datasets/synth.tar", "folder or .tar to write")
	c.Flags().StringSliceVar(&classes, "classes", nil, "two names, for two folders of pictures in out (default: cat.0.jpg, dog.0.jpg, ...)")
	return c
}

func writeFaces(ctx context.Context, out string, classes []string, faces synth.Faces) error {
	switch len(classes) {
	case 0:
		return synth.Write(ctx, out, faces)
	case 2:
		return synth.WriteFolders(ctx, out, [2]string(classes), faces)
	}
	return usagef("data synth: --classes: got %q, want two names", classes)
}
