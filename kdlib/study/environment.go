package study

import "distillation/kdlib/study/folder"

// Environment returns what decides numbers and speed: the machine, and the software by name.
func Environment() (folder.Machine, map[string]string) { return machine(), software() }

// Commit is the commit of the source, "" where it is not known, and whether the source has changes that are not in it.
func Commit() (commit string, modified bool) { return sourceCommit() }
