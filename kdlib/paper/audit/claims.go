package audit

import (
	"fmt"
	"math"
	"strings"

	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/stats"
)

// Distillation are the findings on section 3.2: what the students lose and gain.
func Distillation() []Finding {
	findings := []Finding{studentsLoseLittle()}
	for _, augmentation := range []string{"without", "with"} {
		findings = append(findings, softBeatsClassical(augmentation)...)
	}
	return append(findings, halfTheEpochs(), lossesOfHard())
}

func studentsLoseLittle() Finding {
	teacher, _ := paper.LookupUncertainty(paper.Teacher, predictions.Test)
	var lost []string
	for _, model := range students {
		row, _ := paper.LookupUncertainty(model, predictions.Test)
		lost = append(lost, model+" "+signed(row.Accuracy.Value-teacher.Accuracy.Value))
	}
	return Finding{"3.2", "students lose little accuracy against the teacher (test)", paper.Undecided,
		strings.Join(lost, ", ") + "; the paper does not say what is little"}
}

// softBeatsClassical compares test accuracies on ground-truth labels. The second finding asks whether chance can explain them.
func softBeatsClassical(augmentation string) []Finding {
	soft, classical := onTest(paper.Soft, augmentation), onTest(paper.Classical, augmentation)
	n := pictures[predictions.Test]
	difference := of(soft).minus(of(classical))
	verdict, low, high := byChance(soft, classical)
	claim := "the soft student beats the classical one on test " + augmentation + " augmentation"
	return []Finding{
		{"3.2", claim, difference.above(0), fmt.Sprintf("%s against %s: %s, %.0f pictures of %d", soft.Text,
			classical.Text, signed(difference.middle()), difference.middle()*float64(n), n)},
		{"3.2", claim + ", by more than chance", verdict, fmt.Sprintf("p of McNemar's exact test lies between %.2g and %.2g; "+
			"both models saw the same pictures, whose separate predictions are not printed", low, high)},
	}
}

func halfTheEpochs() Finding {
	hard, _ := paper.BestEpoch(paper.Hard)
	classical, _ := paper.BestEpoch(paper.Classical)
	ratio := float64(hard) / float64(classical)
	verdict := paper.Fails
	if math.Round(10*ratio) == 5 { // 0.5 to one decimal
		verdict = paper.Holds
	}
	return Finding{"3.2", "the hard student is at its best after about half the classical one's epochs", verdict,
		fmt.Sprintf("%d / %d = %.2f", hard, classical, ratio)}
}

// surestLoss is the largest cross-entropy (2) of a prediction as Keras has it: it keeps predictions 1e-7 away from 0 and 1.
var surestLoss = -math.Log(1e-7)

// lossesOfHard holds the hard student's loss on validation against that on test, both on the teacher's labels: means over pictures that
// were drawn alike. How the separate losses spread is not printed. But numbers from 0 to a largest one with a mean m have a variance of
// at most m (largest - m) (Bhatia and Davis 2000), so that the difference has at least so many standard errors.
func lossesOfHard() Finding {
	validation, _ := paper.LookupResult(paper.Hard, predictions.Validation, "teacher", "")
	test, _ := paper.LookupResult(paper.Hard, predictions.Test, "teacher", "without")
	train, _ := paper.LookupResult(paper.Hard, predictions.Train, "teacher", "")
	counted := AccuraciesOf(predictions.Validation).Sizes(pictures[predictions.Validation])[0]
	variance := func(of paper.Printed, n int) float64 { return of.Value * (surestLoss - of.Value) / float64(n) }
	most := math.Sqrt(variance(validation.Loss, counted) + variance(test.Loss, pictures[predictions.Test]))
	apart := of(validation.Loss).minus(of(test.Loss)).middle()
	verdict := paper.Undecided
	if stats.ZTest(apart, most) < stats.SignificanceLevel {
		verdict = paper.Fails
	}
	return Finding{"3.2", "the hard student's losses on validation and on test, both on the teacher's labels, are of pictures drawn alike", verdict,
		fmt.Sprintf("%s against %s: %s, at least %.1f standard errors, however the losses spread from 0 to %.1f; on train it is %s",
			validation.Loss.Text, test.Loss.Text, signed(apart), apart/most, surestLoss, train.Loss.Text)}
}

// Speed are the findings on section 4.1.
func Speed() []Finding {
	small, _ := paper.LookupTime(paper.ResNet18)
	large, _ := paper.LookupTime(paper.ResNet50)
	ratio := of(large.SecondsPerImage).over(of(small.SecondsPerImage))
	findings := []Finding{{"4.1", "ResNet-18 is almost 5 times faster than ResNet-50", paper.All(ratio.above(paper.FasterLow), ratio.below(paper.FasterHigh)),
		fmt.Sprintf("%s / %s = %.3f", large.SecondsPerImage.Text, small.SecondsPerImage.Text, ratio.middle())}}
	for _, row := range paper.Timing() {
		computed := of(row.SecondsTotal).times(1 / float64(row.Images))
		findings = append(findings, Finding{"4.1", row.Network + ": seconds a picture are the total over the pictures",
			computed.meets(of(row.SecondsPerImage)),
			fmt.Sprintf("%s / %d = %.6f, printed %s", row.SecondsTotal.Text, row.Images, computed.middle(), row.SecondsPerImage.Text)})
	}
	return findings
}

// Uncertainty are the findings on section 4.3.
func Uncertainty() []Finding {
	verdict, n := paper.Holds, 0
	for _, h := range histograms() {
		verdict = paper.All(verdict, h.allowsUncertainty())
		n++
	}
	return []Finding{
		{"4.3", "each unc lies within the bounds that its histogram sets", verdict, fmt.Sprintf("all of %d histograms, see the table of bounds", n)},
		{"4.3", "the soft student's unc on test lies within the bounds of its histogram", paper.Undecided, "its table is missing"},
		sameAsStudents(),
		oldLabels(),
	}
}

// sameAsStudents: generation 0 of section 4.4 is the student of section 4.3.
func sameAsStudents() Finding {
	verdict, n := paper.Holds, 0
	for _, chain := range chains {
		for _, split := range splits {
			first, _ := paper.LookupRecursive(chain, 0, split)
			student, _ := paper.LookupUncertainty(chain, split)
			if first.Accuracy != student.Accuracy || first.Uncertainty != student.Uncertainty {
				verdict = paper.Fails
			}
			n += 2
		}
	}
	return Finding{"4.3, 4.4", "both tables print the same numbers for the hard and the soft student", verdict, fmt.Sprintf("%d numbers compared", n)}
}

// oldLabels: section 4.3 says that its sets have ground-truth labels.
func oldLabels() Finding {
	var same []string
	for _, model := range []string{paper.Hard, paper.Soft} {
		for _, split := range []predictions.Split{predictions.Train, predictions.Validation} {
			result, _ := paper.LookupResult(model, split, "teacher", "")
			if row, _ := paper.LookupUncertainty(model, split); row.Accuracy == result.Accuracy {
				same = append(same, fmt.Sprintf("%s on %s %s", model, split, row.Accuracy.Text))
			}
		}
	}
	verdict := paper.Holds
	if len(same) > 0 {
		verdict = paper.Fails
	}
	return Finding{"4.3", "its accuracies of the distilled students on train and validation are on the ground truth", verdict,
		fmt.Sprintf("%d of 4 are those of section 3.2 on the teacher's labels: %s", len(same), strings.Join(same, ", "))}
}
