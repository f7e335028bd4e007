package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
)

// kernelSpec is the file kernel.json of Jupyter's kernel specifications.
type kernelSpec struct {
	Argv          []string          `json:"argv"`
	DisplayName   string            `json:"display_name"`
	Language      string            `json:"language"`
	InterruptMode string            `json:"interrupt_mode"`
	Env           map[string]string `json:"env"`
}

// kernelJSON is the kernel spec of this checkout. `gonb --install` would write one without an environment.
func kernelJSON(l layout, env goEnv, p plugin, getenv func(string) string) ([]byte, error) {
	spec := kernelSpec{
		Argv:          append([]string{l.starter(), "--kernel", "{connection_file}", "-go_work=" + string(l)}, logFlags...),
		DisplayName:   "Go (gonb)",
		Language:      "go",
		InterruptMode: "message", // GoNB then ends the cell's process, not itself
		Env:           map[string]string{},
	}
	for _, v := range kernelEnvironment(l, env, p, getenv) {
		spec.Env[v.Name] = v.Value
	}
	data, err := json.MarshalIndent(spec, "", " ")
	return append(data, '\n'), err
}

// logFlags keep GoNB's log, which tells of every cell, out of JupyterLab's output and of the temporary folder.
var logFlags = []string{"-logtostderr=false", "-stderrthreshold=FATAL", "-log_file_max_size=10"} // MB

// starterScript starts GoNB, whose log is a file that a kernel spec can name for one user only.
const starterScript = `#!/bin/sh
# Starts GoNB with its log in this installation, or, for users who cannot write there, among their own files.
here=$(dirname "$0")
log=$here/../share/kernel-setup/gonb.log
if ! (: >>"$log") 2>/dev/null; then
	log=${XDG_STATE_HOME:-$HOME/.local/state}/kdlib/gonb.log
	mkdir -p "${log%/*}"
fi
exec "$here/gonb" -log_file="$log" "$@"
`

// jupyterSettings keep JupyterLab from asking the network for news, and the user whether it may, and show Markdown as a page.
const jupyterSettings = `{
 "@jupyterlab/apputils-extension:notification": {"checkForUpdates": false, "fetchNews": "false"},
 "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}}
}
`

// kernelFiles are the files of Jupyter's that this program writes, by path.
func (s *setup) kernelFiles() (map[string][]byte, error) {
	p, err := findPlugin(s.layout, os.Getenv)
	if err != nil {
		return nil, err
	}
	spec, err := kernelJSON(s.layout, s.env, p, os.Getenv)
	return map[string][]byte{
		s.starter():    []byte(starterScript),
		s.kernelSpec(): spec,
		s.jupyter("lab", "settings", "overrides.json"): []byte(jupyterSettings),
	}, err
}

// checkKernelSpec wants each file to be what it would be written as now.
func (s *setup) checkKernelSpec(context.Context) status {
	st := status{where: s.relative(s.kernelSpec())}
	files, err := s.kernelFiles()
	if err != nil {
		st.problem = "waits for the XLA plugin"
		return st
	}
	for path, want := range files {
		got, err := os.ReadFile(path)
		switch {
		case err != nil:
			st.problem = notInstalled
		case !bytes.Equal(got, want):
			st.problem = "differs from what this environment needs"
		default:
			continue
		}
		return st
	}
	st.ok, st.version = true, "gonb"
	return st
}

func (s *setup) installKernelSpec(context.Context) error {
	files, err := s.kernelFiles()
	if err != nil {
		return err
	}
	for path, data := range files {
		if err := writeFile(path, data); err != nil {
			return err
		}
	}
	return os.Chmod(s.starter(), 0o755)
}
