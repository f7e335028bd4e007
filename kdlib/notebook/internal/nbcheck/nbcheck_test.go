package nbcheck

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// wantNotebooks is one for each step of the paper.
const wantNotebooks = 10

// folder of the project's notebooks; solutions lie below it under the same names.
const folder = "../../../../notebooks"

// notebooks lists those of a folder.
func notebooks(t *testing.T, folder string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.ipynb"))
	if err != nil || len(paths) < wantNotebooks {
		t.Fatalf("notebooks: %v, error %v, want at least %d", paths, err, wantNotebooks)
	}
	return paths
}

func TestNotebooksOfTheProject(t *testing.T) {
	for _, path := range append(notebooks(t, folder), notebooks(t, filepath.Join(folder, "solutions"))...) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range Faults(data) {
				t.Error(fault)
			}
		})
	}
}

// with is a notebook with one code cell.
func with(source, count, outputs string) string {
	return fmt.Sprintf(`{"cells": [{"id": "a", "cell_type": "code", "source": %q, "execution_count": %s, "outputs": [%s], "metadata": {}}],
		"metadata": {"kernelspec": {"name": "gonb"}}, "nbformat": 4, "nbformat_minor": 5}`, source, count, outputs)
}

func html(content string) string {
	return fmt.Sprintf(`{"output_type": "display_data", "data": {"text/html": [%q]}, "metadata": {}}`, content)
}

func TestFaults(t *testing.T) {
	const run = "%%\nx()\n"
	for _, test := range []struct{ name, notebook, want string }{
		{"good", with(run, "1", html(`<img src="data:image/png;base64,ab/tmp/cd"><a href="01_data.ipynb">`)), ""},
		{"no JSON", "{", "not a notebook"},
		{"version", strings.Replace(with(run, "1", ""), `"nbformat": 4`, `"nbformat": 3`, 1), "nbformat 3.5"},
		{"kernel", strings.Replace(with(run, "1", ""), "gonb", "python3", 1), `kernel "python3"`},
		{"large", with(run, "1", html(strings.Repeat("x", MaxBytes))), "bytes, want at most 1600000"},
		{"id", strings.Replace(with(run, "1", ""), `"id": "a"`, `"id": ""`, 1), `id ""`},
		{"not executed", with(run, "null", ""), "not executed"},
		{"error", with(run, "1", `{"output_type": "error", "ename": "E", "evalue": "v", "traceback": []}`), "output error"},
		{"stderr", with(run, "1", `{"output_type": "stream", "name": "stderr", "text": ["WARNING"]}`), "WARNING"},
		{"script", with(run, "1", html(`<script>x()</script>`)), ""},
		{"script from elsewhere", with(run, "1", html(`<SCRIPT defer src="x.js"></SCRIPT>`)), "from the network: <SCRIPT"},
		{"connection", with(run, "1", html(`<script>new WebSocket("ws:" + host)</script>`)), "from the network: WebSocket("},
		{"picture from the network", with(run, "1", html(`<img src="https://example.org/x.png">`)), "from the network: src="},
		{"no scheme", with(run, "1", html(`<img src='//example.org/x.png'>`)), "from the network: src="},
		{"path in the source", with("%%\nx(\"/home/me/y\")", "1", ""), "source names the machine's folder /home/"},
		{"path in an output", with(run, "1", html("open /tmp/y")), "output names the machine's folder /tmp/"},
		{"loop", with("%%\n  for i := range 3 {\n}", "1", ""), "a loop"},
		{"long cell", with(strings.Repeat("x\n\n", MaxLines+1), "1", ""), "26 lines, want at most 25"},
		{"imports", with("import (\n"+strings.Repeat("\t\"x\"\n", MaxLines)+")\n\nx()", "1", ""), ""},
		{"median", with(strings.Repeat("x\n", MedianLines+1), "1", ""), "median of at most 6"},
	} {
		got := strings.Join(Faults([]byte(test.notebook)), "\n")
		if (test.want == "") != (got == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: faults %q, want %q", test.name, got, test.want)
		}
	}
}
