// Package kdlib is the index of a library on knowledge distillation for binary classification. It has no code of its own. This
// page leads from the paper to the symbol that implements each idea.
//
// The paper: V. A. Biryukova, "The technology of knowledge distillation for training neural networks on
// example of binary classification" (in Russian; MIREA).
//
// # Formulas
//
//	(1)   cross-entropy of one prediction             metrics.CrossEntropy
//	(2)   loss on a set                               metrics.LogLoss
//	(3)   step number t                               reference.Scalar
//	(4)   first moment m_t                            reference.Keras, adam.Keras
//	(5)   second moment v_t                           reference.Keras, adam.Keras
//	(6)   bias correction of m_t until k1             reference.Unbias1, adam.Literal
//	(7)   bias correction of v_t until k2             reference.Unbias2, adam.Literal
//	(8)   step size eta_t                             reference.StepSize
//	(9)   step size with Keras's decay d              reference.KerasStepSize, adam.Keras
//	(10)  update of theta                             adam.Keras, adam.Literal
//	(11)  whether a prediction is right               metrics.Correct
//	(12)  accuracy                                    metrics.AccuracyScore
//	(13)  hard label                                  distill.Hard, distill.Class
//	(14)  soft label                                  distill.Soft
//	(15)  degree of uncertainty on a set              metrics.Uncertainty
//
// # Sections, tables and figures
//
//	3      pictures, split, resize, augmentation      images.Split, images.Resize, images.Augment
//	3      the recipes of all models                  recipe.Paper, recipe.Reduced
//	3.1    teacher; figure 1                          resnet.ResNet50, architecture.Network.Summary, architecture.Network.Layers
//	3.1    a teacher from elsewhere                   recipe.Given, onnx.Open
//	3.1    a head on a network that knows ImageNet    recipe.Backbone, onnx.OpenBackbone, train.ONNX
//	3.2    students                                   resnet.ResNet18
//	3      training, best epoch                       train.Run, history.History.Best
//	2-5    figures: learning curves                   report.Study.LearningFigure
//	3      tables of loss and accuracy                report.Study.ScoresTable
//	3      the best values during training            report.Study.DuringTable
//	4.1    time for one picture                       bench.Pictures, report.Study.TimingTable, report.Study.TotalsTable
//	4.1    the same, sitting by sitting               report.SittingsTable
//	4.2    relative frequencies; figures 6-8          metrics.NewHistogram, report.Study.HistogramTable, report.Study.HistogramFigure
//	4.3    uncertainty                                report.Study.UncertaintyTable
//	4.4    recursive chains; figure 9                 study.Study.Run, report.Study.RecursionTable
//	all    the printed tables                         paper.Results, paper.Histograms, paper.Recursive
//	all    the text against the printed tables        audit.Findings
//	all    the claims of the text against ours        report.Study.ClaimsTable
//
// # Beyond the paper
//
//	any two folders of pictures as classes            images.Open
//	temperature, share of the ground-truth label      distill.Soft, report.SoftLabelsFigure
//	label smoothing, the baseline of soft labels      distill.Smoothed
//	relabelling in memory                             dataset.Relabel
//	learning rates that end: one cycle, cosine        recipe.Schedule, reference.Schedule
//	small pictures first                              recipe.Stage
//	moving average of the weights                     recipe.Training, adam.Average
//	the student's logit over T as well                recipe.Loss, dataset.WithTeacher
//	a student for phones                              mobilenet.MobileNetV2
//	a network of one's own, a function                network.Register
//	smaller files: half precision, int8               convert.Shrink
//	a student that answers in the browser             browser.Page
//	GoMLX's Trainer on these pictures, and back       dataset.Stream, dataset.Collect
//	which hand labels are likely wrong                metrics.LabelIssues, analysis.Study.Suspects, report.Study.LabelIssuesTable
//	the train set predicted out of sample, by folds   study.Collection.CrossValPredict
//	results and claims without some pictures          report.Study.WithoutTable, report.Study.ClaimsWithoutTable
//	whom students follow: the teacher, the label      report.Study.FollowTable
//	the pictures behind a number                      gallery.Gallery, notebook.Gallery
//	threshold sweep, ROC, precision-recall            metrics.Sweep, metrics.ROC, metrics.PrecisionRecall
//	every measure of one file of predictions          metrics.Evaluate, report.EvaluationTable
//	calibration: what (15) cannot see                 metrics.CalibrationCurve, metrics.ECE, metrics.BrierScore
//	what a mistake costs, at any share of dogs        metrics.Costs, report.Study.CostTable
//	the right not to answer: risk and coverage        metrics.RiskCoverage, metrics.Withhold, report.Study.RiskCoverageTable
//	recalibrated by temperature, isotonic regression  metrics.FitTemperature, metrics.FitIsotonic, report.Study.RecalibrationTable
//	intervals: Wilson's, bootstrap, Student's         stats.Wilson, stats.Bootstrap, stats.PairedT
//	whether one model is better than another          stats.SignTest, stats.McNemarBounds
//	whether two kinds are equivalent; power           stats.PairedTOST, stats.DetectableEffect, stats.DetectableShift
//	questions about labels, decided in minutes        lab.Experiments, lab.Lab.Fit, paired.Rows.Compare
//	teacher and student see the same augmented copy   lab.Extraction.Copies, onnx.OpenAnswering
//	whether doubt is inherited, picture by picture    report.Study.DoubtTable, paired.Measure
//	many tests, several looks                         stats.Holm, stats.OBrienFleming
//	a study as a process of its own                   background.Study.Start, background.Stop, notebook.Watch
//	how far a study is that runs elsewhere            report.StateTable, report.StateFigure
//	two studies side by side                          report.SideBySide, live.Beside
//	sweeps over temperature, alpha, smoothing         recipe.Study.Sweep, report.Study.OptionsTable, report.Study.OptionFigure
//	trainings for TensorBoard and MLflow              tracking.TensorBoard, tracking.MLflow
//	where a network looks: Grad-CAM, occlusion        attribution.GradCAM, attribution.Occlusion, study.Look
//	whether students look where their teacher does    explain.Looks.AgreementTable, explain.Looks.DifferenceTable
//	whether what decides is looked at, on drawn faces explain.Looks.PartsTable, synth.Faces.Deciding
//
// # The same numbers again
//
// One kind of machine - the same processor, number of cores, XLA plugin and XLA_FLAGS - makes the same bits from the same recipe
// and pictures, whether or not the run was interrupted. A session of a study records its machine (folder.Session).
//
// Two kinds do not, for three reasons. XLA adds in another order. One in a million of the rectifiers' inputs is nothing but
// rounding and gets another sign, which changes gradients by a hundredth. And Adam makes a step of full size even from a gradient
// that is nothing but rounding. What is promised across processors, and tested on SSE4_2, AVX and AVX2:
//
//	formulas in float64                               as Keras and torch have them, within 1e-10
//	predictions of given weights, in float32          within 1e-5
//	the loss and the statistics of one step           within 3e-5
//	the gradients of one step                         within 1e-4 in most batches, a few hundredths in some
//	after some steps                                  nothing: not 1e-3, and that is no fault
//
// Processors with AVX-512 may agree, although that is not promised. After 546 steps of the study "full" an Intel Xeon had the
// train loss of the committed AMD EPYC to the last digit. Limited to AVX2, the same Xeon was 0.0016 off.
//
// So if you repeat a study on another kind of machine, more than its last digits differ. A study that goes on on another kind
// says so in the table of its sources. Several devices differ from one as two kinds of machine do.
// XLA_FLAGS=--xla_cpu_max_isa=AVX2 (AVX, SSE4_2) limits XLA to the instructions of older processors, nearly as if it were one.
//
// # Packages
//
// A prediction's way through the packages: images, dataset, network, train, predictions, study/analysis, report, notebook. Each
// uses only those before it, so everything after predictions is a function of files. Packages marked plain do not use GoMLX, need
// no XLA plugin and link quickly.
//
//	images                 plain  pictures from folders and archives, split, cache, augmentation
//	images/synth           plain  drawn faces whose true probability of "dog" is known
//	dataset                       labelled pictures as batches, prepared ahead; the loop that asks any network
//	network                       what a network is, and which there are
//	network/architecture          describes networks once: graph, table of layers, steps for other formats
//	network/resnet                ResNet-18, ResNet-34, and ResNet-50 in Keras's form and in torchvision's
//	network/mobilenet             MobileNetV2, for phones
//	network/conv                  convolutions in the forms that XLA runs fastest
//	network/feature               names the stages of a network, for what explains it
//	network/weights               networks on disk, as safetensors
//	network/convert               networks from Keras's and torchvision's files; out of here as safetensors and ONNX
//	network/onnx                  networks that others trained, from ONNX files: their predictions, what they find inside, trained on
//	optimizer/adam                (4)-(10) on whole networks: as Keras has them, as the paper prints them
//	optimizer/reference    plain  (3)-(10) for single numbers, to draw them
//	optimizer/compare             how far the two and GoMLX's own Adam part on the same gradients
//	distill                plain  rules (13), (14) and label smoothing: labels of a teacher's predictions
//	recipe                 plain  how networks are trained, as data
//	train                         trains one network, epoch by epoch; predicts with it
//	train/history          plain  what a training run measured, epoch by epoch
//	predictions            plain  predictions on disk: id,set,label,p
//	explain                plain  where networks look: maps, drawn over pictures, and how much they agree
//	explain/attribution           makes these maps: Grad-CAM of one logit, occlusion
//	metrics                plain  (1), (2), (11), (12), (15), histogram, curves, calibration, costs, doubtful labels
//	stats                  plain  how far measured numbers may be off: Wilson, bootstrap, Student; McNemar's exact test
//	paper                  plain  the printed tables
//	paper/audit            plain  the paper against itself: its text against its tables, its tables against each other
//	bench                         how long networks take: measuring, and a line each
//	bench/summary                 measurements as tables, and how the cost of a step grows
//	study                         whole experiments
//	study/folder           plain  where a study lies on disk: its files, its models, who ran it
//	study/background       plain  starts a study as a process of its own, and stops it
//	study/analysis         plain  the numbers that these files hold, with their intervals
//	study/paired           plain  kinds of students over seeds: differences, power, equivalence, kinds against seeds
//	study/lab                     small students on features of the pictures, all seeds at once; its experiments
//	report                 plain  a study's tables and figures, ours beside the printed numbers
//	report/claims          plain  the paper's claims put to the test by a study
//	report/tracking        plain  trainings for TensorBoard and MLflow
//	report/gallery         plain  the pictures behind a number, beside what the models say of them
//	report/live            plain  the live page of a study: its numbers follow the controls in the browser
//	report/card            plain  a trained network's model card
//	report/browser         plain  a trained network as a page that answers in the browser, in one file
//	notebook               plain  shows figures and tables below a notebook's cell
//	table                  plain  tables for terminal, file and notebook
//	chart                  plain  figures
//	backend                       opens XLA
//	backend/programs       plain  keeps compiled programs on disk
//	backend/memory         plain  how the C library hands memory to XLA
//	cmd/kd                        the command
package kdlib
