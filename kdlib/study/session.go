package study

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"distillation/kdlib/backend/memory"
	"distillation/kdlib/internal/checkout"
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
	commit, modified := checkout.Commit()
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

// note records a model that is finished, or "timing".
func (s *session) note(made string) error {
	now := &s.all[len(s.all)-1]
	now.Models = append(now.Models, made)
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
