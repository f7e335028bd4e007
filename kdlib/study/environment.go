package study

import "distillation/kdlib/study/folder"

// Environment are the machine and the software that decide numbers and speed, by name.
func Environment() (folder.Machine, map[string]string) { return machine(), software() }
