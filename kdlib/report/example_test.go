package report_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"distillation/kdlib/chart"
	"distillation/kdlib/distill"
	"distillation/kdlib/images/synth"
	"distillation/kdlib/metrics"
	"distillation/kdlib/notebook"
	"distillation/kdlib/predictions"
	"distillation/kdlib/report"
	"distillation/kdlib/table"
)

// The examples read committed studies.
const (
	full    = "../../datasets/results/full"    // on all pictures
	seeds   = "../../datasets/results/seeds"   // on 4,000 pictures, without chains
	reduced = "../../datasets/results/reduced" // on 4,000 pictures, with two generations
)

// show writes the first rows of a table as CSV.
func show(t table.Table, err error) {
	if err != nil {
		panic(err)
	}
	t.Rows = t.Rows[:min(4, len(t.Rows))]
	if err := t.WriteCSV(os.Stdout); err != nil {
		panic(err)
	}
}

// A study's folder is opened, and every table, figure and number is a method of what is opened.
func ExampleOpen() {
	study, err := report.Open("../../datasets/results/full")
	if err != nil {
		panic(err)
	}
	fmt.Println(study.Recipe.Name, study.MainModels())
	accuracy, err := study.TestAccuracy("soft")
	if err != nil {
		panic(err)
	}
	fmt.Printf("soft: %.4f\n", accuracy)
	// Output:
	// full [teacher classical hard soft]
	// soft: 0.8744
}

func ExampleStudy_SummaryTable() {
	study := notebook.Must(report.Open(seeds))
	show(study.SummaryTable())
	// Output:
	// model,learned from,accuracy,printed,difference,unc,printed,difference,"accuracy, 95 %","unc, 95 %"
	// teacher,given,0.97833,0.97333,+0.00500,0.00515,0.00197,+0.00318,0.96329 to 0.98729,0.00311 to 0.00735
	// classical,ground truth,0.76000,0.96160,-0.20160,0.05845,0.00467,+0.05378,0.72424 to 0.79245,0.05328 to 0.06421
	// hard,hard labels of the teacher,0.75833,0.95440,-0.19607,0.05889,0.00713,+0.05176,0.72251 to 0.79087,0.05350 to 0.06396
	// soft,soft labels of the teacher,0.78333,0.96320,-0.17987,0.05487,0.00403,+0.05084,0.74862 to 0.81444,0.04944 to 0.05993
}

func ExampleStudy_ScoresTable() {
	study := notebook.Must(report.Open(seeds))
	show(study.ScoresTable("soft"))
	// Output:
	// model,set,labels,augmentation,loss,printed,difference,accuracy,printed,difference,mean loss,mean accuracy,"loss, 95 %","accuracy, 95 %"
	// soft,train,teacher,,0.34369,0.03890,+0.30479,0.86036,0.98546,-0.12510,,,0.32767 to 0.36083,0.84702 to 0.87270
	// soft,validation,teacher,,0.50447,0.14147,+0.36300,0.76000,0.94917,-0.18917,,,0.45416 to 0.55704,0.72424 to 0.79245
	// soft,test,ground truth,without,0.50224,0.12629,+0.37595,0.78333,0.96320,-0.17987,,,0.44783 to 0.56025,0.74862 to 0.81444
	// soft,test,ground truth,with,0.52798,0.14906,+0.37892,0.74500,0.95040,-0.20540,0.54606,0.74056,0.49381 to 0.60263,0.71056 to 0.76944
}

func ExampleStudy_HistogramTable() {
	study := notebook.Must(report.Open(full))
	show(study.HistogramTable(predictions.Test, 0.25, "teacher", "soft"))
	// Output:
	// bin,teacher,soft
	// "[0, 0.25)",0.48053,0.37760
	// "[0.25, 0.5)",0.01947,0.09653
	// "[0.5, 0.75)",0.01627,0.09440
	// "[0.75, 1]",0.48373,0.43147
}

func ExampleStudy_HistogramFigure() {
	study := notebook.Must(report.Open(full))
	notebook.Show(study.HistogramFigure(predictions.Test, 0.05, true, study.MainModels()...))
	// Output:
}

// Can chance explain the difference between two students?
func ExampleStudy_DifferencesTable() {
	study := notebook.Must(report.Open(full))
	show(study.DifferencesTable(predictions.Test, 0.5, "classical", "hard", "soft"))
	// Output:
	// first,second,accuracy,accuracy,difference,only first is right,only second is right,p-value,p adjusted
	// classical,hard,0.87280,0.88613,-0.01333,130,180,0.0053,0.016
	// classical,soft,0.87280,0.87440,-0.00160,185,191,0.8,0.8
	// hard,soft,0.88613,0.87440,+0.01173,197,153,0.021,0.043
}

func ExampleStudy_AgreementTable() {
	study := notebook.Must(report.Open(full))
	show(study.AgreementTable("teacher", "soft", predictions.Test, 0.5))
	// Output:
	// case,pictures,share
	// both are right,3237,0.86320
	// only teacher is right,423,0.11280
	// only soft is right,42,0.01120
	// both are wrong,48,0.01280
}

