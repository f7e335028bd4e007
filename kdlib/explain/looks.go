package explain

import (
	"fmt"
	"image"
	"slices"
	"strings"

	"distillation/kdlib/distill"
	"distillation/kdlib/stats"
	"distillation/kdlib/table"
)

// Looks are the maps of several networks on the same pictures. Package study makes them of a study's models.
type Looks struct {
	Classes  [2]string // names of the labels 0 and 1
	IDs      []string  // of the pictures
	Labels   []int     // ground truth of each, 0 or 1; all 0 where it is not known
	Shown    [][]uint8 // each picture, [Size, Size, 3] in [0, 255]; nil where only numbers are asked for
	Size     int       // width and height of Shown
	Networks []Look
	How      string   // the method, for titles
	Notes    []string // on networks that could not be explained
}

// Look is where one network looks.
type Look struct {
	Name string
	P    []float64 // its probability of class 1, of each picture
	Maps []Map
}

// decimals of the tables' numbers.
const decimals = 4

// RandomName is the name of a model's network with random weights, the control of Adebayo and others (2018): a map that hardly changes
// with the weights says nothing about the network.
func RandomName(model string) string { return "random " + model }

// named returns the look of a network.
func (l *Looks) named(name string) (Look, error) {
	i := slices.IndexFunc(l.Networks, func(n Look) bool { return n.Name == name })
	if i < 0 {
		return Look{}, fmt.Errorf("explain: network: got %q, want one of %q", name, l.names())
	}
	return l.Networks[i], nil
}

func (l *Looks) names() (names []string) {
	for _, n := range l.Networks {
		names = append(names, n.Name)
	}
	return names
}

// Pictures are the pictures with their maps, as Sheet and a notebook show them.
func (l *Looks) Pictures() []Picture {
	all := make([]Picture, len(l.Shown))
	for i, pixels := range l.Shown {
		p := Picture{Pixels: pixels, Size: l.Size, Captions: []string{l.IDs[i]}}
		for _, n := range l.Networks {
			p.Maps = append(p.Maps, n.Maps[i])
			p.Captions = append(p.Captions, fmt.Sprintf("%s p = %.3f", l.Classes[distill.Class(n.P[i], distill.Threshold)], n.P[i]))
		}
		all[i] = p
	}
	return all
}

// Some are the first n pictures of each class.
func (l *Looks) Some(n int) Looks {
	some := *l
	some.IDs, some.Labels, some.Shown, some.Networks = nil, nil, nil, nil
	var taken [2]int
	var rows []int
	for i, label := range l.Labels {
		if taken[label] < n {
			taken[label]++
			rows = append(rows, i)
			some.IDs, some.Labels, some.Shown = append(some.IDs, l.IDs[i]), append(some.Labels, label), append(some.Shown, l.Shown[i])
		}
	}
	for _, full := range l.Networks {
		part := Look{Name: full.Name}
		for _, i := range rows {
			part.P, part.Maps = append(part.P, full.P[i]), append(part.Maps, full.Maps[i])
		}
		some.Networks = append(some.Networks, part)
	}
	return some
}

// Sheet draws all pictures, a row each, side x side pixels (0: 144) each.
func (l *Looks) Sheet(side int) (*image.RGBA, error) {
	return Sheet{Networks: l.names(), Classes: l.Classes, Side: side}.Draw(l.Pictures()...)
}

// agreements are those of a network's maps with another's, picture by picture.
func (l *Looks) agreements(network, with string) ([]float64, error) {
	a, err := l.named(network)
	if err != nil {
		return nil, err
	}
	b, err := l.named(with)
	if err != nil {
		return nil, err
	}
	return Agreements(a.Maps, b.Maps)
}

// elsewhere are the agreements of a network's map of each picture with the other's map of the next picture of the same class: what
// maps have in common that says nothing of the picture, such as a liking for its middle.
func (l *Looks) elsewhere(network, with string) ([]float64, error) {
	a, err := l.named(network)
	if err != nil {
		return nil, err
	}
	b, err := l.named(with)
	if err != nil {
		return nil, err
	}
	moved := make([]Map, len(b.Maps))
	for i, label := range l.Labels {
		for step := 1; step <= len(moved); step++ { // itself, where there is no other
			if j := (i + step) % len(moved); l.Labels[j] == label {
				moved[i] = b.Maps[j]
				break
			}
		}
	}
	return Agreements(a.Maps, moved)
}

// AgreementTable tells how much each network looks where one of them, the teacher say, does: the mean over the pictures of the rank
// correlation of the two maps, beside the same with the teacher's map of another picture of the class.
func (l *Looks) AgreementTable(with string) (table.Table, error) {
	t := table.Table{Title: fmt.Sprintf("Rank correlation with the maps of the %s (%s)", with, l.How), Columns: []table.Column{table.Text("network"),
		table.Number("pictures"), table.Number("agreement"), table.Number("low"), table.Number("high"),
		table.Number("other picture"), table.Number("other low"), table.Number("other high")}}
	for _, n := range l.Networks {
		if n.Name == with {
			continue
		}
		same, err := l.agreements(n.Name, with)
		if err != nil {
			return t, err
		}
		other, err := l.elsewhere(n.Name, with)
		if err != nil {
			return t, err
		}
		means, err := Means(l.Labels, stats.DefaultBootstrap, same, other)
		if err != nil {
			return t, fmt.Errorf("%s: %w", n.Name, err)
		}
		t.Add(append([]string{n.Name, fmt.Sprint(means[0].Pictures)}, append(means[0].cells(), means[1].cells()...)...)...)
	}
	t.Notes = append(l.Notes, "Agreement: mean over the pictures, interval of 95 % by the bootstrap over pictures. Other picture: with the map of another picture of the class.")
	return t, nil
}

