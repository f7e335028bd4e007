// Package hook stands between go-xla and a PJRT plugin where a program is compiled: go-xla does not wrap
// PJRT_Executable_Serialize and PJRT_Executable_DeserializeAndLoad, with which a plugin makes bytes of a compiled program and a
// program of bytes, and lets nobody name options of XLA. The plugin's own table of functions stays as it is; go-xla is given a copy.
//
// pjrt_c_api.h is XLA's, as go-xla has it (Apache-2.0, see its head).
package hook

/*
#cgo linux LDFLAGS: -ldl
#include "plugin.h"
*/
import "C"

import (
	"bytes"
	"fmt"
	"runtime"
	"runtime/cgo"
	"sync"
	"unsafe"

	"github.com/gomlx/go-xla/pjrt"
)

// Cache keeps compiled programs. Load returns nil where it has none.
type Cache[Key any] interface {
	Load(Key) []byte
	Keep(Key, []byte)
}

// hooked is the one plugin of this process, and what compile makes of its calls.
var hooked struct {
	sync.Mutex
	path    string
	compile func(*C.PJRT_Client_Compile_Args) *C.PJRT_Error
}

// Register gives go-xla the plugin at an absolute path, with that path as its name. From then on each program is compiled with the
// options that are made of its text and of those that go-xla gave. It is looked up in the cache, if there is one, before that, and kept there
// afterwards. Its key covers the program's text without its module's name, the text's format and the options. A process can register one
// plugin; a second call with the same path does nothing.
func Register[Key any](path string, options func(program, given []byte) []byte, cache Cache[Key], key func(program, format, options []byte) Key) error {
	hooked.Lock()
	defer hooked.Unlock()
	if hooked.path == path {
		return nil
	}
	if hooked.path != "" {
		return fmt.Errorf("hook: plugin %s: %s is registered, and one plugin a process can be", path, hooked.path)
	}
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	var table *C.PJRT_Api
	if wrong := C.plugin_open(name, &table); wrong != nil {
		return fmt.Errorf("hook: plugin %s: %s", path, C.GoString(wrong))
	}
	hooked.compile = func(args *C.PJRT_Client_Compile_Args) *C.PJRT_Error {
		program, given := view(args.program.code, args.program.code_size), view(args.compile_options, args.compile_options_size)
		chosen := options(program, given)
		defer with(args, chosen)()
		if cache == nil {
			return C.plugin_compile(args)
		}
		return compile(args, cache, key(unnamed(program), view(args.program.format, args.program.format_size), chosen))
	}
	if err := pjrt.RegisterPreloadedPlugin(path, uintptr(unsafe.Pointer(table))); err != nil {
		return fmt.Errorf("hook: plugin %s: %w", path, err)
	}
	hooked.path = path
	return nil
}

// with gives a compilation other options, and returns what takes them back.
func with(args *C.PJRT_Client_Compile_Args, options []byte) (back func()) {
	given, size := args.compile_options, args.compile_options_size
	chosen := C.CBytes(options)
	args.compile_options, args.compile_options_size = (*C.char)(chosen), C.size_t(len(options))
	return func() {
		args.compile_options, args.compile_options_size = given, size
		C.free(chosen)
	}
}

// unnamed is a program's text without the name of its module, "module @name {...}", which counts the graphs of a process.
func unnamed(program []byte) []byte {
	if _, body, found := bytes.Cut(program, []byte("{")); found {
		return body
	}
	return program
}

//export kdlibCompile
func kdlibCompile(args *C.PJRT_Client_Compile_Args) *C.PJRT_Error { return hooked.compile(args) }

func compile[Key any](args *C.PJRT_Client_Compile_Args, cache Cache[Key], key Key) *C.PJRT_Error {
	if kept := cache.Load(key); len(kept) > 0 {
		args.executable = C.plugin_load(args.client, (*C.char)(unsafe.Pointer(unsafe.SliceData(kept))), C.size_t(len(kept)))
		runtime.KeepAlive(kept)
		if args.executable != nil {
			return nil
		}
	}
	if err := C.plugin_compile(args); err != nil {
		return err
	}
	handle := cgo.NewHandle(func(program []byte) { cache.Keep(key, program) })
	defer handle.Delete()
	C.plugin_serialize(args.executable, C.uintptr_t(handle))
	return nil
}

//export kdlibKeep
func kdlibKeep(handle C.uintptr_t, at *C.char, size C.size_t) {
	cgo.Handle(handle).Value().(func([]byte))(view(at, size))
}

// view is C's memory as a slice, good for as long as C keeps it.
func view(at *C.char, size C.size_t) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(at)), int(size))
}
