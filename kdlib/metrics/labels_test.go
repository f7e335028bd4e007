package metrics

import (
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"distillation/kdlib/internal/golden"
	"distillation/kdlib/predictions"
)

// The numbers of cleanlab, from gen_labels.py. Cases without p are files of the committed studies.
func TestLabelIssuesAsCleanlab(t *testing.T) {
	var cases []struct {
		Name    string
		P, Y    []float64
		Joint   [2][2]int
		Issues  []int
		Quality []float64 // of the first labels
	}
	golden.Read(t, "labels_golden.json", &cases)
	found := 0
	for _, c := range cases {
		if c.P == nil {
			rows, err := predictions.Read(filepath.Join("..", "..", "datasets", "results", filepath.FromSlash(c.Name)))
			if err != nil {
				t.Fatal(err)
			}
			c.P, c.Y = rows.P(), rows.Labels()
		}
		if joint, err := ConfidentJoint(c.P, c.Y); err != nil || joint != c.Joint {
			t.Errorf("%s: joint %v, %v, want %v", c.Name, joint, err, c.Joint)
		}
		issues, err := LabelIssues(c.P, c.Y)
		got := []int{}
		for i, issue := range issues {
			if issue {
				got = append(got, i)
			}
		}
		if err != nil || !reflect.DeepEqual(got, c.Issues) {
			t.Errorf("%s: issues %v, %v, want %v", c.Name, got, err, c.Issues)
		}
		quality, err := LabelQuality(c.P, c.Y)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range c.Quality {
			if math.Abs(quality[i]-want) > 1e-15 {
				t.Errorf("%s: quality %d: got %v, want %v", c.Name, i, quality[i], want)
			}
		}
		found += len(got)
	}
	if len(cases) < 10 || found < 100 {
		t.Errorf("%d cases with %d issues: too few to tell", len(cases), found)
	}
}

// By hand. The thresholds are the means 0.7 and 0.6 of the own class, so 0.9 labelled 0 is confidently 1, and so is 0.8 labelled 1;
// 0.4 labelled 1 is of no class.
func TestConfidentJointByHand(t *testing.T) {
	p, y := []float64{0, 0, 0.9, 0.3, 0.8, 0.4}, []float64{0, 0, 0, 0, 1, 1}
	joint, err := ConfidentJoint(p, y)
	if want := [2][2]int{{3, 1}, {0, 2}}; err != nil || joint != want {
		t.Errorf("joint: got %v, %v, want %v", joint, err, want)
	}
	issues, err := LabelIssues(p, y)
	if want := []bool{false, false, true, false, false, false}; err != nil || !reflect.DeepEqual(issues, want) {
		t.Errorf("issues: got %v, %v, want %v", issues, err, want)
	}
}

// What numpy.round and cleanlab's round_preserving_sum give.
func TestRoundedPartsKeepTheirSum(t *testing.T) {
	for parts, want := range map[[2]float64][2]int{
		{2.5, 3.5}: {2, 4}, {0.5, 0.5}: {0, 1}, {1.5, 1.5}: {1, 2}, {7.3, 2.7}: {7, 3}, {4, 0}: {4, 0},
	} {
		if got := roundedParts(parts); got != want {
			t.Errorf("%v: got %v, want %v", parts, got, want)
		}
	}
}

func TestLabelIssuesErrors(t *testing.T) {
	for want, c := range map[string][2][]float64{
		"got 1 predictions and 2 labels":                    {{0.5}, {0, 1}},
		"got 0 predictions":                                 {{}, {}},
		"picture 1: got the prediction 1.5":                 {{0, 1.5}, {0, 1}},
		"picture 0: got the prediction 0 and the label NaN": {{0, 1}, {math.NaN(), 1}},
	} {
		if _, err := LabelIssues(c[0], c[1]); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q", err, want)
		}
	}
	if issues, err := LabelIssues([]float64{0.1, 0.9, 0.2}, []float64{0, 0, 0}); err != nil || fmt.Sprint(issues) != "[false false false]" {
		t.Errorf("one class: got %v, %v, want no issue", issues, err)
	}
}
