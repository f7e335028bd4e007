// Package memory sets up how the C library hands memory to XLA. Every step of a compiled program asks for one block of some
// hundred megabytes and gives it back. By default the kernel then takes the pages away and clears new ones for the next step,
// four kilobytes at a time.
package memory

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
)

// Variable is the environment variable that the GNU C library reads when a program starts; others ignore it.
const Variable = "GLIBC_TUNABLES"

// Tunables is what makes training fast and its speed steady: one heap for all threads (arena_max), from which every block comes
// whatever its size (mmap_max), which grows by 1 GiB of addresses (top_pad), does not shrink (trim_threshold) and lies in
// pages of 2 MiB where the kernel has them (hugetlb). A training step of ResNet-18 on 32 pictures of 64x64 took 0.12-0.15 s
// with them and 0.22-0.26 s without on two cores of an AMD EPYC, and the process took 1.1 GB instead of 1.5.
const Tunables = "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1:glibc.malloc.mmap_max=0:" +
	"glibc.malloc.trim_threshold=20000000000:glibc.malloc.top_pad=1073741824"

// Restart replaces the running program by itself with Tunables, once. It does nothing if the user has set the variable, even to
// an empty value, and on systems without it.
func Restart() error {
	if _, set := os.LookupEnv(Variable); set || runtime.GOOS != "linux" {
		return nil
	}
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("memory: %w", err)
	}
	if err := syscall.Exec(program, os.Args, append(os.Environ(), Variable+"="+Tunables)); err != nil {
		return fmt.Errorf("memory: %s: %w", program, err)
	}
	return nil
}

// Peak returns the most memory that this process has used at any time, in bytes (the system's maximum resident set size), or 0
// if the system does not tell.
func Peak() int64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	unit := int64(1024) // getrusage(2) of Linux
	if runtime.GOOS == "darwin" {
		unit = 1
	}
	return int64(used.Maxrss) * unit //nolint:unconvert // int32 on some systems
}
