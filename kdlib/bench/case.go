package bench

import (
	"strconv"
	"strings"
	"unicode"
)

// resNet begins the names of networks that a case names by their depth alone.
const resNet = "resnet"

// NewCase is a case of a network, by the name that recipes know: a ResNet has the depth "18", others their name.
func NewCase(network string, batch, size int, mode string) Case {
	return Case{Depth: strings.TrimPrefix(network, resNet), Batch: batch, Size: size, Mode: mode}
}

// Network is the name that recipes know.
func (c Case) Network() string {
	if c.Depth != "" && unicode.IsDigit(rune(c.Depth[0])) {
		return resNet + c.Depth
	}
	return c.Depth
}

// ConvPrefix begins the depth of a single 3x3 convolution; its number of channels, in and out, follows.
const ConvPrefix = "conv3x3_"

// Channels is the width of a case that is a single convolution; false for networks.
func (c Case) Channels() (int, bool) {
	text, single := strings.CutPrefix(c.Depth, ConvPrefix)
	n, err := strconv.Atoi(text)
	return n, single && err == nil
}
