package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/template"

	"distillation/kdlib/bench"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/report"
	"distillation/kdlib/report/claims"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/table"
)

var update = flag.Bool("update", false, "write README.md and figures/README.md anew from the committed results")

// What stands between marks in README.md and figures/README.md is made of the committed results and measurements: the texts by the
// templates of testdata, so that no number in them is written by hand.
func TestReadmeShowsTheResults(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	run, err := report.Open(filepath.Join(root, defaultRun))
	if err != nil {
		t.Fatal(err)
	}
	checkPage(t, filepath.Join(root, "README.md"), "the results", fillTemplate(t, "readme.md.tmpl", page{root, run}))
	figures := filepath.Join(root, "figures", "README.md")
	checkPage(t, figures, "the results", fillTemplate(t, "figures.md.tmpl", page{root, run}))
	peers := filepath.Join(root, "figures", "speed", "peers.csv")
	lines, err := bench.Read(peers)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := writeTables(&b, peers, lines); err != nil {
		t.Fatal(err)
	}
	checkPage(t, figures, "speed", strings.TrimSuffix(b.String(), "\n"))
}

// "kd score" on a committed model's predictions gives the accuracy that README shows.
func TestScoreGivesReadmesAccuracies(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	run, err := report.Open(filepath.Join(root, defaultRun))
	if err != nil {
		t.Fatal(err)
	}
	for _, model := range run.MainModels() {
		out, err := kd("score", folder.PredictionPath(run.Dir, model, predictions.Test))
		if err != nil {
			t.Fatal(err)
		}
		var n int
		var accuracy float64
		if _, err := fmt.Sscanf(out, "n,accuracy,loss,uncertainty\n%d,%g,", &n, &accuracy); err != nil {
			t.Fatalf("%q: %v", out, err)
		}
		row := regexp.MustCompile(fmt.Sprintf(`(?m)^\| %s \| [^|]+ \| %.5f \|`, model, accuracy))
		if !row.Match(readme) {
			t.Errorf("%s: README has no row with its accuracy %.5f", model, accuracy)
		}
	}
}

// The study on all pictures never took more memory than README says.
func TestStudyStaysBelowItsMemory(t *testing.T) {
	const bound, said = 4 << 30, "less than 4 GiB of memory"
	root := filepath.Join("..", "..", "..")
	run, err := report.Open(filepath.Join(root, defaultRun))
	if err != nil {
		t.Fatal(err)
	}
	sessions, err := run.Sessions()
	if err != nil {
		t.Fatal(err)
	}
	var most int64
	for _, s := range sessions {
		most = max(most, s.Peak)
	}
	if most <= 0 || most >= bound {
		t.Errorf("got a peak of %d bytes, want above 0 and below %d", most, int64(bound))
	}
	if readme, err := os.ReadFile(filepath.Join(root, "README.md")); err != nil || !strings.Contains(string(readme), said) {
		t.Errorf("README does not say %q, %v", said, err)
	}
}