func (m Mean) cells() []string {
	return []string{table.Signed(m.Value, decimals), table.Signed(m.Interval.Low, decimals), table.Signed(m.Interval.High, decimals)}
}

// repeated are the names of a model and of its repetitions from other seeds.
func (l *Looks) repeated(model string) (names []string) {
	for _, name := range l.names() {
		if first, _, _ := strings.Cut(name, "-seed"); first == model {
			names = append(names, name)
		}
	}
	return names
}

// DifferenceTable compares pairs of kinds of students, {"soft", "classical"} say, by how much they agree with the teacher: the mean
// over their seeds, on the same pictures. Its first interval is about other pictures, the second about other seeds (Student's, of
// pairs by seed); with one seed there is no second.
func (l *Looks) DifferenceTable(with string, pairs ...[2]string) (table.Table, error) {
	t := table.Table{Title: fmt.Sprintf("Difference of agreement with the %s (%s)", with, l.How), Columns: []table.Column{table.Text("pair"),
		table.Number("pictures"), table.Number("difference"), table.Number("low"), table.Number("high"),
		table.Number("seeds"), table.Number("seeds low"), table.Number("seeds high")},
		Notes: []string{"Low and high: interval of 95 % over other pictures (bootstrap) and over other seeds (Student's t of pairs)."}}
	for _, pair := range pairs {
		row, err := l.difference(with, pair)
		if err != nil {
			return t, err
		}
		t.Add(append([]string{pair[0] + " - " + pair[1]}, row...)...)
	}
	return t, nil
}

func (l *Looks) difference(with string, pair [2]string) ([]string, error) {
	first, second := l.repeated(pair[0]), l.repeated(pair[1])
	if len(first) == 0 || len(first) != len(second) {
		return nil, fmt.Errorf("explain: difference: got networks %q and %q, want as many of each, at least one", first, second)
	}
	differences := make([]float64, len(l.IDs)) // mean over the seeds
	var bySeed [2][]float64                    // mean over the pictures
	for k := range first {
		a, err := l.agreements(first[k], with)
		if err != nil {
			return nil, err
		}
		b, err := l.agreements(second[k], with)
		if err != nil {
			return nil, err
		}
		means, err := Means(l.Labels, stats.DefaultBootstrap, a, b)
		if err != nil {
			return nil, err
		}
		for i, m := range means {
			bySeed[i] = append(bySeed[i], m.Value)
		}
		for i := range differences {
			differences[i] += (a[i] - b[i]) / float64(len(first))
		}
	}
	mean, err := Means(l.Labels, stats.DefaultBootstrap, differences)
	if err != nil {
		return nil, err
	}
	row := append([]string{fmt.Sprint(mean[0].Pictures)}, mean[0].cells()...)
	row = append(row, fmt.Sprint(len(first)))
	if len(first) < 2 {
		return append(row, "", ""), nil
	}
	over, err := stats.PairedT(bySeed[0], bySeed[1], stats.Confidence)
	if err != nil {
		return nil, err
	}
	return append(row, table.Signed(over.Low, decimals), table.Signed(over.High, decimals)), nil
}

// PartsTable tells how much of each network's evidence for the class that it answers lies on what decides: masks has one mask for each
// picture, size x size, as synth.Faces.Deciding draws it. Beside it stands the part of the picture that the masks cover, which a map
// that knows nothing would have.
func (l *Looks) PartsTable(masks [][]bool, size int) (table.Table, error) {
	t := table.Table{Title: fmt.Sprintf("Share of the evidence on the parts that decide (%s)", l.How), Columns: []table.Column{table.Text("network"),
		table.Number("pictures"), table.Number("share"), table.Number("low"), table.Number("high"), table.Number("area"), table.Number("accuracy")},
		Notes: []string{"Share: mean over the pictures, interval of 95 % by the bootstrap. Area: part of the picture that the parts cover. A picture without evidence for the answer is left out."}}
	if len(masks) != len(l.IDs) {
		return t, fmt.Errorf("explain: parts: got %d masks, want %d, one for each picture", len(masks), len(l.IDs))
	}
	for _, n := range l.Networks {
		shares, areas, right := make([]float64, len(masks)), make([]float64, len(masks)), 0
		for i, m := range n.Maps {
			answer := distill.Class(n.P[i], distill.Threshold)
			if answer == l.Labels[i] {
				right++
			}
			var err error
			if shares[i], err = m.Share(answer, masks[i], size); err != nil {
				return t, fmt.Errorf("%s: %s: %w", n.Name, l.IDs[i], err)
			}
			areas[i] = area(masks[i])
		}
		means, err := Means(l.Labels, stats.DefaultBootstrap, shares, areas)
		if err != nil {
			return t, fmt.Errorf("%s: %w", n.Name, err)
		}
		m := means[0]
		t.Add(n.Name, fmt.Sprint(m.Pictures), table.Fixed(m.Value, decimals), table.Fixed(m.Interval.Low, decimals), table.Fixed(m.Interval.High, decimals),
			table.Fixed(means[1].Value, decimals), table.Fixed(float64(right)/float64(len(masks)), decimals))
	}
	return t, nil
}

func area(mask []bool) float64 {
	n := 0
	for _, on := range mask {
		if on {
			n++
		}
	}
	return float64(n) / float64(len(mask))
}
