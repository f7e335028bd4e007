package study

import "distillation/kdlib/results"

// Surroundings are the machine and the software that decide numbers and speed, by name.
func Surroundings() (results.Machine, map[string]string) { return machine(), software() }
