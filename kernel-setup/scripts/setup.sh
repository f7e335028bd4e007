#!/bin/sh
# ./setup lab, ./setup doctor, ...: as go run ./kernel-setup, with everything that it downloads taken from the folder .packed beside this file.
set -eu
cd "$(dirname "$0")"
packed=$(pwd)/.packed
url=file://$(printf %s "$packed" | sed 's/%/%25/g; s/ /%20/g')
unset GOROOT
export PATH="$packed/go/bin:$PATH" GOTOOLCHAIN=local GOPROXY="$url/modules" GOSUMDB=off
export PIP_NO_INDEX=1 PIP_FIND_LINKS="$url/wheels"
exec go run ./kernel-setup "$@"
