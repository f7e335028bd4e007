package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The committed page and figure are what the command makes: the table word for word, of the figure all but the last digits of its numbers,
// which differ between processors.
func TestPageIsAsMade(t *testing.T) {
	var made bytes.Buffer
	if err := tableOf(plan()).WriteMarkdown(&made); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), made.String()) {
		t.Errorf("the page has not the table\n%s", made.String())
	}
	figure := filepath.Join(t.TempDir(), "makespan.svg")
	if err := draw(plan(), figure); err != nil {
		t.Fatal(err)
	}
	decimals := regexp.MustCompile(`\.[0-9]+`)
	var texts [2]string
	for i, path := range []string{figure, filepath.Join("..", "makespan.svg")} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = decimals.ReplaceAllString(string(text), "")
	}
	if texts[0] != texts[1] {
		t.Error("makespan.svg is not the figure: go run ./kernel-setup/cluster/makespan draws it")
	}
}
