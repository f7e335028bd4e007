// Package dataset is labelled pictures in batches: shuffled, augmented at random and prepared ahead of the network that learns from
// them, and the loop that asks any network what it says of them.
package dataset
