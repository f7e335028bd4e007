package study

import "distillation/kdlib/study/folder"

// Environment returns what decides numbers and speed: the machine, and the software by name.
func Environment() (folder.Machine, map[string]string) { return machine(), software() }
