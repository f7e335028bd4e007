package bench

import (
	"strconv"
	"strings"
)

// ConvPrefix begins the depth of a single 3x3 convolution; its number of channels, in and out, follows.
const ConvPrefix = "conv3x3_"

// Channels is the width of a case that is a single convolution; false for networks.
func (c Case) Channels() (int, bool) {
	text, single := strings.CutPrefix(c.Depth, ConvPrefix)
	n, err := strconv.Atoi(text)
	return n, single && err == nil
}
