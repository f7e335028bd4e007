package report

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"distillation/kdlib/chart"
	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/report/claims"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/table"

	"gonum.org/v1/plot"
)

// NamedTable is a table of the paper and the file that holds it.
type NamedTable struct {
	File string // such as "3_scores.csv": the section comes first
	Make func() (table.Table, error)
}

// NamedFigure is a figure of the paper and the file that holds it.
type NamedFigure struct {
	File string // such as "fig06_test.svg": the number is the paper's
	Make func() (*plot.Plot, error)
}

// Tables lists every table of the paper's experiments, ours beside the printed numbers, then the verdicts on its claims and the
// tables that the paper does not have.
func (r *Study) Tables() []NamedTable {
	tables := []NamedTable{
		{"0_source.csv", r.SourceTable},
		{"3_training.csv", func() (table.Table, error) { return r.TrainingTable(r.Models()...) }},
		{"3_during.csv", func() (table.Table, error) { return r.DuringTable(r.MainModels()...) }},
		{"3_scores.csv", func() (table.Table, error) { return r.ScoresTable(r.MainModels()...) }},
	}
	if r.Recipe.Timing != (recipe.Timing{}) {
		tables = append(tables, NamedTable{"4.1_timing.csv", r.TimingTable}, NamedTable{"4.1_totals.csv", r.TotalsTable})
	}
	for _, split := range folder.Splits {
		tables = append(tables, NamedTable{fmt.Sprintf("4.2_%s.csv", split), func() (table.Table, error) {
			return r.HistogramTable(split, paper.BinWidth, r.MainModels()...)
		}})
	}
	tables = append(tables, NamedTable{"4.3_uncertainty.csv", func() (table.Table, error) { return r.UncertaintyTable(distill.Threshold) }})
	if r.Recipe.Generations > 0 {
		for _, chain := range []string{paper.Hard, paper.Soft} {
			tables = append(tables, NamedTable{fmt.Sprintf("4.4_%s.csv", chain), func() (table.Table, error) { return r.RecursionTable(chain) }})
		}
	}
	return append(tables, r.furtherTables()...)
}

// furtherTables are those that the paper does not have.
func (r *Study) furtherTables() []NamedTable {
	models := r.MainModels()
	tables := []NamedTable{
		{"claims.csv", func() (table.Table, error) { return r.ClaimsTable() }},
		{"more_intervals.csv", func() (table.Table, error) { return r.IntervalsTable(predictions.Test, models...) }},
		{"more_mcnemar.csv", func() (table.Table, error) { return r.DifferencesTable(predictions.Test, distill.Threshold, models...) }},
		{"more_agreement.csv", func() (table.Table, error) {
			return r.FidelityTable(paper.Teacher, predictions.Test, distill.Threshold, models[1:]...)
		}},
		{"more_doubt.csv", func() (table.Table, error) { return r.DoubtTable(predictions.Test, models[1:]...) }},
		{"more_calibration.csv", func() (table.Table, error) {
			return r.CalibrationTable(predictions.Test, metrics.CalibrationWidth, models...)
		}},
		{"more_reliability.csv", func() (table.Table, error) {
			return r.ReliabilityTable(predictions.Test, metrics.CalibrationWidth, models...)
		}},
		{"more_thresholds.csv", func() (table.Table, error) { return r.BestThresholdTable(metrics.Accuracy, models...) }},
		{"more_sweep.csv", func() (table.Table, error) { return r.SweepTable(predictions.Test, models...) }},
		{"more_cost.csv", func() (table.Table, error) { return r.CostTable(CostsShown, models...) }},
		{"more_risk_coverage.csv", func() (table.Table, error) {
			return r.RiskCoverageTable(predictions.Test, distill.Threshold, models...)
		}},
		{"more_recalibration.csv", func() (table.Table, error) {
			return r.RecalibrationTable(CostsShown, metrics.CalibrationWidth, models...)
		}},
	}
	if r.Recipe.Seeds > 1 {
		tables = append(tables, NamedTable{"more_seeds.csv", r.SpreadTable})
	}
	if len(r.Sweeps()) > 0 {
		tables = append(tables, NamedTable{"more_options.csv", r.OptionsTable})
	}
	return tables
}

