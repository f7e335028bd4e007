package live

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"distillation/kdlib/predictions"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
)

func ExampleRead() {
	choice, err := Read(`{"threshold":0.35,"binWidth":0.02,"models":["soft"],"set":"test","labels":"hand","log":true}`)
	fmt.Println(choice.Threshold, choice.Models, choice.Split, err)
	choice, err = Read("") // nobody answered
	fmt.Println(choice.Threshold, choice.Models, choice.Split, err)
	// Output:
	// 0.35 [soft] test <nil>
	// 0.5 [teacher classical hard soft] validation <nil>
}

func TestReadErrors(t *testing.T) {
	const good = `{"threshold":0.5,"binWidth":0.05,"models":["soft"],"set":"test","labels":"hand","log":false}`
	if _, err := Read(good); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ old, new, want string }{
		{"0.5", "1.5", "threshold: got 1.5"},
		{"0.05", "0.3", "bin width: got 0.3"},
		{"test", "all", `set: got "all"`},
		{"hand", "foot", `labels: got "foot"`},
		{`"soft"`, "", "none is ticked on the page; tick one"},
		{"log", "logarithmic", "logarithmic"},
		{"}", `,"falsePositive":-1}`, "cost of a mistake: got -1"},
		{"}", `,"dogs":1}`, "share of dogs: got 1"},
		{"}", `,"low":0.7}`, "withheld: got predictions from 0.7 to 0.5"},
		{"}", "", "unexpected EOF"},
	} {
		if _, err := Read(strings.Replace(good, test.old, test.new, 1)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: error %v, want %q in it", test.new, err, test.want)
		}
	}
}

func openStudy(t testing.TB) *analysis.Study {
	t.Helper()
	return open(t, study)
}

func open(t testing.TB, dir string) *analysis.Study {
	t.Helper()
	run, err := analysis.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// The numbers in the page are those on disk, to the bit.
func TestPageHoldsTheNumbersExactly(t *testing.T) {
	run := openStudy(t)
	page, err := New(run, folder.Splits...)
	if err != nil {
		t.Fatal(err)
	}
	d := page.data
	for _, m := range d.Models {
		for i, s := range d.Splits {
			table, err := run.Predictions(m.Name, s.Name)
			if err != nil {
				t.Fatal(err)
			}
			if got := unpack(t, d.Arrays[m.P[i]]); !reflect.DeepEqual(got, table.P()) {
				t.Errorf("%s %s: predictions differ", m.Name, s.Name)
			}
			if got := unpack(t, d.Arrays[s.Labels]); !reflect.DeepEqual(got, table.Labels()) {
				t.Errorf("%s: labels differ", s.Name)
			}
			if m.Training == nil {
				continue
			}
			labels, err := run.TrainingLabels(m.Name, s.Name)
			if err != nil {
				t.Fatal(err)
			}
			if got := unpack(t, d.Arrays[m.Training[i]]); !reflect.DeepEqual(got, labels) {
				t.Errorf("%s %s: training labels differ", m.Name, s.Name)
			}
		}
	}
}

// unpack reads what pack writes.
func unpack(t testing.TB, text string) []float64 {
	t.Helper()
	name, encoded, _ := strings.Cut(text, ":")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatal(err)
	}
	var values []float64
	switch name {
	case "Uint8":
		for _, b := range raw {
			values = append(values, float64(b))
		}
	case "Uint16":
		for ; len(raw) > 0; raw = raw[2:] {
			values = append(values, float64(binary.LittleEndian.Uint16(raw)))
		}
	case "Float32":
		for ; len(raw) > 0; raw = raw[4:] {
			values = append(values, float64(math.Float32frombits(binary.LittleEndian.Uint32(raw))))
		}
	case "Float64":
		for ; len(raw) > 0; raw = raw[8:] {
			values = append(values, math.Float64frombits(binary.LittleEndian.Uint64(raw)))
		}
	default:
		t.Fatalf("type %q", name)
	}
	return values
}

