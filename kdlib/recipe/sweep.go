package recipe

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"distillation/kdlib/distill"
)

// A student's name is that of its folder, and no other model's: not the teacher's, not that of a chain's generation or of a further seed.
var (
	folderName = regexp.MustCompile(`^[a-z][a-z0-9.-]*$`)
	taken      = regexp.MustCompile(`^(teacher|classical|timing|sessions|logs|(hard|soft)-\d+|.*-seed\d+)$`)
)

// checkName finds faults of a rule's own name; none is no fault.
func checkName(name string) error {
	switch {
	case name == "":
		return nil
	case !folderName.MatchString(name):
		return fmt.Errorf("name: got %q, want small letters, digits, points and hyphens, a letter first", name)
	case taken.MatchString(name):
		return fmt.Errorf("name: got %q, which is the name of another model or file", name)
	}
	return nil
}

// Sweep returns the study with a student more for every combination of the values of a rule's options, such as the temperatures 1, 2 and 4
// with the alphas 0 and 0.5. They share the teacher, the classical student and the seeds. A student is named by its values, soft-t2-a0.5;
// the study's own soft student is not made twice.
func (s Study) Sweep(over map[string][]float64) (Study, error) {
	names := slices.Sorted(maps.Keys(over))
	slices.Reverse(names) // temperature, then alpha
	points := []map[string]float64{{}}
	for _, name := range names {
		var next []map[string]float64
		for _, point := range points {
			for _, value := range over[name] {
				more := maps.Clone(point)
				more[name] = value
				next = append(next, more)
			}
		}
		points = next
	}
	s.FurtherRules = slices.Clone(s.FurtherRules)
	for _, point := range points {
		rule, err := ruleOf(point)
		if err != nil {
			return s, err
		}
		if soft, ok := rule.(distill.Soft); ok && soft.Same(s.SoftLabels) {
			continue
		}
		s.FurtherRules = append(s.FurtherRules, distill.Named{Rule: rule, Name: pointName(rule, names, point)})
	}
	return s, s.Validate()
}

// ruleOf is the rule that has options of these names.
func ruleOf(point map[string]float64) (distill.Rule, error) {
	var errs []error
	for _, name := range distill.Names() {
		rule, err := distill.ParseRule(name, point)
		if err == nil {
			return rule, nil
		}
		errs = append(errs, err)
	}
	return nil, fmt.Errorf("recipe: sweep over %v: no rule of labels has these options with these values:\n%w", point, errors.Join(errs...))
}

// pointName is the rule's name with the first letter and the value of each option.
func pointName(rule distill.Rule, names []string, point map[string]float64) string {
	parts := []string{rule.String()}
	for _, name := range names {
		parts = append(parts, name[:1]+strconv.FormatFloat(point[name], 'f', -1, 64))
	}
	return strings.Join(parts, "-")
}
