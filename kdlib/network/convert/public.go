package convert

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"distillation/kdlib/internal/download"
	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/resnet"
)

// Public is a file of weights trained on ImageNet, at its public home.
type Public struct {
	Name    string               // as `kd weights fetch` takes it
	Network architecture.Network // the one that it fills
	download.File
	Target string // usual name of the file here
	Origin string // what it is, where its checksum is from, under which licence
}

// Publics lists the public files.
//
// torchvision itself publishes .pth files, Python pickles, which can run code and are not read here. The timm project keeps
// the same tensors as safetensors on the Hugging Face hub, pinned below to a commit.
var Publics = []Public{
	{
		Name: "resnet50-keras", Network: resnet.ResNet50, Target: "resnet50_notop.h5",
		File: download.File{
			URL: "https://storage.googleapis.com/tensorflow/keras-applications/resnet/resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5",
			Sum: "4d473c1dd8becc155b73f8504c6f6626",
		},
		Origin: "what keras.applications.ResNet50(include_top=False) downloads, 94,765,736 bytes; MD5 of WEIGHTS_HASHES in keras/src/applications/resnet.py, which has no other; ported from Kaiming He's, MIT",
	},
	{
		Name: "resnet50-torchvision", Network: resnet.ResNet50V15, Target: "resnet50_tv_in1k.safetensors",
		File: download.File{
			URL: "https://huggingface.co/timm/resnet50.tv_in1k/resolve/78f3ecfdb38e06d9b8397f662e7ab8fee96026fa/model.safetensors",
			Sum: "5d061a3c593d795bfe682d9b152bafbcf550579873492def3515b46db1189888",
		},
		Origin: "torchvision's ResNet50_Weights.IMAGENET1K_V1, 102,469,840 bytes; SHA-256 as several public projects pin it; BSD-3-Clause",
	},
	{
		Name: "resnet18-torchvision", Network: resnet.ResNet18, Target: "resnet18_tv_in1k.safetensors",
		File: download.File{
			URL: "https://huggingface.co/timm/resnet18.tv_in1k/resolve/bbd144b3e5565108aad885f145491d11bc6ce807/model.safetensors",
			Sum: "694f673df6520a3158624e8a89af086f59923ee4cd7436fe5bc3bc71d295ad81",
		},
		Origin: "torchvision's ResNet18_Weights.IMAGENET1K_V1, 46,807,446 bytes; SHA-256 as several public projects pin it; BSD-3-Clause",
	},
}

// FindPublic returns the public file of that name.
func FindPublic(name string) (Public, error) {
	var names []string
	for _, p := range Publics {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Public{}, fmt.Errorf("convert: got weights %q, want one of %q", name, names)
}

// Path is where the file usually lies, below a folder of weights.
func (p Public) Path(dir string) string { return filepath.Join(dir, p.Target) }

// notOpened adds to the error of a file how to get it, where it is missing and has the name of a public one.
func notOpened(file string, err error) error {
	for _, p := range Publics {
		if errors.Is(err, fs.ErrNotExist) && filepath.Base(file) == p.Target {
			return fmt.Errorf("convert: %w; `kd weights fetch %s --dir %s` downloads it", err, p.Name, filepath.Dir(file))
		}
	}
	return fmt.Errorf("convert: %w", err)
}
