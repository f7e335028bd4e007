package images

import (
	"path"
	"strings"
)

// A linker finds the files of an archive that its links lead to.
type linker struct {
	at      map[string]int  // each file's and link's place among the entries, by its clean name
	folders map[string]bool // that hold any
	entries []entry
}

// resolve makes the links among the entries of an archive files where they lead to some, and else says why not.
func resolve(entries []entry) {
	l := linker{at: make(map[string]int, len(entries)), folders: map[string]bool{".": true}, entries: entries}
	for i, e := range entries {
		name := path.Clean(e.key)
		if before, twice := l.at[name]; !twice || !entries[before].mode.IsRegular() { // a link does not hide the file of its name
			l.at[name] = i
		}
		for folder := path.Dir(name); !l.folders[folder] && folder != "/"; folder = path.Dir(folder) {
			l.folders[folder] = true
		}
	}
	for i, e := range entries {
		if e.link == "" {
			continue
		}
		file, reason := l.follow(e)
		if entries[i].reason = reason; reason == "" {
			entries[i].content, entries[i].at, entries[i].kind = file.content, file.at, file.kind
			entries[i].mode = file.mode
		}
	}
}

// mostLinks one after another are followed, as Linux does.
const mostLinks = 40

// Reasons why a link is not followed that are more than words.
const (
	leaves   = "a link out of the archive"
	toFolder = "a link to a folder" // whose pictures are read under their own names
)

// follow returns the file at the end of a chain of links.
func (l linker) follow(e entry) (file entry, reason string) {
	for range mostLinks {
		if e.mode.IsRegular() {
			return e, ""
		}
		to := path.Clean(e.link)
		if !e.hard {
			to = path.Join(path.Dir(path.Clean(e.key)), e.link)
		}
		if path.IsAbs(e.link) || to == ".." || strings.HasPrefix(to, "../") {
			return e, leaves + ", to " + e.link
		}
		next, ok := l.at[to]
		switch {
		case ok:
			e = l.entries[next]
		case l.folders[to] && anyHidden(to):
			return e, "a link to a hidden folder, which is not read in an archive"
		case l.folders[to]:
			return e, toFolder
		default:
			return e, "a link to nothing, " + e.link
		}
	}
	return e, "a link that leads to itself"
}
