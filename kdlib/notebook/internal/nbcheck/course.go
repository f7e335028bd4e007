package nbcheck

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// MinExercises is how many exercises a notebook of the course has at least.
const MinExercises = 3

var (
	goals    = regexp.MustCompile(`\*\*Goals\b`)
	runTime  = regexp.MustCompile(`(?i)\brun time\b[^\n]*?\b(\d+) s\b`)
	predict  = regexp.MustCompile(`\*\*Predict\b`)
	summary  = regexp.MustCompile(`(?m)^## Summary$`)
	exercise = regexp.MustCompile(`(?m)^## Exercises$`)
	numbered = regexp.MustCompile(`(?m)^\d+\. `)
	heading  = regexp.MustCompile(`(?m)^## .*\b\d+\b`)
)

// CourseFaults lists what a notebook of the course lacks, a line each. lesson is the notebook's file, solutions that of
// its worked solutions.
func CourseFaults(lesson, solutions []byte) []string {
	text, err := prose(lesson)
	if err != nil {
		return []string{"not a notebook: " + err.Error()}
	}
	solved, err := prose(solutions)
	if err != nil {
		return []string{"solutions: not a notebook: " + err.Error()}
	}
	var faults []string
	for _, part := range []struct {
		rule *regexp.Regexp
		want string
	}{
		{goals, "goals: **Goals"},
		{runTime, "a measured run time: Run time: N s"},
		{predict, "a question before a cell: **Predict"},
		{summary, "a heading ## Summary"},
		{exercise, "a heading ## Exercises"},
	} {
		if !part.rule.MatchString(text) {
			faults = append(faults, "lacks "+part.want)
		}
	}
	asked := exercises(text)
	if asked < MinExercises {
		faults = append(faults, fmt.Sprintf("%d exercises, want at least %d", asked, MinExercises))
	}
	if found := len(heading.FindAllString(solved, -1)); found < asked {
		faults = append(faults, fmt.Sprintf("%d headings with a number in the solutions, want one for each of %d exercises", found, asked))
	}
	return faults
}

// RunTime is the run time in seconds that a notebook states, as it is written there.
func RunTime(lesson []byte) (string, error) {
	text, err := prose(lesson)
	if err != nil {
		return "", err
	}
	found := runTime.FindStringSubmatch(text)
	if found == nil {
		return "", errors.New("nbcheck: no run time, want a line with: Run time: N s")
	}
	return found[1], nil
}

// exercises counts the numbered lines below the heading of the exercises.
func exercises(text string) int {
	at := exercise.FindStringIndex(text)
	if at == nil {
		return 0
	}
	section, _, _ := strings.Cut(text[at[1]:], "\n## ")
	return len(numbered.FindAllString(section, -1))
}

// prose is the text of a notebook's markdown cells.
func prose(data []byte) (string, error) {
	var nb notebook
	if err := json.Unmarshal(data, &nb); err != nil {
		return "", err
	}
	var b strings.Builder
	for _, c := range nb.Cells {
		if c.CellType == "markdown" {
			b.WriteString(string(c.Source) + "\n\n")
		}
	}
	return b.String(), nil
}
