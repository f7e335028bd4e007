package study

import "distillation/kdlib/study/folder"

// Surroundings are the machine and the software that decide numbers and speed, by name.
func Surroundings() (folder.Machine, map[string]string) { return machine(), software() }
