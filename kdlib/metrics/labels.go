package metrics

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"distillation/kdlib/distill"
)

// ConfidentJoint estimates how many pictures of each given label have each true one (Northcutt, Jiang and Chuang 2021, "Confident
// learning"): [given][true]. A picture counts as one of a class that it is predicted with at least the mean probability that
// pictures labelled so are; of both classes as the likelier one, of none not at all. Then the rows are scaled to the numbers of
// given labels. p are probabilities of class 1 in [0, 1] by a network that has not learned from these labels, y labels in [0, 1],
// 1 above one half. It is cleanlab's compute_confident_joint.
func ConfidentJoint(p, y []float64) (joint [2][2]int, err error) {
	confidence, given, err := selfConfidences(p, y)
	if err != nil {
		return joint, err
	}
	thresholds, labelled := confidentThresholds(confidence, given)
	for i := range p {
		if class, ok := confidentClass(p[i], thresholds); ok {
			joint[given[i]][class]++
		}
	}
	for class := range joint {
		joint[class][class] = max(joint[class][class], 1)
	}
	return calibratedJoint(joint, labelled), nil
}

// LabelQuality is the probability that a prediction gives a label, in [0, 1] (cleanlab's get_label_quality_scores, self_confidence;
// of two classes normalized_margin is the same number). Labels that are wrong have low ones. See ConfidentJoint for p and y.
func LabelQuality(p, y []float64) ([]float64, error) {
	confidence, _, err := selfConfidences(p, y)
	return confidence, err
}

// LabelIssues tells which labels are likely wrong: of each given label those of the lowest LabelQuality, as many as ConfidentJoint
// holds for the other class, unless the prediction agrees with the label. It is cleanlab's find_label_issues; of two classes its
// filters prune_by_noise_rate, prune_by_class and both are the same. Of equal qualities the earlier label is taken.
func LabelIssues(p, y []float64) ([]bool, error) {
	joint, err := ConfidentJoint(p, y)
	if err != nil {
		return nil, err
	}
	confidence, given, _ := selfConfidences(p, y) // checked above
	issues := make([]bool, len(p))
	for class := range joint {
		var of []int
		for i := range given {
			if given[i] == class {
				of = append(of, i)
			}
		}
		slices.SortStableFunc(of, func(i, j int) int { return cmp.Compare(confidence[i], confidence[j]) })
		for _, i := range of[:pruned(joint[class], class, len(of))] {
			issues[i] = !agrees(p[i], class)
		}
	}
	return issues, nil
}

// slack is how much cleanlab lets numbers be off.
const slack = 1e-6

// pruned is how many of the n pictures with a label are taken for others; one is left in every class.
func pruned(row [2]int, class, n int) int {
	if n <= 1 {
		return 0
	}
	if row[class] == 0 {
		return max(row[1-class]-1, 0)
	}
	return row[1-class]
}

// agrees tells whether class is the likelier one, or nearly so.
func agrees(p float64, class int) bool {
	probabilities := [2]float64{1 - p, p}
	probabilities[class] += slack
	return likelier(probabilities) == class
}

// likelier is the class of the greater probability, of equal ones 0.
func likelier(probabilities [2]float64) int {
	if probabilities[1] > probabilities[0] {
		return 1
	}
	return 0
}

// selfConfidences are the probabilities of the given classes, and these.
func selfConfidences(p, y []float64) (confidence []float64, given []int, err error) {
	if len(p) != len(y) || len(p) == 0 {
		return nil, nil, fmt.Errorf("metrics: got %d predictions and %d labels, want as many of each, and some", len(p), len(y))
	}
	for i := range p {
		if !unit(p[i]) || !unit(y[i]) {
			return nil, nil, fmt.Errorf("metrics: picture %d: got the prediction %v and the label %v, want numbers in [0, 1]", i, p[i], y[i])
		}
		class := distill.Class(y[i], distill.Threshold)
		given = append(given, class)
		confidence = append(confidence, [2]float64{1 - p[i], p[i]}[class])
	}
	return confidence, given, nil
}

// confidentThresholds are the mean probabilities of the classes among pictures labelled so, and the numbers of these. A class that
// has none has a threshold that no probability reaches.
func confidentThresholds(confidence []float64, given []int) (thresholds [2]float64, labelled [2]int) {
	var sums [2]float64
	for i, class := range given {
		sums[class] += confidence[i]
		labelled[class]++
	}
	for class := range thresholds {
		if thresholds[class] = 2; labelled[class] > 0 {
			thresholds[class] = max(sums[class]/float64(labelled[class]), 2*slack)
		}
	}
	return thresholds, labelled
}

// confidentClass is the class that a picture counts as, if any.
func confidentClass(p float64, thresholds [2]float64) (class int, ok bool) {
	probabilities := [2]float64{1 - p, p}
	var reached [2]bool
	for class := range probabilities {
		reached[class] = probabilities[class] >= thresholds[class]-slack
	}
	switch {
	case reached[0] && reached[1]:
		return likelier(probabilities), true
	case reached[1]:
		return 1, true
	}
	return 0, reached[0]
}

// calibratedJoint scales each row to the number of given labels, in whole numbers.
func calibratedJoint(joint [2][2]int, labelled [2]int) (calibrated [2][2]int) {
	for given, row := range joint {
		n := float64(labelled[given])
		var parts [2]float64
		for class := range parts {
			parts[class] = float64(row[class]) / float64(row[0]+row[1]) * n
		}
		calibrated[given] = roundedParts(parts)
	}
	return calibrated
}

// roundedParts rounds two numbers so that they keep their sum, a whole number.
func roundedParts(parts [2]float64) [2]int {
	rounded := [2]float64{math.RoundToEven(parts[0]), math.RoundToEven(parts[1])}
	off := math.Round(parts[0]+parts[1]) - rounded[0] - rounded[1]
	if rest := [2]float64{parts[0] - rounded[0], parts[1] - rounded[1]}; off != 0 {
		at := 0 // of equal rests the second grows, the first shrinks
		if off > 0 && rest[1] >= rest[0] || off < 0 && rest[1] < rest[0] {
			at = 1
		}
		rounded[at] += off
	}
	return [2]int{int(rounded[0]), int(rounded[1])}
}
