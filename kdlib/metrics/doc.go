// Package metrics measures what predictions are worth: cross-entropy (1) and its mean (2), accuracy (11) and (12), the degree
// of uncertainty (15), relative frequencies in bins, counts at every threshold with the curves made of them, calibration and
// recalibration, what mistakes cost, what silence is worth. Names are scikit-learn's where it has the same measure.
//
// Predictions p are probabilities of "dog", numbers in [0, 1]. Labels y are 0 for cat and 1 for dog, or anything in between if
// they are another model's soft predictions. As in (13), a prediction is "dog" if it is strictly greater than the threshold.
// The curves and the calibration turn a label into a class by the paper's threshold, distill.Threshold, whatever threshold they
// apply to the predictions.
//
// # What formula (15) cannot see
//
// The paper's degree of uncertainty, Uncertainty, is (1/n) sum (p_i - own_i)^2 with the model's own class own_i in the place of
// the label. The Brier score is the same sum with the label itself. The two differ only where the model is wrong:
//
//	Brier = unc + (1/n) sum over wrong predictions (2 c_i - 1),  c_i = max(p_i, 1 - p_i)
//
// at the threshold 0.5, where c_i is the model's confidence in its own class. So (15) rewards confidence whether or not it is
// earned: a model that always predicts 0 or 1 has unc 0 even if all of its predictions are wrong. A drop of unc is good news
// only if the Brier score, the loss (2) or the calibration error falls as well, because these use labels.
package metrics
