package images

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"distillation/kdlib/predictions"
)

// A Layout says where the labels of pictures come from.
type Layout string

// The layouts. Each may lie below folders train, val and test, which are then the split.
const (
	AnyLayout Layout = ""        // as all files together decide
	Names     Layout = "names"   // cat.0.jpg, dog.12.jpg in any folder (Kaggle); PetImages/Cat/0.jpg or Cat/0.jpg (Microsoft)
	Folders   Layout = "folders" // two folders: left/a.jpg, left/2019/b.jpg and right/c.jpg
	Parents   Layout = "parents" // the name of each picture's own folder: day1/left/a.jpg, day2/right/a.jpg
)

// Layouts are the ones to choose from.
var Layouts = []Layout{Names, Folders, Parents}

// Validate returns an error unless l is one of Layouts or AnyLayout.
func (l Layout) Validate() error {
	if l != AnyLayout && !slices.Contains(Layouts, l) {
		return fmt.Errorf("layout: got %q, want one of %q, or none", string(l), Layouts)
	}
	return nil
}

// wanted says which layouts are understood; error messages repeat it.
const wanted = "cat.0.jpg, dog.12.jpg, ... in any folder (Kaggle), or PetImages/Cat/0.jpg, PetImages/Dog/12.jpg, ... (Microsoft), or exactly two folders of pictures, " +
	"each of these also below folders train, val and test"

// setOf are the names of folders that hold a set, in lower case.
var setOf = map[string]predictions.Split{
	"train": predictions.Train, "training": predictions.Train,
	"val": predictions.Validation, "valid": predictions.Validation, "validation": predictions.Validation,
	"test": predictions.Test, "testing": predictions.Test,
}

// setName is the name of a folder that holds a set, or some pictures to be tested ("test1"): no class.
var setName = regexp.MustCompile(`(?i)^(?:train|training|val|valid|validation|test|testing)[0-9]*$`)

// found is a picture whose class is to be told.
type found struct {
	entry
	split     predictions.Split // of a folder in its path; none: ""
	setFolder string            // its name
	rel       string            // the path without that folder; "": outside of the sets
}

func (f found) folder() string { return path.Dir(f.rel) }

// stem is the file's name without its ending.
func (f found) stem() string { return anyPicture.FindStringSubmatch(path.Base(f.rel))[1] }

// A reading is one way to tell classes.
type reading struct {
	layout   Layout
	said     string // in one line
	classes  [2]string
	pictures []Picture // of each found one; without an ID: left out
}

// decide tells all pictures' classes, by the layout that is wanted or by the only one that fits.
func decide(entries []entry, want Layout) (reading, []found, error) {
	all := inSets(entries)
	if r := readBy(all, want); alreadySplit(r, all) {
		chosen, err := choose(r, all, want)
		return chosen.inSets(all), all, err
	}
	all = inNone(entries)
	chosen, err := choose(readBy(all, want), all, want)
	return chosen, all, err
}

// inSets takes the folder of a set out of each path: "data/train/ants/1.jpg" is "data/ants/1.jpg" of the training set.
func inSets(entries []entry) []found {
	all := make([]found, len(entries))
	for i, e := range entries {
		all[i].entry = e
		parts := strings.Split(e.name, "/")
		for k, part := range parts[:len(parts)-1] {
			if split, ok := setOf[strings.ToLower(part)]; ok {
				all[i].split, all[i].setFolder = split, part
				all[i].rel = path.Join(slices.Delete(parts, k, k+1)...)
				break
			}
		}
	}
	return all
}

func inNone(entries []entry) []found {
	all := make([]found, len(entries))
	for i, e := range entries {
		all[i] = found{entry: e, rel: e.name}
	}
	return all
}

// alreadySplit says whether one of the readings finds a training set and another one.
func alreadySplit(readings []reading, all []found) bool {
	for _, r := range readings {
		sets := map[predictions.Split]bool{}
		for i, p := range r.pictures {
			if p.ID != "" {
				sets[all[i].split] = true
			}
		}
		if sets[predictions.Train] && len(sets) > 1 {
			return true
		}
	}
	return false
}

// inSets gives each picture its set, also in its ID, since the sets may number their pictures anew.
func (r reading) inSets(all []found) reading {
	var folders []string
	for i, p := range r.pictures {
		if p.ID == "" {
			continue
		}
		r.pictures[i].Split = all[i].split
		r.pictures[i].ID = string(all[i].split) + "/" + p.ID
		if !slices.Contains(folders, all[i].setFolder) {
			folders = append(folders, all[i].setFolder)
		}
	}
	slices.Sort(folders)
	r.said += fmt.Sprintf("; already split into the folders %s", strings.Join(folders, ", "))
	return r
}

