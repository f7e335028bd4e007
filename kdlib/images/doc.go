// Package images turns the pictures of "Dogs vs. Cats", or of any two classes (see Open), into numbers. It reads them from a
// folder or an archive, splits them, resizes them, keeps them decoded on disk and augments them at random (the paper's section
// 3).
//
// The way of a picture:
//
//	Open         a folder, zip or tar, read without unpacking          -> Source
//	Inspect      pictures that cannot be read, and duplicates
//	Split        70/15/15, balanced, by a seed                         -> Manifest
//	BuildCache   every picture decoded and resized once                -> file
//	OpenCache    that file, mapped into memory                         -> Cache
//	Augment.Sample and Transform.Apply: a random flip and shift        -> float32
//
// Pixels are RGB, height x width x channels (HWC), 0 to 255. The division by 255 comes last, in the network's graph.
package images
