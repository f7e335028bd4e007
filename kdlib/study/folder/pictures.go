package folder

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"distillation/kdlib/images"
	"distillation/kdlib/recipe"
)

// SumPixels is the SHA-256 of a split, in hexadecimal: each picture's name, set, label and pixels, in order. ok is false if the
// cache lacks one of the pictures.
func SumPixels(split images.Manifest, cache *images.Cache) (sum string, ok bool) {
	hash := sha256.New()
	for _, e := range split {
		pixels, ok := cache.Image(e.ID)
		if !ok {
			return "", false
		}
		fmt.Fprintln(hash, e.ID, e.Split, e.Label)
		hash.Write(pixels)
	}
	return hex.EncodeToString(hash.Sum(nil)), true
}

// PixelFiles are the files beside a manifest that keep SumPixels by size: that of one size, and that of older versions for all.
func PixelFiles(manifest string, size int) []string {
	base := strings.TrimSuffix(manifest, filepath.Ext(manifest)) + "-pixels"
	return []string{fmt.Sprintf("%s-%d.json", base, size), base + ".json"}
}

// OpenPictures finds the study's pictures in a folder of decoded pictures, as "kd data decode" and "kd study" make them: the
// smallest whose names, labels and pixels are those that the study recorded. Other pictures of the same names are passed over. It
// is fs.ErrNotExist if there are none. Whoever asks closes the cache.
func (r *Study) OpenPictures(cacheDir string) (*images.Cache, error) {
	split, err := images.ReadManifest(filepath.Join(r.Dir, ManifestFile))
	if err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(filepath.Join(cacheDir, "*.cache"))
	if err != nil {
		return nil, fmt.Errorf("folder: %s: %w", cacheDir, err)
	}
	var found []*images.Cache
	for _, path := range paths {
		if cache, err := images.OpenCache(path); err == nil { // others are no business of this study
			found = append(found, cache)
		}
	}
	slices.SortStableFunc(found, func(a, b *images.Cache) int { return cmp.Compare(a.Size(), b.Size()) })
	at := -1
	for i, cache := range found {
		if at >= 0 || !r.recorded(split, cache) {
			cache.Close()
			continue
		}
		at = i
	}
	if at < 0 {
		return nil, fmt.Errorf("folder: %s: among its %d decoded collections are not the pictures of %s: %w", cacheDir, len(found), r.Dir, fs.ErrNotExist)
	}
	return found[at], nil
}

// recorded tells whether a cache holds the pictures that the study was made with.
func (r *Study) recorded(split images.Manifest, cache *images.Cache) bool {
	if _, ok := cache.Image(split[0].ID); !ok {
		return false // most caches of others, without reading all pixels
	}
	for _, path := range PixelFiles(filepath.Join(r.Dir, ManifestFile), cache.Size()) {
		known := map[int]string{}
		if err := recipe.ReadJSON(path, &known); errors.Is(err, fs.ErrNotExist) || known[cache.Size()] == "" {
			continue
		}
		sum, ok := SumPixels(split, cache)
		return ok && sum == known[cache.Size()]
	}
	return false
}
