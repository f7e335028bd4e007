package metrics

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"distillation/kdlib/distill"

	"gonum.org/v1/gonum/integrate"
	"gonum.org/v1/gonum/stat"
)

// Point is the effect of a threshold: predictions above it are "dog".
type Point struct {
	X, Y      float64 // both in [0, 1]
	Threshold float64 // a prediction of the model; -Inf for the point at which every prediction is "dog"
}

// ErrOneClass is the error of what needs pictures of both classes.
var ErrOneClass = errors.New("metrics: pictures of one class alone")

// ROC returns the receiver operating characteristic: X is the false positive rate, Y the true positive
// rate (recall). It begins at (0, 0), ends at (1, 1) and has a point for each distinct prediction. Error unless
// there are both cats and dogs.
func ROC(p, y []float64) ([]Point, error) {
	ascending, dogs, err := sorted(p, y)
	if err != nil {
		return nil, err
	}
	tpr, fpr, atLeast := stat.ROC(nil, ascending, dogs, nil)
	points := make([]Point, len(tpr))
	for i := range points {
		points[i] = Point{X: fpr[i], Y: tpr[i], Threshold: math.Inf(-1)}
		if i+1 < len(points) {
			// gonum's thresholds mean p >= threshold; above the next lower prediction is the same.
			points[i].Threshold = atLeast[i+1]
		}
	}
	return points, nil
}

// AUC is the area below a ROC curve, by trapezes. It is the probability that a randomly drawn dog has a higher prediction than
// a randomly drawn cat, where equal predictions count half. 1 is perfect order, 0.5 chance.
func AUC(roc []Point) float64 {
	x, y := coordinates(roc)
	return integrate.Trapezoidal(x, y)
}

// PrecisionRecall returns the precision-recall curve: X is recall, Y precision. It begins at (0, 1), where
// no prediction is "dog" and precision is 1 by convention (scikit-learn's), and ends where every prediction is.
// ErrOneClass unless there are both cats and dogs.
func PrecisionRecall(p, y []float64) ([]Point, error) {
	ascending, _, err := sorted(p, y)
	if err != nil {
		return nil, err
	}
	thresholds := slices.Compact(ascending)
	slices.Reverse(thresholds)
	thresholds = append(thresholds, math.Inf(-1))
	counts, err := Sweep(p, y, thresholds)
	if err != nil {
		return nil, err
	}
	points := make([]Point, len(counts))
	for i, c := range counts {
		points[i] = Point{X: Recall.Of(c), Y: Precision.Of(c), Threshold: thresholds[i]}
	}
	points[0].Y = 1
	return points, nil
}

// AveragePrecision is the area below a precision-recall curve by steps, without interpolation:
//
//	AP = sum over points (recall_i - recall_(i-1)) precision_i
//
// A model that predicts at random has the share of dogs.
func AveragePrecision(precisionRecall []Point) float64 {
	area := 0.0
	for i := 1; i < len(precisionRecall); i++ {
		area += (precisionRecall[i].X - precisionRecall[i-1].X) * precisionRecall[i].Y
	}
	return area
}

// sorted returns the predictions, ascending, and whether each is on a dog.
func sorted(p, y []float64) (ascending []float64, isDog []bool, err error) {
	cats, dogs, err := byClass(p, y)
	if err != nil {
		return nil, nil, err
	}
	if len(cats) == 0 || len(dogs) == 0 {
		return nil, nil, fmt.Errorf("%w: got %d cats and %d dogs, want at least one of each", ErrOneClass, len(cats), len(dogs))
	}
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	for _, i := range order {
		ascending = append(ascending, p[i])
		isDog = append(isDog, distill.Class(y[i], distill.Threshold) == 1)
	}
	return ascending, isDog, nil
}

func coordinates(points []Point) (x, y []float64) {
	for _, p := range points {
		x, y = append(x, p.X), append(y, p.Y)
	}
	return x, y
}