// Claim 1 of the paper is about speed.
func ExampleStudy_ClaimsTable() {
	study := notebook.Must(report.Open(full))
	show(study.ClaimsTable(1))
	// Output:
	// claim,part,test,verdict,tests,p,p adjusted,the numbers
	// 1,ResNet-18 is faster than ResNet-50,"bootstrap interval of the ratio of the median times of this study's sitting, beyond which another may lie, against 1",reproduced,1,< 1e-300,< 1e-300,2.09 (2.08 to 2.09) in a sitting of 3750 pictures of 224x224
	// 1,almost 5 times,"bootstrap interval of the ratio of the median times of this study's sitting, beyond which another may lie, against 4.5 to 5",not reproduced,2,< 1e-300,< 1e-300,2.09 (2.08 to 2.09) in a sitting of 3750 pictures of 224x224
}

func ExampleStudy_CalibrationTable() {
	study := notebook.Must(report.Open(full))
	show(study.CalibrationTable(predictions.Test, 0.1, "teacher", "soft"))
	// Output:
	// model,unc (15),Brier score,Brier less unc,calibration error,loss (2),confidence less accuracy
	// teacher,0.00648,0.01780,0.01132,0.00790,0.05979,-0.00177
	// soft,0.03379,0.08946,0.05567,0.02642,0.28504,+0.00528
}

func ExampleStudy_ThresholdTable() {
	study := notebook.Must(report.Open(full))
	show(study.ThresholdTable(predictions.Test, 0.4, "hard", "soft"))
	// Output:
	// model,pictures,accuracy,cats called dogs,dogs called cats,unc
	// hard,3750,0.87840,341,115,0.03472
	// soft,3750,0.86480,367,140,0.03744
}

func ExampleStudy_ThresholdFigure() {
	study := notebook.Must(report.Open(full))
	notebook.Show(study.ThresholdFigure(predictions.Validation, metrics.F1, study.MainModels()...))
	// Output:
}

// The threshold is chosen on the validation set, and its value is measured on the test set.
func ExampleStudy_BestThresholdTable() {
	study := notebook.Must(report.Open(full))
	show(study.BestThresholdTable(metrics.Accuracy, "hard", "soft"))
	// Output:
	// model,threshold,on validation,on test,on test at 0.5,gained
	// hard,0.5000,0.87627,0.88613,0.88613,0.00000
	// soft,0.5000,0.87493,0.87440,0.87440,0.00000
}

func ExampleStudy_LearningFigure() {
	study := notebook.Must(report.Open(full))
	notebook.Show(study.LearningFigure("soft"))
	// Output:
}

func ExampleStudy_TrainingTable() {
	study := notebook.Must(report.Open(full))
	show(study.TrainingTable(study.Chain("soft")...))
	// Output:
	// model,epochs,best epoch,printed,labels,validation accuracy,validation loss,minutes
	// soft,10,8,,teacher,0.88213,0.30292,12.0
	// soft-1,4,4,,soft,0.88773,0.36044,4.4
	// soft-2,4,4,,soft-1,0.90827,0.39912,4.6
	// soft-3,4,4,,soft-2,0.92160,0.43027,4.6
}

// The classical student never saw the teacher: what it shares with it, a distilled student would have without distillation.
func ExampleStudy_FidelityTable() {
	study := notebook.Must(report.Open(full))
	show(study.FidelityTable("teacher", predictions.Test, 0.5, "classical", "soft"))
	// Output:
	// student,same class,both right,only teacher right,only student right,both wrong,of the teacher's errors,mean |p - p|
	// classical,0.87227,0.86053,0.11547,0.01227,0.01173,0.48889,0.15243
	// soft,0.87600,0.86320,0.11280,0.01120,0.01280,0.53333,0.16082
}

func ExampleStudy_DisagreementTable() {
	study := notebook.Must(report.Open(full))
	show(study.DisagreementTable("teacher", "soft", predictions.Test, 3))
	// Output:
	// picture,ground truth,p of teacher,p of soft,difference
	// cat.10768,0,0.00341,0.97645,-0.97303
	// cat.2273,0,0.00134,0.97050,-0.96915
	// cat.7791,0,0.02138,0.98508,-0.96370
}

// The surest common errors come first.
func ExampleStudy_MissedTable() {
	study := notebook.Must(report.Open(full))
	show(study.MissedTable("teacher", "soft", report.Listing{Split: predictions.Test, Threshold: 0.5, N: 3}))
	// Output:
	// picture,ground truth,p of teacher,p of soft,difference
	// cat.1575,0,0.91222,0.98829,-0.07608
	// cat.9613,0,0.88658,0.98967,-0.10308
	// cat.10209,0,0.86146,0.97834,-0.11688
}

