package tracking

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"time"

	"distillation/kdlib/metrics"

	"google.golang.org/protobuf/encoding/protowire"
)

// eventFile is the content of an event file: TFRecords, each of which is an Event of TensorFlow's event.proto.
type eventFile struct{ data []byte }

// Fields of Event, Summary, Summary.Value, SummaryMetadata, TensorProto and HistogramProto by their numbers.
const (
	eventTime, eventStep, eventVersion, eventSummary               = 1, 2, 3, 5
	summaryValue                                                   = 1
	valueTag, valueSimple, valueHistogram, valueTensor, valueAbout = 1, 2, 5, 8, 9
	aboutPlugin, pluginName                                        = 1, 1
	tensorType, tensorShape, tensorStrings                         = 1, 2, 8
	shapeDimension, dimensionSize                                  = 2, 1
	histogramLimits, histogramCounts                               = 6, 7
)

const typeString = 7 // DT_STRING of TensorFlow's types.proto

// message is a protocol buffer's message in the making.
type message []byte

func (m message) number(field protowire.Number, v float64) message {
	return protowire.AppendFixed64(protowire.AppendTag(m, field, protowire.Fixed64Type), math.Float64bits(v))
}

func (m message) integer(field protowire.Number, v int) message {
	return protowire.AppendVarint(protowire.AppendTag(m, field, protowire.VarintType), uint64(v))
}

func (m message) bytes(field protowire.Number, v []byte) message {
	return protowire.AppendBytes(protowire.AppendTag(m, field, protowire.BytesType), v)
}

// numbers appends a packed field.
func (m message) numbers(field protowire.Number, values []float64) message {
	var packed []byte
	for _, v := range values {
		packed = protowire.AppendFixed64(packed, math.Float64bits(v))
	}
	return m.bytes(field, packed)
}

// castagnoli is the polynomial of TFRecord's checksums.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// masked is the checksum as TFRecord keeps it, so that a checksum of data that holds checksums stays apart from them.
func masked(data []byte) uint32 {
	sum := crc32.Checksum(data, castagnoli)
	return (sum>>15 | sum<<17) + 0xa282ead8
}

// record appends a TFRecord: the length with its checksum, the data with theirs.
func (f *eventFile) record(event message) {
	length := binary.LittleEndian.AppendUint64(nil, uint64(len(event)))
	f.data = append(f.data, length...)
	f.data = binary.LittleEndian.AppendUint32(f.data, masked(length))
	f.data = append(f.data, event...)
	f.data = binary.LittleEndian.AppendUint32(f.data, masked(event))
}

// seconds are those since 1970.
func seconds(at time.Time) float64 { return float64(at.UnixNano()) / 1e9 }

// version is the first event of every file.
func (f *eventFile) version(at time.Time) {
	f.record(message(nil).number(eventTime, seconds(at)).bytes(eventVersion, []byte("brain.Event:2")))
}

// summary appends an event with one value, whose tag and content are given.
func (f *eventFile) summary(at time.Time, step int, tag string, content message) {
	v := append(message(nil).bytes(valueTag, []byte(tag)), content...)
	f.record(message(nil).number(eventTime, seconds(at)).integer(eventStep, step).bytes(eventSummary, message(nil).bytes(summaryValue, v)))
}

func (f *eventFile) scalar(at time.Time, step int, m value) {
	f.summary(at, step, m.name, protowire.AppendFixed32(protowire.AppendTag(nil, valueSimple, protowire.Fixed32Type), math.Float32bits(float32(m.v))))
}

// text appends Markdown, a tensor of one string for TensorBoard's plugin "text".
func (f *eventFile) text(at time.Time, tag, markdown string) {
	about := message(nil).bytes(aboutPlugin, message(nil).bytes(pluginName, []byte("text")))
	shape := message(nil).bytes(shapeDimension, message(nil).integer(dimensionSize, 1))
	tensor := message(nil).integer(tensorType, typeString).bytes(tensorShape, shape).bytes(tensorStrings, []byte(markdown))
	f.summary(at, 0, tag, message(nil).bytes(valueTensor, tensor).bytes(valueAbout, about))
}

// summed is a histogram with the values that it counts.
type summed struct {
	metrics.Histogram
	min, max float64
	values   []float64
}

// histogram appends the counts; a bucket's limit is its upper edge.
func (f *eventFile) histogram(at time.Time, step int, tag string, s summed) {
	sum, squares := 0.0, 0.0
	for _, v := range s.values {
		sum, squares = sum+v, squares+v*v
	}
	var h message
	for i, v := range []float64{s.min, s.max, float64(s.Total), sum, squares} {
		h = h.number(protowire.Number(i+1), v)
	}
	counts := make([]float64, len(s.Counts))
	for i, n := range s.Counts {
		counts[i] = float64(n)
	}
	h = h.numbers(histogramLimits, s.Edges[1:]).numbers(histogramCounts, counts)
	f.summary(at, step, tag, message(nil).bytes(valueHistogram, h))
}
