package study

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"distillation/kdlib/backend/memory"
	"distillation/kdlib/internal/cpu"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train/history"

	"github.com/gomlx/compute"
)

// session records itself beside its results, from its first moment, so that an
// interrupted one is recorded too. Each has a file of its own: none touches what another has said.
type session struct {
	dir    string // of the study
	path   string
	now    folder.Session
	past   []folder.Session
	failed error // of counting
}

// sessionName is the name of a session's file: two of one second do not meet, and they sort by time.
const sessionName = "20060102T150405.000000000Z.json"

func begin(dir string) (*session, error) {
	past, err := (&folder.Study{Dir: dir}).Sessions()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(dir, folder.SessionsDir), 0o755); err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	started := time.Now().UTC()
	s := &session{dir: dir, path: filepath.Join(dir, folder.SessionsDir, started.Format(sessionName)), past: past, now: NewSession()}
	return s, recipe.WriteJSON(s.path, s.now)
}

// NewSession describes this process, which begins to work now: its command, the commit of its source, the machine, the versions.
func NewSession() folder.Session {
	commit, modified := sourceCommit()
	return folder.Session{
		Command:  append([]string{filepath.Base(os.Args[0])}, os.Args[1:]...),
		Commit:   commit,
		Modified: modified,
		Started:  time.Now().UTC().Truncate(time.Second),
		Machine:  machine(),
		Software: software(),
		Epochs:   map[string]int{},
	}
}

// before is the session before this one where that was on another kind of machine, else nil.
func (s *session) before() *folder.Session {
	if n := len(s.past); n > 0 && !s.now.SameKind(s.past[n-1]) {
		return &s.past[n-1]
	}
	return nil
}

// counting counts the epochs of a model that are stored, and tells of them as before.
func (s *session) counting(model string, tell func(history.Epoch)) func(history.Epoch) {
	return func(e history.Epoch) {
		s.now.Epochs[model]++
		s.failed = errors.Join(s.failed, s.write())
		tell(e)
	}
}

// isMixed says whether a model was trained on several kinds of machine.
func (s *session) isMixed(model string) bool {
	return slices.Contains(folder.Mixed(append(slices.Clone(s.past), s.now)), model)
}

// note records a model that is finished, or "timing", and the checksums of its files.
func (s *session) note(made string, files ...string) error {
	sums, err := folder.Checksums(s.dir, files...)
	if err != nil {
		return err
	}
	s.now.Models = append(s.now.Models, made)
	if s.now.Files == nil {
		s.now.Files = map[string]string{}
	}
	maps.Copy(s.now.Files, sums)
	return errors.Join(s.failed, s.write())
}

// write records how much memory was used until now, and all that is known.
func (s *session) write() error {
	s.now.Peak = memory.Peak()
	return recipe.WriteJSON(s.path, s.now)
}

func (s *session) end() error {
	now := time.Now().UTC().Truncate(time.Second)
	s.now.Ended = &now
	return s.write()
}

// module is the name of this one in its go.mod.
const module = "distillation"

// commit is that of the source, where the linker was told: go build -ldflags "-X distillation/kdlib/study.commit=$(git describe
// --always --abbrev=40 --dirty --exclude='*')".
var commit string

// dirty is what git describe adds to a commit that the source has changed since.
const dirty = "-dirty"

// sourceCommit is the commit that the program was built of, as it says itself; where it does not, git is asked. The folder may have
// changed since the program was built, so that git comes last.
func sourceCommit() (commit string, modified bool) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	if commit, modified = builtFrom(info); commit != "" {
		return commit, modified
	}
	return checkedOut()
}

// builtFrom is the commit in the program: the linker's, or go's own where the program is of this module and not of one that uses it.
func builtFrom(info *debug.BuildInfo) (revision string, modified bool) {
	if commit != "" {
		return strings.CutSuffix(commit, dirty)
	}
	if info.Main.Path != module {
		return "", false
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			revision = s.Value
		case "vcs.modified":
			modified = s.Value == "true"
		}
	}
	return revision, modified && revision != ""
}

// checkedOut asks git, since a command run by "go tool" and a notebook's cell, which are built when they are run, carry no commit.
// Where the working directory, which may be any of the checkout, is in no checkout of this module, or there is no git, the commit is empty.
func checkedOut() (commit string, modified bool) {
	top, err := exec.Command("git", "rev-parse", "--show-toplevel").Output()
	if err != nil {
		return "", false
	}
	root := strings.TrimSpace(string(top))
	if text, err := os.ReadFile(filepath.Join(root, "go.mod")); err != nil || !strings.HasPrefix(string(text), "module "+module+"\n") {
		return "", false
	}
	out, err := exec.Command("git", "-C", root, "rev-parse", "HEAD").Output()
	if err != nil {
		return "", false
	}
	changed, err := exec.Command("git", "-C", root, "status", "--porcelain", "--", "kdlib", "go.mod", "go.sum").Output()
	return strings.TrimSpace(string(out)), err != nil || len(changed) > 0
}

func machine() folder.Machine {
	return folder.Machine{CPU: cpu.Model(), ISA: cpu.ISA(), Cores: runtime.NumCPU(), System: runtime.GOOS + "/" + runtime.GOARCH}
}

// software lists the versions and settings that decide numbers and speed.
func software() map[string]string {
	versions := map[string]string{"go": runtime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if strings.HasPrefix(module.Path, "github.com/gomlx/") {
				versions[filepath.Base(module.Path)] = module.Version
			}
		}
	}
	for _, name := range []string{compute.ConfigEnvVar, cpu.FlagsVariable, memory.Variable} {
		if value := os.Getenv(name); value != "" {
			versions[name] = value
		}
	}
	if plugin, ok := versions[compute.ConfigEnvVar]; ok {
		versions[compute.ConfigEnvVar] = path.Base(plugin) // its file only: where it lies decides nothing
	}
	return versions
}
