package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// status is what is known of a component or a prerequisite.
type status struct {
	ok      bool
	version string
	where   string
	problem string // what is wrong, and what to type if that is known; empty when ok
}

// component is one thing that set-up installs. Its install may be run again after it was interrupted anywhere.
type component struct {
	name    string
	takes   string // how long its installation usually is silent, in words
	check   func(context.Context) status
	install func(context.Context) error
}

// setup is one run of a command on one checkout.
type setup struct {
	layout
	out  io.Writer // progress
	env  goEnv
	held *os.File // the lock, while it is held
}

// newSetup finds the checkout that the working directory lies in.
func newSetup(ctx context.Context, out io.Writer) (*setup, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	l, err := findLayout(dir)
	if err != nil {
		return nil, err
	}
	env, err := readGoEnv(ctx, string(l))
	if err != nil {
		return nil, err
	}
	return &setup{layout: l, out: out, env: env}, nil
}

// components lists everything in the order of installation: each but the independent ones may need those before it.
func (s *setup) components() []component {
	kernel := s.kernelTools()
	return []component{
		{"JupyterLab", "a minute or two, and 60 MB of packages", s.checkPythonEnv, s.installPythonEnv},
		{"Go kernel", "a minute or two", kernel.check, kernel.install},
		{"XLA plugin", "as long as its download", s.checkPlugin, s.installPlugin},
		{"Go packages", "two minutes or so the first time", s.checkPackages, s.installPackages},
		{"kernel spec", "no time", s.checkKernelSpec, s.installKernelSpec},
	}
}

// ensure installs what is missing and returns the plugin to use.
func (s *setup) ensure(ctx context.Context) (plugin, error) {
	if !s.complete(ctx) {
		if err := s.checkPrerequisites(ctx); err != nil {
			return plugin{}, err
		}
		unlock, err := s.lock(ctx)
		if err != nil {
			return plugin{}, err
		}
		defer unlock()
		if err := s.ensureAll(ctx); err != nil {
			return plugin{}, err
		}
		if err := os.RemoveAll(s.temp()); err != nil {
			return plugin{}, err
		}
	}
	p, err := findPlugin(s.layout, os.Getenv)
	if err != nil {
		return plugin{}, err
	}
	return p, nil
}

// independent is how many of the first components need no other: JupyterLab waits for the network and takes one processor, the Go kernel
// takes what there is.
const independent = 2

func (s *setup) ensureAll(ctx context.Context) error {
	beside := *s
	beside.out = &sharedWriter{w: s.out} // no terminal: two spinners would write over each other
	if err := beside.together(ctx, beside.components()[:independent]); err != nil {
		return err
	}
	for _, c := range s.components()[independent:] {
		if err := s.ensureComponent(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// together installs components at once. The first that fails stops the others.
func (s *setup) together(ctx context.Context, all []component) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	errs := make(chan error, len(all))
	for _, c := range all {
		go func() { errs <- s.ensureComponent(ctx, c) }()
	}
	var first error
	for range all {
		if err := <-errs; err != nil && first == nil {
			first = err
			stop()
		}
	}
	return first
}

func (s *setup) complete(ctx context.Context) bool {
	if s.checkOurs() != nil {
		return false
	}
	for _, c := range s.components() {
		if !c.check(ctx).ok {
			return false
		}
	}
	return true
}

// ensureComponent installs c unless its check passes, and tells how long it took.
func (s *setup) ensureComponent(ctx context.Context, c component) error {
	before := c.check(ctx)
	if before.ok {
		return nil
	}
	fmt.Fprintf(s.out, "%s: %s; installing, which takes %s\n", c.name, before.problem, c.takes)
	start := time.Now()
	if err := os.MkdirAll(s.temp(), 0o755); err != nil {
		return err
	}
	if err := c.install(ctx); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%s could not be installed: %w\nWhat was installed before stays; run the same command again to go on from there", c.name, err)
	}
	after := c.check(ctx)
	if !after.ok {
		return fmt.Errorf("%s: still not right after it was installed: %s", c.name, after.problem)
	}
	fmt.Fprintf(s.out, "%s: %s, ready in %.0f s\n", c.name, after.version, time.Since(start).Seconds())
	return nil
}

// checkPrerequisites reports everything that only the user can install, at once.
func (s *setup) checkPrerequisites(ctx context.Context) error {
	failed := false
	for _, p := range s.prerequisites(ctx) {
		if !p.ok {
			failed = true
			fmt.Fprintf(os.Stderr, "kernel-setup: %s\n", p.problem)
		}
	}
	if failed {
		return errReported
	}
	return nil
}

// sizeOf is the size of a regular file, -1 if there is none.
func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return -1
	}
	return info.Size()
}

// relative shortens path for messages.
func (s *setup) relative(path string) string {
	if rel, err := filepath.Rel(string(s.layout), path); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return path
}
