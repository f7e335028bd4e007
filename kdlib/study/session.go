package study

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"distillation/kdlib/backend/memory"
	"distillation/kdlib/internal/cpu"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"

	"github.com/gomlx/compute"
)

// session records itself beside its results, from its first moment, so that an
// interrupted one is recorded too.
type session struct {
	path string
	all  []folder.Session
}

func begin(dir string) (*session, error) {
	s := &session{path: filepath.Join(dir, folder.SessionsFile)}
	if err := recipe.ReadJSON(s.path, &s.all); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	commit, modified := sourceCommit()
	s.all = append(s.all, folder.Session{
		Command:  append([]string{filepath.Base(os.Args[0])}, os.Args[1:]...),
		Commit:   commit,
		Modified: modified,
		Started:  time.Now().UTC().Truncate(time.Second),
		Machine:  machine(),
		Software: software(),
	})
	return s, recipe.WriteJSON(s.path, s.all)
}

// before is the session before this one where that was on another kind of machine, else nil.
func (s *session) before() *folder.Session {
	if n := len(s.all); n > 1 && !s.all[n-1].SameKind(s.all[n-2]) {
		return &s.all[n-2]
	}
	return nil
}

// note records a model that is finished, or "timing", and the checksums of its files.
func (s *session) note(made string, files ...string) error {
	sums, err := folder.Checksums(filepath.Dir(s.path), files...)
	if err != nil {
		return err
	}
	now := &s.all[len(s.all)-1]
	now.Models = append(now.Models, made)
	if now.Files == nil {
		now.Files = map[string]string{}
	}
	maps.Copy(now.Files, sums)
	return s.write()
}

// write records how much memory was used until now, and all that is known.
func (s *session) write() error {
	s.all[len(s.all)-1].Peak = memory.Peak()
	return recipe.WriteJSON(s.path, s.all)
}

func (s *session) end() error {
	now := time.Now().UTC().Truncate(time.Second)
	s.all[len(s.all)-1].Ended = &now
	return s.write()
}

// module is the name of this one in its go.mod.
const module = "distillation"

// sourceCommit asks git, since a command run by "go tool" and a notebook's cell carry no commit. Where the working directory,
// which may be any of the checkout, is in no checkout of this module, or there is no git, the commit is empty.
func sourceCommit() (commit string, modified bool) {
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