// Figures lists the paper's figures 2-9, and figures of sections 4.1, 4.3 and 4.4, for which the paper has tables only. Figure
// 2 is missing if the teacher was given, since such a teacher has no learning curve. A study without recursive chains has none
// of their figures.
func (r *Study) Figures() []NamedFigure {
	var figures []NamedFigure
	for i, model := range r.MainModels() {
		if r.Given(model) {
			continue
		}
		figures = append(figures, NamedFigure{fmt.Sprintf("fig%02d_%s.svg", i+2, model), func() (*plot.Plot, error) { return r.LearningFigure(model) }})
	}
	for i, split := range []predictions.Split{predictions.Test, predictions.Validation, predictions.Train} {
		figures = append(figures, NamedFigure{fmt.Sprintf("fig%02d_%s.svg", i+6, split), func() (*plot.Plot, error) {
			return r.HistogramFigure(split, paper.BinWidth, false, r.MainModels()...)
		}})
	}
	if r.Recipe.Generations > 0 {
		figures = append(figures,
			NamedFigure{"fig09_soft_chain.svg", func() (*plot.Plot, error) {
				return r.HistogramFigure(predictions.Test, paper.BinWidth, false, r.Chain(paper.Soft)...)
			}},
			NamedFigure{"sec4.4_recursion.svg", func() (*plot.Plot, error) { return r.RecursionFigure(predictions.Test) }})
	}
	if r.Recipe.Timing != (recipe.Timing{}) {
		figures = append(figures, NamedFigure{"sec4.1_timing.svg", r.TimingFigure})
	}
	figures = append(figures, NamedFigure{"sec4.3_uncertainty.svg", func() (*plot.Plot, error) { return r.UncertaintyFigure(distill.Threshold) }})
	for _, metric := range metrics.Metrics {
		file := fmt.Sprintf("more_threshold_%s.svg", strings.ToLower(strings.ReplaceAll(metric.Name, " ", "_")))
		figures = append(figures, NamedFigure{file, func() (*plot.Plot, error) { return r.ThresholdFigure(predictions.Test, metric, r.MainModels()...) }})
	}
	return append(figures, r.furtherFigures()...)
}

// furtherFigures are those of every threshold at once, of calibration, and of what predictions are used for.
func (r *Study) furtherFigures() []NamedFigure {
	models := r.MainModels()
	figures := []NamedFigure{
		{"more_curves.svg", func() (*plot.Plot, error) { return r.CurvesFigure(predictions.Test, distill.Threshold, models...) }},
		{"more_reliability.svg", func() (*plot.Plot, error) {
			return r.ReliabilityFigure(predictions.Test, metrics.CalibrationWidth, models...)
		}},
		{"more_cost.svg", func() (*plot.Plot, error) { return r.CostFigure(predictions.Test, CostsShown, models...) }},
		{"more_risk_coverage.svg", func() (*plot.Plot, error) {
			return r.RiskCoverageFigure(predictions.Test, distill.Threshold, models...)
		}},
		{"more_recalibration.svg", func() (*plot.Plot, error) {
			return r.RecalibrationFigure(metrics.CalibrationWidth, models...)
		}},
	}
	for _, option := range r.Sweeps() {
		figures = append(figures, NamedFigure{"more_" + option + ".svg", func() (*plot.Plot, error) { return r.OptionFigure(option) }})
	}
	return figures
}

// ClaimsTable lists the claims of those numbers, or all, with their tests, verdicts and numbers.
func (r *Study) ClaimsTable(numbers ...int) (table.Table, error) {
	return claims.Table(r.Study, numbers...)
}

// SaveTables writes every table into a folder.
func (r *Study) SaveTables(dir string) error {
	for _, named := range r.Tables() {
		if err := named.Save(dir); err != nil {
			return err
		}
	}
	return nil
}

// Save writes the table as CSV into a folder, whole or not at all.
func (n NamedTable) Save(dir string) error {
	t, err := n.Make()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := t.SaveCSV(filepath.Join(dir, n.File)); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// Save draws the figure into a folder.
func (n NamedFigure) Save(dir string) error {
	p, err := n.Make()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return chart.Save(p, filepath.Join(dir, n.File), chart.Width, chart.Height)
}
