"""Print "name version" of every distribution of this environment, after comparing its files with their recorded sizes.

The first file that is missing or has another size ends it with exit status 1 and a line that names the file.
"""

import importlib.metadata
import os
import sys

print("python", sys.version.split()[0])
for distribution in importlib.metadata.distributions():
    for file in distribution.files or ():
        if file.suffix == ".pyc":  # caches come and go
            continue
        try:
            size = os.stat(distribution.locate_file(file)).st_size
        except OSError:
            sys.exit(f"{file} is missing")
        if file.size is not None and file.size != size:
            sys.exit(f"{file} is damaged ({size} bytes, want {file.size})")
    print(distribution.name, distribution.version)
