package nbcheck

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// constants are numbers of three or more decimals that nobody measured.
var constants = []string{
	"0.001",                                                               // 1 - beta_2 of Adam
	"0.000001",                                                            // a small gradient of notebook 11
	"0.003",                                                               // the paper's limit for the hard chain's uncertainty
	"0.015",                                                               // the paper's limit for inner bins
	"0.005", "0.0045", "0.0055", "0.00500", "0.0029", "0.0001", "0.00027", // notebook 10: what a rounded number may have been
	"0.999", // beta_2, and a prediction that is given as an example
	"0.008", // a shift of less than half a pixel
}

// Every number in the project's texts is in its tables or in the paper's.
func TestNumbersInTextsAreMeasured(t *testing.T) {
	known := append(constants, printed(t)...)
	for _, page := range append(notebooks(t, folder), notebooks(t, filepath.Join(folder, "solutions"))...) {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		text, err := prose(data)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range QuoteFaults(text, filepath.Dir(page), known) {
			t.Errorf("%s: %s", page, fault)
		}
	}
	root := filepath.Dir(folder)
	for _, page := range []string{"README.md", "figures/README.md", "datasets/README.md", "notebooks/README.md"} {
		data, err := os.ReadFile(filepath.Join(root, page))
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range QuoteFaults(string(data), filepath.Dir(filepath.Join(root, page)), known) {
			t.Errorf("%s: %s", page, fault)
		}
	}
}

// printed are the numbers of the paper's tables as they are printed.
func printed(t *testing.T) []string {
	t.Helper()
	tables, err := filepath.Glob(filepath.Join("..", "..", "..", "paper", "*.csv"))
	if err != nil || len(tables) == 0 {
		t.Fatalf("got tables %q, %v", tables, err)
	}
	var all []string
	for _, path := range tables {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, regexp.MustCompile(`\d+\.\d+`).FindAllString(string(text), -1)...)
	}
	return all
}

func TestQuoteFaults(t *testing.T) {
	dir := t.TempDir()
	table := "model,set,accuracy,printed\nsoft,test,0.87163,0.96320\nsoft,train,0.90000,\nhard,test,-0.00400,n/a\n"
	if err := os.WriteFile(filepath.Join(dir, "t.csv"), []byte(table), 0o644); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{ // "": no fault
		`[0.87163](t.csv "soft / test / accuracy")`:               "",
		`[0.872](t.csv "soft / test / accuracy")`:                 "",
		`[87.2 %](t.csv "soft / test / accuracy")`:                "",
		`[0.871](t.csv "soft / test / accuracy")`:                 `the table has "0.87163"`,
		`[0.4 %](t.csv "hard / test / accuracy")`:                 `the table has "-0.00400"`,
		`[-0.4 %](t.csv "hard / test / accuracy")`:                "",
		`[n/a](t.csv "hard / test / printed")`:                    "",
		`[better](t.csv "hard / test / printed")`:                 `the table has "n/a"`,
		`[0.9](t.csv "soft / accuracy")`:                          `got 2 rows`,
		`[0.9](t.csv "soft / test / accurate")`:                   `got column "accurate"`,
		`[0.9](u.csv "soft / test / accurate")`:                   `u.csv`,
		"It reaches 0.87163.":                                     "0.87163: neither quoted",
		"It printed 0.96320; see `0.12345` and $0.001$, or 0.25.": "",
	} {
		got := strings.Join(QuoteFaults(text, dir, []string{"0.96320"}), "; ")
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}
