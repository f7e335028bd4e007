package train

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"distillation/kdlib/network"
	"distillation/kdlib/network/weights"

	. "github.com/gomlx/gomlx/core/graph"
)

// graphHash is the SHA-256 of a graph's nodes, in the order in which they were built: operations with their settings,
// shapes, and which node uses which.
func graphHash(g *Graph) string {
	sum := sha256.New()
	for _, n := range g.Nodes() {
		fmt.Fprintln(sum, n)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// checkGraph refuses to go on with a checkpoint of another graph under the same name: the user's function may have changed
// since. Those of kdlib's own networks are known by their names.
func (t *trainer) checkGraph(meta map[string]string, path string) error {
	if err := t.model.checkFile(stored{path: path, File: weights.File{Meta: meta}}); err != nil {
		return err
	}
	if stored := meta[metaGraph]; network.Own(t.model.Network) && stored != t.graph {
		return fmt.Errorf("train: %s was trained with another graph of the network %s: got SHA-256 %.12s, want %.12s; "+
			"bring the function back, or use another folder", path, t.model.Network, stored, t.graph)
	}
	return nil
}