// readBy returns the readings that find pictures, the preferred one first.
func readBy(all []found, want Layout) []reading {
	var readings []reading
	for _, layout := range Layouts {
		if want == AnyLayout || want == layout {
			readings = append(readings, readers[layout](all, want != AnyLayout)...)
		}
	}
	return readings
}

// readers read by a layout. Unless it was asked for, folders of sets are no classes.
var readers = map[Layout]func(all []found, asked bool) []reading{Names: byNames, Folders: byFolders, Parents: byParents}

// choose takes the only reading, or the first one that leaves no picture out of the folders that it reads. Two that disagree
// are an error.
func choose(readings []reading, all []found, want Layout) (reading, error) {
	if len(readings) == 0 {
		return reading{}, noReading(all)
	}
	if want != AnyLayout {
		return readings[0], nil
	}
	for i, r := range readings {
		for _, other := range readings[:i] {
			if err := disagree(other, r, all); err != nil {
				return reading{}, err
			}
		}
	}
	for _, r := range readings {
		if len(r.strays(all)) == 0 {
			return r, nil
		}
	}
	r := slices.MaxFunc(readings, func(a, b reading) int { return cmp.Compare(a.count(), b.count()) })
	strays := r.strays(all)
	return reading{}, fmt.Errorf("%s: of %d pictures %d have no class, in folders of which others do: %s; move them, or leave them out with --layout %s",
		r.said, len(all), len(strays), few(strays), r.layout)
}

func (r reading) count() int {
	n := 0
	for _, p := range r.pictures {
		if p.ID != "" {
			n++
		}
	}
	return n
}

// strays are pictures without a class in folders that hold some with a class.
func (r reading) strays(all []found) []string {
	folders := map[string]bool{}
	for i, p := range r.pictures {
		if p.ID != "" {
			folders[path.Dir(all[i].name)] = true
		}
	}
	var strays []string
	for i, p := range r.pictures {
		if p.ID == "" && folders[path.Dir(all[i].name)] {
			strays = append(strays, all[i].path)
		}
	}
	return strays
}

// withoutClass lists the folders whose pictures have no class, and how many these are.
func (r reading) withoutClass(all []found) []string {
	counts := map[string]int{}
	for i, p := range r.pictures {
		if p.ID == "" {
			counts[path.Dir(all[i].path)]++
		}
	}
	folders := make([]string, 0, len(counts))
	for folder, n := range counts {
		if folder == "." {
			folder = "the top folder"
		}
		folders = append(folders, fmt.Sprintf("%s (%d)", folder, n))
	}
	slices.Sort(folders)
	return folders
}

// disagree returns an error that names a picture to which two readings give different labels.
func disagree(a, b reading, all []found) error {
	for i, p := range a.pictures {
		q := b.pictures[i]
		if p.ID != "" && q.ID != "" && p.Label != q.Label {
			return fmt.Errorf("two readings give different labels: %s: 0 = %s, 1 = %s, so that %s is %s; %s: 0 = %s, 1 = %s, so that it is %s; choose with --layout %s%s",
				a.said, a.classes[0], a.classes[1], all[i].path, a.classes[p.Label], b.said, b.classes[0], b.classes[1], b.classes[q.Label], a.layout, or(a, b))
		}
	}
	return nil
}

// or names the second choice: two readings by folders differ in how deep these lie.
func or(a, b reading) string {
	if a.layout == b.layout {
		return " (the upper folders), or open the folder that holds the lower ones"
	}
	return " or --layout " + string(b.layout)
}

// few lists up to three.
func few(names []string) string {
	const most = 3
	if len(names) > most {
		return strings.Join(names[:most], ", ") + ", ..."
	}
	return strings.Join(names, ", ")
}

// byNames reads the layouts of Kaggle and Microsoft.
func byNames(all []found, _ bool) []reading {
	r := reading{layout: Names, classes: pets, pictures: make([]Picture, len(all))}
	var kaggles, microsofts int
	for i, f := range all {
		p, kaggle, ok := pet(f.rel)
		switch {
		case !ok:
			continue
		case kaggle:
			kaggles++
		default:
			microsofts++
		}
		r.pictures[i] = p
	}
	switch {
	case kaggles+microsofts == 0:
		return nil
	case microsofts == 0:
		r.said = "Kaggle's layout: labels from names"
	case kaggles == 0:
		r.said = "Microsoft's layout: labels from the folders Cat and Dog"
	default:
		r.said = "Kaggle's and Microsoft's layouts: labels from names and from the folders Cat and Dog"
	}
	return []reading{r}
}