func ExampleStudy_LabelsTable() {
	study := notebook.Must(report.Open(full))
	show(study.LabelsTable("teacher", predictions.Test, 4))
	// Output:
	// picture,ground truth,prediction p,hard label (13),soft label (14),hard and ground truth
	// cat.12153,0,0.00000,0,0.00000,agree
	// cat.2216,0,0.33369,0,0.33369,agree
	// dog.5884,1,0.66912,1,0.66912,agree
	// dog.11576,1,1.00000,1,1.00000,agree
}

func ExampleStudy_RecursionTable() {
	study := notebook.Must(report.Open(reduced))
	show(study.RecursionTable("soft"))
	// Output:
	// generation,set,labels,accuracy,printed,difference,unc,printed,difference,"accuracy, 95 %","unc, 95 %"
	// 0,train,teacher,0.85429,0.98546,-0.13117,0.08171,0.00163,+0.08008,0.84073 to 0.86687,0.07923 to 0.08434
	// 0,validation,teacher,0.86167,0.94917,-0.08750,0.08669,0.00421,+0.08248,0.83173 to 0.88700,0.08091 to 0.09240
	// 0,test,ground truth,0.70333,0.96320,-0.25987,0.08830,0.00403,+0.08427,0.66558 to 0.73850,0.08262 to 0.09389
	// 1,train,teacher,0.89250,0.98397,-0.09147,0.09057,0.00268,+0.08789,0.88048 to 0.90344,0.08798 to 0.09311
}

// Figures, as tables, know the names of their files.
func ExampleStudy_Figures() {
	study := notebook.Must(report.Open(full))
	for _, f := range study.Figures() {
		fmt.Println(f.File)
	}
	// Output:
	// fig03_classical.svg
	// fig04_hard.svg
	// fig05_soft.svg
	// fig06_test.svg
	// fig07_validation.svg
	// fig08_train.svg
	// fig09_soft_chain.svg
	// sec4.4_recursion.svg
	// sec4.1_timing.svg
	// sec4.3_uncertainty.svg
	// more_threshold_accuracy.svg
	// more_threshold_precision.svg
	// more_threshold_recall.svg
	// more_threshold_f1.svg
	// more_threshold_false_positive_rate.svg
	// more_curves.svg
	// more_reliability.svg
	// more_cost.svg
	// more_risk_coverage.svg
	// more_recalibration.svg
}

func ExampleSoftLabelsFigure() {
	notebook.Show(report.SoftLabelsFigure(1, distill.Soft{}, distill.Soft{Temperature: 3}, distill.Soft{Alpha: 0.3}))
	// Output:
}

// A temperature draws labels towards one half, and alpha towards the ground truth.
func ExampleSoftenedTable() {
	study := notebook.Must(report.Open(full))
	predicted := notebook.Must(study.Predictions("teacher", predictions.Test))
	show(report.SoftenedTable(predicted, 4, distill.Soft{}, distill.Soft{Temperature: 3}, distill.Soft{Alpha: 0.3}))
	// Output:
	// picture,ground truth,prediction p,T = 1,T = 3,"T = 1, alpha = 0.3"
	// cat.12153,0,0.00000,0.00000,0.00728,0.00000
	// cat.2216,0,0.33369,0.33369,0.44263,0.23359
	// dog.5884,1,0.66912,0.66912,0.55842,0.76838
	// dog.11576,1,1.00000,1.00000,0.99138,1.00000
}

func ExamplePrintedHistogramFigure() {
	notebook.Show(report.PrintedHistogramFigure(predictions.Test, true, "teacher", "classical", "hard"))
	// Output:
}

// Drawn faces come with the true probability of "dog".
func ExampleAgainstTruth() {
	dir := notebook.Must(os.MkdirTemp("", "faces"))
	defer os.RemoveAll(dir)
	faces := filepath.Join(dir, "faces")
	notebook.Check(synth.Write(context.Background(), faces, synth.Faces{N: 6, Size: 32, Seed: 1}))
	truth := notebook.Must(synth.ReadTruth(faces))
	predicted := predictions.Table{{ID: "cat.0", P: 0.2}, {ID: "dog.0", P: 0.9}} // of any model
	points := notebook.Must(report.AgainstTruth("mine", predicted, truth))
	for i := range points.X {
		fmt.Printf("truth %.2f, prediction %.2f\n", points.X[i], points.Y[i])
	}
	notebook.Show(chart.Calibration(chart.Axes{X: "truth", Y: "prediction"}, points))
	// Output:
	// truth 0.00, prediction 0.20
	// truth 0.99, prediction 0.90
}

func ExampleTruthFigure() {
	dir := notebook.Must(os.MkdirTemp("", "faces"))
	defer os.RemoveAll(dir)
	notebook.Check(synth.Write(context.Background(), dir+"/faces.tar", synth.Faces{N: 20, Size: 32, Seed: 1}))
	notebook.Show(report.TruthFigure(notebook.Must(synth.ReadTruth(dir+"/faces.tar")), 0.1))
	// Output:
}
