package folder

import (
	"cmp"
	"slices"
)

// Makespan is how long a plan takes on a number of nodes, each of which makes one part at a time, if a part takes what seconds says of it.
// A node that is free takes the part whose successors take longest (list scheduling), which Snakemake does nearly.
func (p Plan) Makespan(nodes int, seconds func(part string) float64) float64 {
	makers := map[string]string{} // of files
	for _, part := range p.Parts {
		for _, file := range part.Makes {
			makers[file] = part.Name
		}
	}
	tail := map[string]float64{} // from the start of a part to the end of the longest chain that begins with it
	for _, part := range slices.Backward(p.Parts) {
		tail[part.Name] += seconds(part.Name)
		for _, file := range part.Needs {
			before := makers[file]
			tail[before] = max(tail[before], tail[part.Name])
		}
	}
	ends := map[string]float64{}
	free := make([]float64, nodes)
	left := slices.Clone(p.Parts)
	for len(left) > 0 {
		node := slices.Index(free, slices.Min(free))
		at := func(part Part) float64 { // the earliest start; after those before it in the plan, which have theirs
			start := free[node]
			for _, file := range part.Needs {
				end, made := ends[makers[file]]
				if !made {
					return -1
				}
				start = max(start, end)
			}
			return start
		}
		ready := slices.DeleteFunc(slices.Clone(left), func(part Part) bool { return at(part) < 0 })
		next := slices.MinFunc(ready, func(a, b Part) int {
			return cmp.Or(cmp.Compare(at(a), at(b)), cmp.Compare(tail[b.Name], tail[a.Name]))
		})
		ends[next.Name] = at(next) + seconds(next.Name)
		free[node] = ends[next.Name]
		left = slices.DeleteFunc(left, func(part Part) bool { return part.Name == next.Name })
	}
	return slices.Max(free)
}
