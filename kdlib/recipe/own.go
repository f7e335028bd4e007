package recipe

import "math"

// OwnName is the name of the studies that Own makes.
const OwnName = "own"

// What Own aims at.
const (
	ownSteps     = 2500 // of one student: five minutes of two cores at 64x64
	leastEpochs  = 10
	mostEpochs   = 100 // the paper's
	leastBatch   = 8
	stepsAnEpoch = 10 // at least, by smaller batches of few pictures
	lastRate     = 12 // the learning rate falls to one part in so many, as Full's does
)

// Own is a study of one's own pictures with a teacher that is given: the three students, on all pictures at 64x64, without chains;
// identical pictures stay in one set. How long it trains follows from train and test, the numbers of pictures in these sets: of
// few pictures it takes many epochs, so that a student takes some 2,500 steps.
func Own(teacher Given, train, test int) Study {
	s := studentsOnly(OwnName)
	s.Data.GroupDuplicates = true
	s.Given = teacher
	how := &s.Student
	for how.Batch > leastBatch && train/how.Batch < stepsAnEpoch {
		how.Batch /= 2
	}
	steps := max(train/how.Batch, 1) // of an epoch
	how.Epochs = min(max(int(math.Round(ownSteps/float64(steps))), leastEpochs), mostEpochs)
	how.Optimizer.Decay = twoDigits((lastRate - 1) / float64(steps*how.Epochs))
	s.Timing = Timing{Size: s.Data.Size, Images: min(s.Timing.Images, (test+1)/2)} // some of the test set may turn out to be broken
	s.Notes = []string{"the pictures are one's own"}
	return s
}

// twoDigits rounds to two significant digits, so that a recipe can be read.
func twoDigits(v float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(v))-1)
	return math.Round(v/unit) / math.Round(1/unit)
}
