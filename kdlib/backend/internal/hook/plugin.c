#define _GNU_SOURCE
#include "plugin.h"

#include <dlfcn.h>
#include <string.h>

#include "_cgo_export.h"

static PJRT_Api *original; // the plugin's own table

// has tells whether a plugin's table, which may be older than the header, reaches to a function and has it.
#define has(api, function) ((api)->struct_size >= PJRT_STRUCT_SIZE(PJRT_Api, function) && (api)->function)

const char *plugin_open(const char *path, PJRT_Api **table) {
	void *library = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
	if (!library) return dlerror();
	PJRT_Api *(*get)(void) = (PJRT_Api * (*)(void)) dlsym(library, "GetPjrtApi");
	if (!get) return dlerror();
	PJRT_Api *api = get();
	if (!api || !has(api, PJRT_Executable_Serialize) || !has(api, PJRT_Executable_DeserializeAndLoad))
		return "it does not serialize programs";
	PJRT_Api *copy = malloc(api->struct_size); // for good: go-xla keeps it
	if (!copy) return "out of memory";
	memcpy(copy, api, api->struct_size);
	copy->PJRT_Client_Compile = kdlibCompile;
	original = api;
	*table = copy;
	return 0;
}

PJRT_Error *plugin_compile(PJRT_Client_Compile_Args *args) { return original->PJRT_Client_Compile(args); }

// drop frees an error, if it is one, and tells whether it was.
static int drop(PJRT_Error *error) {
	if (!error) return 0;
	PJRT_Error_Destroy_Args args = {.struct_size = PJRT_Error_Destroy_Args_STRUCT_SIZE, .error = error};
	original->PJRT_Error_Destroy(&args);
	return 1;
}

PJRT_LoadedExecutable *plugin_load(PJRT_Client *client, const char *bytes, size_t size) {
	PJRT_Executable_DeserializeAndLoad_Args args = {
	    .struct_size = PJRT_Executable_DeserializeAndLoad_Args_STRUCT_SIZE,
	    .client = client,
	    .serialized_executable = bytes,
	    .serialized_executable_size = size,
	};
	return drop(original->PJRT_Executable_DeserializeAndLoad(&args)) ? 0 : args.loaded_executable;
}

void plugin_serialize(PJRT_LoadedExecutable *loaded, uintptr_t handle) {
	PJRT_LoadedExecutable_GetExecutable_Args get = {
	    .struct_size = PJRT_LoadedExecutable_GetExecutable_Args_STRUCT_SIZE,
	    .loaded_executable = loaded,
	};
	if (drop(original->PJRT_LoadedExecutable_GetExecutable(&get))) return;
	PJRT_Executable_Serialize_Args bytes = {
	    .struct_size = PJRT_Executable_Serialize_Args_STRUCT_SIZE,
	    .executable = get.executable,
	};
	if (!drop(original->PJRT_Executable_Serialize(&bytes))) {
		kdlibKeep(handle, (char *)bytes.serialized_bytes, bytes.serialized_bytes_size);
		bytes.serialized_executable_deleter(bytes.serialized_executable);
	}
	PJRT_Executable_Destroy_Args done = {
	    .struct_size = PJRT_Executable_Destroy_Args_STRUCT_SIZE,
	    .executable = get.executable,
	};
	drop(original->PJRT_Executable_Destroy(&done));
}
