package train

import (
	"fmt"
	"syscall"
)

// checkDisk finds a disk that is too full, before an epoch is trained for nothing. The next checkpoint and the next best network
// need room beside the old ones.
func (t *trainer) checkDisk() error {
	var network, everything uint64
	for v := range t.model.store.IterVariables() {
		size := uint64(v.Shape().ByteSize())
		everything += size
		if t.model.inNetwork(v) {
			network += size
		}
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(t.Dir, &disk); err != nil {
		return fmt.Errorf("train: %s: %w", t.Dir, err)
	}
	if t.Recipe.Average != 0 {
		everything += network // AverageFile
	}
	const mega = 1 << 20
	if free, want := disk.Bavail*uint64(disk.Bsize), network+everything; free < want {
		return fmt.Errorf("train: %s: the disk is too full: got %d MB free, want %d MB for the weights", t.Dir, free/mega, want/mega+1)
	}
	return nil
}
