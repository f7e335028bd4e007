package distill

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// rules are all there are: a file and a line each. The paper's come first.
var rules = []Rule{
	Hard{},
	Soft{},
	Smoothed{},
}

// Names are the rules' names, in the order in which figures give them colours.
func Names() []string {
	names := make([]string, len(rules))
	for i, rule := range rules {
		names[i] = rule.String()
	}
	return names
}

// ParseRule returns the rule of a name with its options by their names in JSON, such as "temperature". Options that are not
// given have their zero value. An unknown name, an unknown option and a value that is not allowed are errors.
func ParseRule(name string, options map[string]float64) (Rule, error) {
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.String() == name })
	if i < 0 {
		return nil, fmt.Errorf("distill: rule: got %q, want one of %s", name, strings.Join(Names(), ", "))
	}
	text, err := json.Marshal(options)
	if err != nil {
		return nil, fmt.Errorf("distill: rule %s: %w", name, err)
	}
	rule := reflect.New(reflect.TypeOf(rules[i]))
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(rule.Interface()); err != nil {
		return nil, fmt.Errorf("distill: rule %s: %w", name, err)
	}
	made := rule.Elem().Interface().(Rule)
	if err := made.Validate(); err != nil {
		return nil, fmt.Errorf("distill: rule %s: %w", name, err)
	}
	return made, nil
}

// Named is a rule that reads and writes as JSON, by its name. Two of one kind with other options need names of their own, which are then
// also those of the students that learn from them:
//
//	{"rule": "smoothed", "options": {"smoothing": 0.1}}
//	{"rule": "soft", "options": {"temperature": 2}, "name": "soft-t2"}
type Named struct {
	Rule
	Name string // none: that of Rule
}

// Unnamed is the rule itself of a Named one, and any other as it is.
func Unnamed(rule Rule) Rule {
	if named, ok := rule.(Named); ok {
		return named.Rule
	}
	return rule
}

// String returns the name.
func (n Named) String() string {
	if n.Name != "" {
		return n.Name
	}
	return n.Rule.String()
}

type named struct {
	Rule    string             `json:"rule"`
	Options map[string]float64 `json:"options,omitempty"`
	Name    string             `json:"name,omitempty"`
}

// Options returns the options of a rule by their names in JSON, without those that have their zero value. A rule that
// has others than float64 is none of Rule's kind: it panics.
func Options(rule Rule) map[string]float64 {
	if n, ok := rule.(Named); ok {
		rule = n.Rule
	}
	text, err := json.Marshal(rule)
	var options map[string]float64
	if err == nil {
		err = json.Unmarshal(text, &options)
	}
	if err != nil {
		panic(fmt.Errorf("distill: the options of %s: %w", rule, err))
	}
	return options
}

// MarshalJSON writes name and options.
func (n Named) MarshalJSON() ([]byte, error) {
	text, err := json.Marshal(n.Rule)
	if err != nil { // a number that is not finite
		return nil, err
	}
	out := named{Rule: n.Rule.String(), Name: n.Name}
	if err := json.Unmarshal(text, &out.Options); err != nil {
		return nil, err
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes, as ParseRule does.
func (n *Named) UnmarshalJSON(text []byte) error {
	var in named
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&in)
	if err == nil {
		n.Name = in.Name
		n.Rule, err = ParseRule(in.Rule, in.Options)
	}
	return err
}