func TestPackTakesTheSmallestExactType(t *testing.T) {
	for _, test := range []struct {
		want   string
		values []float64
	}{
		{"Uint8:", []float64{0, 1, 1}},
		{"Uint16:", []float64{0, 12499, 65535}},
		{"Float32:", []float64{0, float64(float32(0.1)), 1}},
		{"Float64:", []float64{0, 0.1, 1}},
	} {
		got := pack(test.values)
		if !strings.HasPrefix(got, test.want) || !reflect.DeepEqual(unpack(t, got), test.values) {
			t.Errorf("%v: got %q, want %s...", test.values, got, test.want)
		}
	}
}

// fromNetwork is what would make a browser load something.
var fromNetwork = regexp.MustCompile(`(?i)<link|<script[^>]*\ssrc|\b(src|href)\s*=|@import|url\(|\bfetch\(|XMLHttpRequest|WebSocket|\bimport\(`)

func TestPageIsSelfContained(t *testing.T) {
	page, err := New(openStudy(t))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := page.WriteDocument(&b); err != nil {
		t.Fatal(err)
	}
	html := b.String()
	if found := fromNetwork.FindString(html); found != "" {
		t.Errorf("the page has %q", found)
	}
	if open, shut := strings.Count(html, "<script"), strings.Count(html, "</script"); open != 1 || shut != 1 {
		t.Errorf("%d scripts begin, %d end, want one", open, shut)
	}
	for _, want := range []string{"The MIT License (MIT)", "uPlot (v1.6.32)", `data-lm-suppress-shortcuts="true"`, `study reduced</title>`, "4,000 of the 25,000 pictures"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	t.Logf("%d bytes", len(html))
}

func TestNameCannotEndTheScript(t *testing.T) {
	page, err := New(openStudy(t))
	if err != nil {
		t.Fatal(err)
	}
	const name = `</script>"'\`
	if n := strings.Count(page.Fragment(name), "</script"); n != 1 {
		t.Errorf("%d scripts end, want one", n)
	}
	if q := Question(name); strings.Contains(q, "</script") {
		t.Errorf("question %s ends its script", q)
	}
}

// The files are those of the package uplot 1.6.32 of the npm registry.
func TestUPlotIsAsPublished(t *testing.T) {
	for file, want := range map[string]string{
		"uPlot.iife.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
		"uPlot.min.css":     "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
		"LICENSE":           "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
	} {
		text, err := os.ReadFile(filepath.Join("uplot", file))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(text)); got != want {
			t.Errorf("uplot/%s: SHA-256 %s, want %s", file, got, want)
		}
	}
}

// copyStudy copies the committed study's predictions on some sets to a folder that a test may change.
func copyStudy(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	keep := regexp.MustCompile(`(^|/)(study\.json|(validation|test)\.csv)$`)
	err := filepath.WalkDir(study, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !keep.MatchString(filepath.ToSlash(path)) {
			return err
		}
		rel, _ := filepath.Rel(study, path)
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, rel)), 0o755); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, rel), text, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestUnfinishedStudy(t *testing.T) {
	dir := copyStudy(t)
	run, err := analysis.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"soft", "soft-1", "soft-2", "hard-2"} {
		if err := os.Remove(folder.PredictionPath(dir, name, predictions.Test)); err != nil {
			t.Fatal(err)
		}
	}
	page, err := New(run)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(page.data.Models), 4; got != want {
		t.Errorf("got %d models, want %d", got, want)
	}
	if got := fmt.Sprint(page.data.Start.Models); got != "[teacher classical hard]" {
		t.Errorf("begins with %s", got)
	}
	if _, err := New(run, predictions.Train); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("no predictions on the train set: error %v, want one with the folder", err)
	}
}

func TestModelsMustAgreeOnPictures(t *testing.T) {
	dir := copyStudy(t)
	run, err := analysis.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	table, err := run.Predictions("hard", predictions.Test)
	if err != nil {
		t.Fatal(err)
	}
	table[0], table[1] = table[1], table[0]
	path := folder.PredictionPath(dir, "hard", predictions.Test)
	if err := predictions.Write(path, table); err != nil {
		t.Fatal(err)
	}
	if _, err := New(run); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, want one with %s", err, path)
	}
}