// byFolders takes the two uppermost folders of pictures for classes, as Keras and torchvision do below the folder that they
// are given. If one of them holds no more than two folders itself, these may be meant: a second reading.
func byFolders(all []found, asked bool) []reading {
	top, children := fork("", all)
	if len(children) != 2 {
		return nil
	}
	first, ok := twoClasses(all, top, children, asked)
	if !ok {
		return nil
	}
	readings := []reading{first}
	for _, child := range children {
		if lower, grand := fork(path.Join(top, child), all); len(grand) == 2 {
			if r, ok := twoClasses(all, lower, grand, asked); ok {
				readings = append(readings, r)
			}
		}
	}
	return readings
}

// fork descends from a folder to the first one that holds pictures in several folders, or, below the top, itself; it returns
// that folder and the names of the folders of pictures in it.
func fork(start string, all []found) (folder string, children []string) {
	for folder = start; ; folder = path.Join(folder, children[0]) {
		children = nil
		for _, f := range all {
			rest, ok := below(folder, f.rel)
			if !ok {
				continue
			}
			child, _, deeper := strings.Cut(rest, "/")
			if !deeper && start != "" {
				return folder, nil
			}
			if deeper && !slices.Contains(children, child) {
				children = append(children, child)
			}
		}
		if len(children) != 1 {
			return folder, children
		}
	}
}

// below cuts a folder off the beginning of a path.
func below(folder, name string) (rest string, ok bool) {
	if folder == "" {
		return name, name != ""
	}
	return strings.CutPrefix(name, folder+"/")
}

// twoClasses reads two folders in a folder.
func twoClasses(all []found, top string, folders []string, asked bool) (reading, bool) {
	r, ok := labelled(Folders, folders, asked)
	if !ok {
		return r, false
	}
	r.said = fmt.Sprintf("labels from the folders %s and %s", path.Join(top, r.classes[0]), path.Join(top, r.classes[1]))
	r.pictures = make([]Picture, len(all))
	for i, f := range all {
		rest, ok := below(top, f.rel)
		class, rest, deeper := strings.Cut(rest, "/")
		if !ok || !deeper {
			continue
		}
		if label := slices.Index(r.classes[:], class); label >= 0 {
			r.pictures[i] = Picture{ID: class + "." + path.Join(path.Dir(rest), f.stem()), Label: label}
		}
	}
	return r, true
}

// labelled begins a reading of two classes of different names, whatever their case, in alphabetical order.
func labelled(layout Layout, names []string, asked bool) (reading, bool) {
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a), strings.ToLower(b)), cmp.Compare(a, b))
	})
	same := strings.EqualFold(names[0], names[1])
	sets := setName.MatchString(names[0]) || setName.MatchString(names[1])
	return reading{layout: layout, classes: [2]string(names)}, !same && (asked || !sets)
}

// byParents takes the name of the folder in which a picture lies for its class, wherever that folder lies.
func byParents(all []found, asked bool) []reading {
	var names []string
	for _, f := range all {
		if name := path.Base(f.folder()); f.rel != "" && name != "." && !slices.Contains(names, name) {
			if names = append(names, name); len(names) > 2 {
				return nil
			}
		}
	}
	if len(names) != 2 {
		return nil
	}
	r, ok := labelled(Parents, names, asked)
	if !ok {
		return nil
	}
	r.said = fmt.Sprintf("labels from each picture's folder, %s or %s", r.classes[0], r.classes[1])
	r.pictures = make([]Picture, len(all))
	for i, f := range all {
		class := path.Base(f.folder())
		if label := slices.Index(r.classes[:], class); f.rel != "" && label >= 0 {
			r.pictures[i] = Picture{ID: class + "." + path.Join(path.Dir(f.folder()), f.stem()), Label: label}
		}
	}
	return []reading{r}
}

// mostNamed folders are named where they are not two.
const mostNamed = 5

// noReading says what was found instead of a layout.
func noReading(all []found) error {
	var folders []string
	for _, f := range all {
		if folder := path.Dir(f.path); !slices.Contains(folders, folder) {
			if folders = append(folders, folder); len(folders) == mostNamed {
				break
			}
		}
	}
	slices.Sort(folders)
	return fmt.Errorf("%w among %d pictures, in the folders %q: want %s", errNoClasses, len(all), folders, wanted)
}
