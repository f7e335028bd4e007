# Python 3.11, h5py 3.14.0 (HDF5 1.14.6), numpy 2.4.6. Writes the files of hdf5_test.go beside itself.
import ctypes
import pathlib
import h5py
import numpy as np

HERE = pathlib.Path(__file__).parent
QUARTERS = np.arange(6, dtype="<f4").reshape(1, 2, 3) / 4

# What Keras's files consist of, written with h5py's defaults.
with h5py.File(HERE / "plain.h5", "w") as f:
    f.attrs["layer_names"] = [b"conv", b"norm"]
    f.create_dataset("conv/conv/kernel:0", data=QUARTERS)
    f["conv"].attrs["weight_names"] = [b"conv/kernel:0"]
    f.create_dataset("scalar", data=np.float32(2.5))
    f.create_dataset("empty", shape=(0, 3), dtype="<f4")
    f.create_group("relu")
    f["link"] = h5py.SoftLink("/scalar")

# Small tree nodes, so that few members make a tree of several levels, as the 175 layers of a ResNet-50 make one of two.
# h5py has no name for the call that sets their size.
plist = h5py.h5p.create(h5py.h5p.FILE_CREATE)
library = next((pathlib.Path(h5py.__file__).parent.parent / "h5py.libs").glob("libhdf5-*"))
assert ctypes.CDLL(str(library)).H5Pset_sym_k(ctypes.c_int64(plist.id), 2, 2) == 0
with h5py.File(h5py.h5f.create(str(HERE / "deep.h5").encode(), h5py.h5f.ACC_TRUNC, plist)) as f:
    for i in range(60):
        f.create_dataset(f"a{i:02}", data=np.float32(i))
assert b"TREE\0\2" in (HERE / "deep.h5").read_bytes(), "the tree has less than three levels"

# Beyond what is read.
with h5py.File(HERE / "chunked.h5", "w") as f:
    f.create_dataset("x", data=QUARTERS, compression="gzip")
with h5py.File(HERE / "float64.h5", "w") as f:
    f.create_dataset("x", data=QUARTERS.astype("<f8"))
