// Package hdf5 reads the part of the HDF5 format that Keras's weight files use: groups and contiguous float32 arrays as
// h5py writes them by default (superblock 0, object headers of version 1). Anything else (chunks, compression, other
// number types, files written with libver="latest") is an error that says so.
//
// Names of structures and fields are those of the "HDF5 File Format Specification Version 3.0" of the HDF Group; sections
// are quoted from it.
package hdf5

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Signature begins every HDF5 file (II.A).
const Signature = "\x89HDF\r\n\x1a\n"

// Array is a data set.
type Array struct {
	Shape []int // empty for a single number
	Data  []float32
}

// Parse returns the arrays of a file's content by their full names, such as "layers/conv2d/vars/0". Groups and arrays whose
// name skip wants left out (nil: none) are not read. Attributes and links to other places are not looked at.
func Parse(raw []byte, skip func(name string) bool) (map[string]Array, error) {
	root, err := superblock(raw)
	if err != nil {
		return nil, err
	}
	w := walk{file: raw, skip: skip, arrays: map[string]Array{}, seen: map[uint64]bool{}}
	return w.arrays, w.object(root, "")
}

// Offsets in superblock version 0 (II.A).
const (
	atVersion     = 8
	atOffsetSize  = 13
	atLengthSize  = 14
	atBase        = 24
	atRootHeader  = 64 // in the root group's symbol table entry: address of its object header
	superblockEnd = 96
	wide          = 8 // bytes of an offset and of a length: those of h5py
)

// superblock returns the address of the root group's object header.
func superblock(raw []byte) (uint64, error) {
	if !bytes.HasPrefix(raw, []byte(Signature)) {
		return 0, fmt.Errorf("not an HDF5 file: its first bytes are %q", raw[:min(len(raw), len(Signature))])
	}
	if len(raw) < superblockEnd {
		return 0, fmt.Errorf("cut short: %d bytes", len(raw))
	}
	if v := raw[atVersion]; v != 0 {
		return 0, fmt.Errorf("superblock version %d: only 0 is read, h5py's default (libver=\"earliest\")", v)
	}
	if raw[atOffsetSize] != wide || raw[atLengthSize] != wide {
		return 0, fmt.Errorf("addresses of %d and lengths of %d bytes: only %d are read", raw[atOffsetSize], raw[atLengthSize], wide)
	}
	if base := binary.LittleEndian.Uint64(raw[atBase:]); base != 0 {
		return 0, fmt.Errorf("base address %d: only 0 is read", base)
	}
	return binary.LittleEndian.Uint64(raw[atRootHeader:]), nil
}

// block is a run of bytes of the file that is read from the front. Reading past its end gives zeros and marks it.
type block struct {
	rest  []byte
	short bool
}

// at returns size bytes of the file from an address.
func at(file []byte, address, size uint64) (*block, error) {
	if n := uint64(len(file)); address > n || size > n-address {
		return nil, fmt.Errorf("%d bytes at address %d lie outside of the file of %d bytes", size, address, n)
	}
	return &block{rest: file[address : address+size]}, nil
}

func (b *block) bytes(n int) []byte {
	if n > len(b.rest) {
		b.short, b.rest = true, nil
		return make([]byte, n)
	}
	head := b.rest[:n]
	b.rest = b.rest[n:]
	return head
}

func (b *block) u8() uint8   { return b.bytes(1)[0] }
func (b *block) u16() uint16 { return binary.LittleEndian.Uint16(b.bytes(2)) }
func (b *block) u32() uint32 { return binary.LittleEndian.Uint32(b.bytes(4)) }
func (b *block) u64() uint64 { return binary.LittleEndian.Uint64(b.bytes(wide)) }
func (b *block) skip(n int)  { b.bytes(n) }
func (b *block) failed() error { // after a run of reads
	if b.short {
		return fmt.Errorf("a structure of the file is cut short")
	}
	return nil
}
