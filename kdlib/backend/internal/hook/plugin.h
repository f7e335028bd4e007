// What a PJRT plugin is asked beside go-xla's own calls. See hook.go.
#include <stdint.h>
#include <stdlib.h>

#include "pjrt_c_api.h"

// plugin_open loads the plugin at path and makes a copy of its table of functions, whose PJRT_Client_Compile is Go's
// kdlibCompile. It returns what is wrong, or null.
const char *plugin_open(const char *path, PJRT_Api **table);

// plugin_compile is the plugin's own PJRT_Client_Compile.
PJRT_Error *plugin_compile(PJRT_Client_Compile_Args *args);

// plugin_load makes an executable of the bytes of plugin_serialize; null if the plugin refuses them.
PJRT_LoadedExecutable *plugin_load(PJRT_Client *client, const char *bytes, size_t size);

// plugin_serialize calls Go's kdlibKeep with the bytes of an executable, or does nothing where the plugin cannot.
void plugin_serialize(PJRT_LoadedExecutable *loaded, uintptr_t handle);