// figures/ is what "kd figures" makes of the committed results and measurements, byte for byte.
func TestFiguresAreTheResults(t *testing.T) {
	made := t.TempDir()
	t.Chdir(filepath.Join("..", "..", ".."))
	if err := os.CopyFS(filepath.Join(made, "speed"), os.DirFS(filepath.Join("figures", "speed"))); err != nil {
		t.Fatal(err) // the figure of growth is made of measurements that lie beside it
	}
	commands := [][]string{{"figures", "--out", made}}
	for _, study := range []string{recipe.Long.Name, recipe.Seeds.Name, recipe.Deep.Name} {
		commands = append(commands, []string{"figures", filepath.Join(filepath.Dir(defaultRun), study), "--out", filepath.Join(made, study)})
	}
	var all sync.WaitGroup // one after the other would take twice as long
	for _, args := range commands {
		all.Go(func() {
			if _, err := kd(args...); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	few, err := report.Open(filepath.Join(filepath.Dir(defaultRun), "few")) // of whose tables one is quoted, and kept
	if err != nil {
		t.Fatal(err)
	}
	seeds := report.NamedTable{File: "more_seeds.csv", Make: few.SpreadTable}
	if err := seeds.Save(filepath.Join(made, "few", "tables")); err != nil {
		t.Fatal(err)
	}
	files := 0
	err = filepath.WalkDir(made, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		name, err := filepath.Rel(made, path)
		if err != nil {
			return err
		}
		want, err1 := os.ReadFile(path)
		got, err2 := os.ReadFile(filepath.Join("figures", name))
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		if !bytes.Equal(got, want) {
			t.Errorf("figures/%s is not that of the results; make it again with: go tool kd figures (see figures/README.md)", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 60 {
		t.Errorf("got %d files, want all tables and figures", files)
	}
	err = filepath.WalkDir("figures", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || slices.Contains(byHand, path) {
			return err
		}
		name, err := filepath.Rel("figures", path)
		if err != nil {
			return err
		}
		if _, err := os.Stat(filepath.Join(made, name)); err != nil {
			t.Errorf("%s is made by nothing; remove it", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// byHand are the files of figures/ that "kd figures" does not make: figures/README.md says where they come from.
var byHand = []string{filepath.Join("figures", "README.md"), filepath.Join("figures", "what_if.png"),
	filepath.Join("figures", "portable", "measure.py"), filepath.Join("figures", "portable", "portable.csv")}

// checkPage compares, or with -update replaces, what is between the two marks of that name.
func checkPage(t *testing.T, path, name, want string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- tables of "+name+": begin -->\n", "<!-- tables of "+name+": end -->\n"
	before, rest, ok1 := strings.Cut(string(text), begin)
	shown, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("%s: its marks %q and %q are missing", path, begin, end)
	}
	if shown == want {
		return
	}
	if !*update {
		t.Fatalf("%s shows something else of %s (rewrite it with: go test ./kdlib/cmd/kd -run Readme -update): got\n%s\nwant\n%s", path, name, shown, want)
	}
	if err := os.WriteFile(path, []byte(before+begin+want+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

func fillTemplate(t *testing.T, name string, p page) string {
	t.Helper()
	functions := template.FuncMap{"cell": p.cell, "interval": p.interval, "seeds": p.seeds, "models": p.models, "differs": p.differs,
		"summary": p.summary, "timing": p.timing, "totals": p.totals, "sittings": p.sittings, "claims": p.claims}
	tmpl, err := template.New(name).Funcs(functions).ParseFiles(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := tmpl.Execute(&b, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// page is what the templates take their numbers from.
type page struct {
	root string
	run  *report.Study
}

// cell is a number of a committed table of a folder of figures, rounded; place holds the row's cells and the column, separated by " / ".
func (p page) cell(figures, name, place string, decimals int) (string, error) {
	text, err := p.text(figures, name, place)
	if err != nil {
		return "", err
	}
	value, err := strconv.ParseFloat(text, 64)
	return strconv.FormatFloat(value, 'f', decimals, 64), err
}

func (p page) text(figures, name, place string) (string, error) {
	keys := strings.Split(place, " / ")
	last := len(keys) - 1
	return table.ReadCell(filepath.Join(p.root, filepath.FromSlash(figures), "tables", name+".csv"), keys[last], keys[:last]...)
}

// interval is a cell of an interval, to two decimals.
func (p page) interval(figures, name, place string) (string, error) {
	text, err := p.text(figures, name, place)
	if err != nil {
		return "", err
	}
	var low, high float64
	_, err = fmt.Sscanf(text, "%g to %g", &low, &high)
	return fmt.Sprintf("%.2f to %.2f", low, high), err
}

// seeds is the mean accuracy of one kind of student over its seeds with its standard deviation.
func (p page) seeds(model string) (string, error) {
	mean, err1 := p.cell("figures/seeds", "more_seeds", model+" / accuracy (12) / mean", 3)
	deviation, err2 := p.cell("figures/seeds", "more_seeds", model+" / accuracy (12) / standard deviation", 3)
	return mean + " ± " + deviation, errors.Join(err1, err2)
}

// models is the summary without differences and intervals.
func (p page) models() (string, error) {
	whole, err := p.run.SummaryTable()
	if err != nil {
		return "", err
	}
	chosen := []int{0, 1, 2, 3, 5, 6} // model, learned from, accuracy, printed, unc, printed
	var short table.Table
	for _, i := range chosen {
		short.Columns = append(short.Columns, whole.Columns[i])
	}
	for _, row := range whole.Rows {
		cells := make([]string, len(chosen))
		for at, i := range chosen {
			cells[at] = row[i]
		}
		short.Add(cells...)
	}
	return markdown(short, nil)
}

func (p page) differs() string          { return strings.Join(p.run.Recipe.Differences(), "; ") }
func (p page) summary() (string, error) { return markdown(p.run.SummaryTable()) }
func (p page) timing() (string, error)  { return markdown(p.run.TimingTable()) }

func (p page) totals() (string, error) { return markdown(p.run.TotalsTable()) }

func (p page) sittings() (string, error) {
	return markdown(report.SittingsIn(filepath.Join(p.root, filepath.Dir(defaultRun))))
}

func (p page) claims() (string, error) {
	all, err := claims.Of(p.run.Study)
	if err != nil {
		return "", err
	}
	verdicts := table.Table{Columns: []table.Column{table.Number("claim"), table.Text("part"), table.Text("verdict"), table.Number("p"), table.Number("p adjusted"), table.Text("the numbers")}}
	for _, c := range all {
		tested, adjusted := c.PCells()
		verdicts.Add(fmt.Sprint(c.Number), c.Claim, c.Outcome(), tested, adjusted, c.Evidence)
	}
	return markdown(verdicts, nil)
}

func markdown(t table.Table, err error) (string, error) {
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.WriteMarkdown(&b)
	return b.String(), err
}

// README's block about a study of one's own works as it is pasted, and writes where it says. With fewer pictures it takes a minute or
// two: KDLIB_E2E=1 go test -run Pasted ./kdlib/cmd/kd
func TestOwnStudyIsPasted(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	lines := pasted(t, root)
	if len(lines) < 5 || !slices.Contains(lines[0], "200") {
		t.Fatalf("README has no block that begins with drawing 200 faces: %q", lines)
	}
	if os.Getenv("KDLIB_E2E") != "1" {
		t.Skip("takes minutes; set KDLIB_E2E=1 to run it")
	}
	xlatest.Backend(t)
	t.Chdir(t.TempDir())
	if err := errors.Join(os.Mkdir("datasets", 0o755), os.Symlink(filepath.Join(root, "datasets", "weights"), filepath.Join("datasets", "weights"))); err != nil {
		t.Fatal(err)
	}
	lines[0][slices.Index(lines[0], "200")] = "20"
	var said bytes.Buffer
	for _, args := range lines {
		if err := run(t.Context(), &said, &said, args); err != nil {
			t.Fatalf("%q: %v\n%s", args, err, &said)
		}
	}
	for _, want := range []string{"3 students, 100 epochs each: about 1 minutes", "the results are in datasets/runs/own", "own.html: ", "id,p\ncat.0.jpg,0."} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("said\n%s\nwant %q in it", &said, want)
		}
	}
	for path, want := range map[string]string{".": "[datasets]", "datasets": "[cache runs weights]"} {
		entries, err := os.ReadDir(path)
		var names []string
		for _, e := range entries {
			names = append(names, e.Name())
		}
		if got := fmt.Sprint(names); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", path, got, err, want)
		}
	}
}

// pasted are the words after "go tool kd" of each line in README's block about a study of one's own, its variables filled in.
func pasted(t *testing.T, root string) (lines [][]string) {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(readme), "\n## Your own pictures, your own teacher\n")
	_, block, _ := strings.Cut(section, "```sh\n")
	block, _, _ = strings.Cut(block, "```\n")
	values := map[string]string{}
	for line := range strings.Lines(block) {
		line, _, _ = strings.Cut(line, " #")
		line = strings.TrimSpace(os.Expand(line, func(name string) string { return values[name] }))
		words, isCommand := strings.CutPrefix(line, "go tool kd ")
		name, value, isValue := strings.Cut(line, "=")
		switch {
		case isCommand:
			lines = append(lines, strings.Fields(words))
		case isValue:
			values[name] = value
		case line != "":
			t.Fatalf("README's block has the line %q, want a command of kd", line)
		}
	}
	return lines
}
