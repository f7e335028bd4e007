// Package dataset holds labelled pictures and makes batches of them: shuffled, augmented at random, and prepared while the
// network learns from earlier ones. It also has the loop that asks any network for its predictions.
package dataset
