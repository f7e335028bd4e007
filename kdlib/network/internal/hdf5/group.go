package hdf5

import (
	"bytes"
	"fmt"
)

// walk collects the arrays of a file, going from group to group.
type walk struct {
	file   []byte
	skip   func(name string) bool
	arrays map[string]Array
	seen   map[uint64]bool // object headers and tree nodes already read: a damaged file may lead in circles
}

// once marks an address as read.
func (w *walk) once(address uint64) error {
	if w.seen[address] {
		return fmt.Errorf("address %d is reached twice", address)
	}
	w.seen[address] = true
	return nil
}

// object reads the group or array whose object header lies at an address.
func (w *walk) object(address uint64, name string) error {
	if w.skip != nil && w.skip(name) {
		return nil
	}
	messages, err := w.messages(address)
	if err != nil {
		return fmt.Errorf("%q: %w", name, err)
	}
	if table, ok := messages[symbolTable]; ok {
		return w.group(table, name)
	}
	if _, ok := messages[dataLayout]; !ok {
		return nil // a named type: nothing to read
	}
	array, err := w.array(messages)
	if err != nil {
		return fmt.Errorf("%q: %w", name, err)
	}
	w.arrays[name] = array
	return nil
}

// group reads the members of a group from its symbol table message (IV.A.2.r).
func (w *walk) group(table *block, name string) error {
	tree, heap := table.u64(), table.u64()
	if err := table.failed(); err != nil {
		return err
	}
	names, err := w.heap(heap)
	if err != nil {
		return fmt.Errorf("group %q: %w", name, err)
	}
	return w.tree(tree, names, name)
}

// heap returns the data segment of a local heap, where the names of a group's members lie (III.D).
func (w *walk) heap(address uint64) ([]byte, error) {
	const header = 32
	h, err := at(w.file, address, header)
	if err != nil {
		return nil, err
	}
	if sig := h.bytes(4); string(sig) != "HEAP" {
		return nil, fmt.Errorf("at address %d: got %q, want a local heap", address, sig)
	}
	h.skip(4) // version, reserved
	size := h.u64()
	h.skip(wide) // free list
	data, err := at(w.file, h.u64(), size)
	if err != nil {
		return nil, err
	}
	return data.rest, nil
}

// tree reads a node of a group's B-tree of version 1 (III.A.1): inner nodes point to nodes, leaves to symbol table nodes.
func (w *walk) tree(address uint64, names []byte, group string) error {
	const header = 24
	if err := w.once(address); err != nil {
		return err
	}
	h, err := at(w.file, address, header)
	if err != nil {
		return err
	}
	sig, kind, level, used := h.bytes(4), h.u8(), h.u8(), h.u16()
	if string(sig) != "TREE" || kind != 0 {
		return fmt.Errorf("group %q: at address %d: got %q of type %d, want a B-tree of groups", group, address, sig, kind)
	}
	entries, err := at(w.file, address+header, (2*uint64(used)+1)*wide) // key, child, key, child, ..., key
	if err != nil {
		return err
	}
	visit := w.symbols
	if level > 0 {
		visit = w.tree
	}
	for range used {
		entries.skip(wide) // key
		if err := visit(entries.u64(), names, group); err != nil {
			return err
		}
	}
	return nil
}

// symbols reads the entries of a symbol table node (III.B, III.C).
func (w *walk) symbols(address uint64, names []byte, group string) error {
	const header, entry = 8, 40
	const softLink = 2 // cache type of a link to a name: its target is read where it lies
	h, err := at(w.file, address, header)
	if err != nil {
		return err
	}
	if sig := h.bytes(4); string(sig) != "SNOD" {
		return fmt.Errorf("group %q: at address %d: got %q, want a symbol table node", group, address, sig)
	}
	h.skip(2) // version, reserved
	count := h.u16()
	entries, err := at(w.file, address+header, uint64(count)*entry)
	if err != nil {
		return err
	}
	for range count {
		nameAt, object, cache := entries.u64(), entries.u64(), entries.u32()
		entries.skip(4 + 16) // reserved, scratch
		if cache == softLink {
			continue
		}
		name, err := nameIn(names, nameAt)
		if err != nil {
			return fmt.Errorf("group %q: %w", group, err)
		}
		if group != "" {
			name = group + "/" + name
		}
		if err := w.object(object, name); err != nil {
			return err
		}
	}
	return nil
}

// nameIn returns the name that begins at an offset of a heap and ends with a zero byte.
func nameIn(heap []byte, offset uint64) (string, error) {
	if offset < uint64(len(heap)) {
		if name, _, ended := bytes.Cut(heap[offset:], []byte{0}); ended {
			return string(name), nil
		}
	}
	return "", fmt.Errorf("a name at %d lies outside of its heap of %d bytes", offset, len(heap))
}
