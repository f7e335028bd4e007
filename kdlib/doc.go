// Package kdlib is the index of a library on knowledge distillation for binary classification. It has no
// code of its own; this page leads from the paper to the symbol that has each idea.
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
//	(11)  whether an answer is right                  metrics.Correct
//	(12)  accuracy                                    metrics.AccuracyScore
//	(13)  hard label                                  distill.Hard, distill.Class
//	(14)  soft label                                  distill.Soft
//	(15)  degree of uncertainty on a set              metrics.Uncertainty
//
// # Sections, tables and figures
//
//	3      pictures, split, resize, augmentation      images.Split, images.Resize, images.Augment
//	3      the recipes of all models                  recipe.Paper, recipe.Reduced
//	3.1    teacher; figure 1                          resnet.ResNet50, resnet.Network.Layers
//	3.1    a teacher from elsewhere                   recipe.Given, onnx.Open
//	3.2    students                                   resnet.ResNet18
//	3      training, best epoch                       train.Run, history.History.Best
//	2-5    figures: learning curves                   report.Study.LearningFigure
//	3      tables of loss and accuracy                report.Study.ScoresTable
//	4.1    time for one picture                       bench.Pictures, report.Study.TimingTable
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
//	temperature, share of the hand label              distill.Soft, report.SoftLabelsFigure
//	threshold sweep, ROC, precision-recall            metrics.Sweep, metrics.ROC, metrics.PrecisionRecall
//	calibration: what (15) cannot see                 metrics.CalibrationCurve, metrics.ECE, metrics.BrierScore
//	intervals: Wilson's, bootstrap, Student's         stats.Wilson, stats.Bootstrap, stats.PairedT
//	whether one model is better than another          stats.SignTest, stats.McNemarBounds
//
// # Packages
//
// Data flows one way: pictures, dataset, model, predictions on disk, tables and figures. Packages marked
// plain do not use GoMLX, need no XLA plugin and link quickly.
//
//	label      plain  rules (13) and (14)
//	score      plain  (1), (2), (11), (12), (15)
//	hist       plain  relative frequencies in bins of any width
//	curve      plain  counts at every threshold, ROC, precision-recall, the areas below
//	calibration plain  reliability diagram, calibration error, Brier score
//	interval   plain  how far measured numbers may be off: Wilson, bootstrap, Student
//	mcnemar    plain  two models on the same pictures: McNemar's exact test
//	pred       plain  predictions on disk: id,set,label,p
//	paper      plain  the printed tables
//	audit      plain  the paper against itself: its text against its tables, its tables against each other
//	schedule   plain  (3)-(10) for single numbers, to draw them
//	history    plain  what a training run measured, epoch by epoch
//	catdog     plain  pictures from folders and archives, split, cache, augmentation
//	synth      plain  drawn faces whose true probability of "dog" is known
//	fetch      plain  downloads with resume and checksum
//	recipe     plain  how networks are trained, as data
//	memory     plain  how the C library hands memory to XLA
//	table      plain  tables for terminal, file and notebook
//	chart      plain  figures
//	speed      plain  measurements of speed: a line each, tables, growth
//	results    plain  the tables and figures of a study's folder
//	nbui       plain  shows figures and tables below a notebook's cell
//	whatif     plain  the live page of a study: its numbers follow the controls in the browser
//	conv              convolutions in the forms that XLA runs fastest
//	resnet            ResNet-18, and ResNet-50 in Keras's form and in torchvision's
//	adam              (4)-(10) on whole networks: as Keras has them, as the paper prints them
//	drift             how far the two and GoMLX's own Adam part on the same gradients
//	weights           networks on disk, as safetensors
//	exchange          networks from Keras's and torchvision's files; out of here as safetensors and ONNX
//	backend           opens XLA
//	fit               trains one network, answers with it
//	foreign           answers with networks that others trained, from ONNX files
//	timing            how long networks take
//	study             whole experiments
//	cmd/kd            the command
package kdlib
