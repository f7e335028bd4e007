package analysis

import (
	"cmp"
	"errors"
	"fmt"
	"math"

	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/stats"
)

// Priced is what predictions cost at a threshold, on labels.
type Priced struct {
	Threshold float64
	Cost      float64        // expected, of a prediction; NaN where metrics.Costs.Of is
	Interval  stats.Interval // by bootstrap, of the pictures that are measured: the threshold is taken as given
}

// Price measures the expected cost of predictions on labels at a threshold.
func Price(costs metrics.Costs, p, y []float64, threshold float64) (Priced, error) {
	counts, err := metrics.NewConfusion(p, y, threshold)
	if err := cmp.Or(costs.Validate(), err); err != nil {
		return Priced{}, err
	}
	priced := Priced{Threshold: threshold, Cost: costs.Of(counts)}
	if math.IsNaN(priced.Cost) {
		priced.Interval = stats.Interval{Low: priced.Cost, High: priced.Cost}
		return priced, nil
	}
	says, class := classes(p, threshold), classes(y, distill.Threshold)
	priced.Interval, err = bootstrapOne(class, func(rows []int) float64 {
		var table [2][2]int // by class and prediction
		for _, row := range rows {
			table[class[row]][says[row]]++
		}
		return costs.Of(metrics.Confusion{TrueNegative: table[0][0], FalsePositive: table[0][1], FalseNegative: table[1][0], TruePositive: table[1][1]})
	})
	return priced, err
}

// classes are those of values at a threshold.
func classes(values []float64, threshold float64) []int {
	class := make([]int, len(values))
	for i, v := range values {
		class[i] = distill.Class(v, threshold)
	}
	return class
}

// BootstrapRiskArea is the interval of metrics.RiskCoverage.Area; NaN for one prediction.
func BootstrapRiskArea(p, y []float64, threshold float64) (stats.Interval, error) {
	if len(p) < 2 {
		return stats.Interval{Low: math.NaN(), High: math.NaN()}, nil
	}
	byDoubt := orderRows(len(p), func(a, b int) int { return cmp.Compare(metrics.Doubt(p[a], threshold), metrics.Doubt(p[b], threshold)) })
	drawnP, drawnY := make([]float64, len(p)), make([]float64, len(p))
	intervals, err := stats.DefaultBootstrap.Of(classes(y, distill.Threshold), func(rows []int) ([]float64, error) {
		byDoubt.each(rows, func(i, row int) { drawnP[i], drawnY[i] = p[row], y[row] })
		c, err := metrics.NewRiskCoverage(drawnP, drawnY, threshold)
		return []float64{c.Area()}, err
	})
	if err != nil {
		return stats.Interval{}, err
	}
	return intervals[0], nil
}

// ValidationAndTest are a model's predictions on the set on which something is chosen or fitted, and on the set on which it is measured.
func (r *Study) ValidationAndTest(model string) (validation, test predictions.Table, err error) {
	if validation, err = r.Predictions(model, predictions.Validation); err != nil {
		return nil, nil, err
	}
	test, err = r.Predictions(model, predictions.Test)
	return validation, test, err
}

// Recalibration is a model's predictions on the test set, as a map changed them that its predictions on the validation set gave.
type Recalibration struct {
	Name string // "as they are", "temperature" or "isotonic"
	metrics.Predicted
	Temperature float64 // NaN for what has none
}

// Recalibrated are a model's predictions on the test set: as they are, with the temperature of the validation set, and with its
// isotonic regression. Where the validation set gives no temperature that one is missing.
func (r *Study) Recalibrated(model string) ([]Recalibration, error) {
	validation, test, err := r.ValidationAndTest(model)
	if err != nil {
		return nil, err
	}
	asIs := Predicted(test)
	all := []Recalibration{{"as they are", asIs, math.NaN()}}
	temperature, err := metrics.FitTemperature(Predicted(validation), validation.Labels())
	switch {
	case err == nil:
		all = append(all, Recalibration{"temperature", temperature.Apply(asIs), float64(temperature)})
	case !errors.Is(err, metrics.ErrNoTemperature):
		return nil, fmt.Errorf("analysis: %s on %s: %w", model, predictions.Validation, err)
	}
	isotonic, err := metrics.FitIsotonic(validation.P(), validation.Labels())
	if err != nil {
		return nil, fmt.Errorf("analysis: %s on %s: %w", model, predictions.Validation, err)
	}
	return append(all, Recalibration{"isotonic", isotonic.Apply(asIs), math.NaN()}), nil
}
