package hdf5

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Types of header messages (IV.A.2).
const (
	dataspace    = 0x0001
	datatype     = 0x0003
	dataLayout   = 0x0008
	continuation = 0x0010
	symbolTable  = 0x0011
)

// float32Type is the datatype message of a little-endian IEEE float32 (IV.A.2.d): class 1 and version 1, bit field, size,
// bit offset, precision, and where exponent and mantissa lie.
var float32Type = []byte{0x11, 0x20, 0x1f, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0}

// messages reads the object header of version 1 at an address (IV.A.1.a) and returns the messages that matter.
func (w *walk) messages(address uint64) (map[uint16]*block, error) {
	const prefix = 16 // 12 bytes and padding
	if err := w.once(address); err != nil {
		return nil, err
	}
	h, err := at(w.file, address, prefix)
	if err != nil {
		return nil, err
	}
	if v := h.u8(); v != 1 {
		return nil, fmt.Errorf("object header of version %d: only 1 is read, h5py's default (libver=\"earliest\")", v)
	}
	h.skip(1) // reserved
	left := int(h.u16())
	h.skip(4) // reference count
	found := map[uint16]*block{}
	next, err := at(w.file, address+prefix, uint64(h.u32()))
	for ; err == nil && next != nil; next, err = w.continued(found) {
		left -= collect(next, left, found)
	}
	return found, err
}

// collect reads at most count messages of a run of them, and returns how many there were.
func collect(run *block, count int, found map[uint16]*block) int {
	const header = 8
	n := 0
	for ; n < count && len(run.rest) >= header; n++ {
		kind, size := run.u16(), run.u16()
		run.skip(4) // flags, reserved
		found[kind] = &block{rest: run.bytes(int(size))}
	}
	return n
}

// continued returns the next run of messages, nil if there is none.
func (w *walk) continued(found map[uint16]*block) (*block, error) {
	c, ok := found[continuation]
	if !ok {
		return nil, nil
	}
	delete(found, continuation)
	address, size := c.u64(), c.u64()
	if err := errors.Join(c.failed(), w.once(address)); err != nil {
		return nil, err
	}
	return at(w.file, address, size)
}

// array reads the numbers of a data set.
func (w *walk) array(messages map[uint16]*block) (Array, error) {
	space, okSpace := messages[dataspace]
	kind, okKind := messages[datatype]
	if !okSpace || !okKind {
		return Array{}, errors.New("a data set without shape or type")
	}
	if !bytes.HasPrefix(kind.rest, float32Type) {
		return Array{}, errors.New("numbers are not float32 (little-endian): only these are read")
	}
	shape, size, err := dimensions(space)
	if err != nil {
		return Array{}, err
	}
	raw, err := w.content(messages[dataLayout])
	if err != nil {
		return Array{}, err
	}
	const float32Size = 4
	if uint64(len(raw)) != float32Size*size {
		return Array{}, fmt.Errorf("shape %v in %d bytes, want %d", shape, len(raw), float32Size*size)
	}
	data := make([]float32, size)
	for i := range data {
		data[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[float32Size*i:]))
	}
	return Array{shape, data}, nil
}

// dimensions reads a dataspace message (IV.A.2.b) and returns the shape and the number of elements.
func dimensions(space *block) (shape []int, size uint64, err error) {
	const maxElements = 1 << 40 // beyond any file; keeps products of nonsense from overflowing
	version, rank := space.u8(), space.u8()
	switch version {
	case 1:
		space.skip(6) // flags, reserved
	case 2:
		space.skip(2) // flags, type
	default:
		return nil, 0, fmt.Errorf("dataspace of version %d: only 1 and 2 are read", version)
	}
	shape, size = []int{}, 1
	for range rank {
		d := space.u64()
		if d > maxElements/max(size, 1) {
			return nil, 0, fmt.Errorf("a shape of more than %d elements", uint64(maxElements))
		}
		shape, size = append(shape, int(d)), d*size
	}
	return shape, size, space.failed()
}

// content returns the bytes of an array from its data layout message of version 3 (IV.A.2.i).
func (w *walk) content(layout *block) ([]byte, error) {
	const compact, contiguous = 0, 1
	const undefined = math.MaxUint64 // address of an array without elements
	version, class := layout.u8(), layout.u8()
	if version != 3 {
		return nil, fmt.Errorf("data layout of version %d: only 3 is read", version)
	}
	switch class {
	case compact:
		raw := layout.bytes(int(layout.u16()))
		return raw, layout.failed()
	case contiguous:
		address, size := layout.u64(), layout.u64()
		if address == undefined {
			return nil, layout.failed()
		}
		b, err := at(w.file, address, size)
		if err != nil {
			return nil, err
		}
		return b.rest, layout.failed()
	default:
		return nil, fmt.Errorf("data layout of class %d (chunked or compressed): only contiguous arrays are read", class)
	}
}
