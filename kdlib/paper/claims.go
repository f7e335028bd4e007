package paper

// The limits that the text names for what its tables show.
const (
	OuterShare    = 0.91  // section 4.2: on train each model has more of its predictions in the two outermost bins
	InnerShare    = 0.015 // section 4.2: on validation and test each inner bin has less
	RecursionLoss = 0.03  // section 4.4: recursion lowers the test accuracy by less
	HardChange    = 0.003 // section 4.4: unc of the hard chain stays that near the hard student's
)

// FasterLow and FasterHigh are the limits, both outside, of what "almost 5 times" in section 4.1 can mean: less than 5, and
// nearer to 5 than to 4. Its tables have 4.95.
const (
	FasterLow  = 4.5
	FasterHigh = 5.0
)

// Generations of a recursive chain, without the student that begins it (section 4.4).
const Generations = 6
