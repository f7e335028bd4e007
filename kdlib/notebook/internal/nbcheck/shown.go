package nbcheck

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"distillation/kdlib/report"
	"distillation/kdlib/table"
)

// Tables are those of a committed study whose stored output is compared with what the study's files say today. The numbers are
// the arguments of the call.
var Tables = map[string]func(run *report.Study, numbers []int) (table.Table, error){
	"ClaimsTable":  func(run *report.Study, numbers []int) (table.Table, error) { return run.ClaimsTable(numbers...) },
	"SourceTable":  func(run *report.Study, _ []int) (table.Table, error) { return run.SourceTable() },
	"SpreadTable":  func(run *report.Study, _ []int) (table.Table, error) { return run.SpreadTable() },
	"SummaryTable": func(run *report.Study, _ []int) (table.Table, error) { return run.SummaryTable() },
	"TimingTable":  func(run *report.Study, _ []int) (table.Table, error) { return run.TimingTable() },
}

var (
	folderConst = regexp.MustCompile(`const folder = ("[^"]+")`)
	openedStudy = regexp.MustCompile(`(\w+) :?= notebook\.Must\(report\.Open\((folder|"[^"]+")\)\)`)
	tableCall   = regexp.MustCompile(`notebook\.Table\((\w+)\.(\w+)\(([0-9, ]*)\)\)`)
)

// Shown is a table that a cell of a notebook shows of a study.
type Shown struct {
	Study, Table string // the study's folder, the method of report.Study
	Numbers      []int  // its arguments
	Output       string // the HTML that is stored below the cell
}

// ShownTables lists those of Tables that a notebook in a folder shows of studies whose folders it names.
func ShownTables(data []byte, folder string) ([]Shown, error) {
	var nb notebook
	if err := json.Unmarshal(data, &nb); err != nil {
		return nil, err
	}
	var all []Shown
	constant, studies := "", map[string]string{}
	for _, c := range nb.Cells {
		if c.CellType != "code" {
			continue
		}
		source := string(c.Source)
		if found := folderConst.FindStringSubmatch(source); found != nil {
			constant = found[1]
		}
		for _, found := range openedStudy.FindAllStringSubmatch(source, -1) {
			path, err := strconv.Unquote(strings.ReplaceAll(found[2], "folder", constant))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", found[0], err)
			}
			studies[found[1]] = filepath.Join(folder, path)
		}
		output, err := c.html()
		if err != nil {
			return nil, err
		}
		for _, found := range tableCall.FindAllStringSubmatch(source, -1) {
			study, named := studies[found[1]]
			if _, known := Tables[found[2]]; !named || !known {
				continue
			}
			var numbers []int
			for _, text := range strings.FieldsFunc(found[3], func(r rune) bool { return r == ',' || r == ' ' }) {
				number, err := strconv.Atoi(text)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", found[0], err)
				}
				numbers = append(numbers, number)
			}
			all = append(all, Shown{study, found[2], numbers, output})
		}
	}
	return all, nil
}

// html joins the HTML below a cell.
func (c cell) html() (string, error) {
	var all strings.Builder
	for _, o := range c.Outputs {
		raw, ok := o.Data["text/html"]
		if !ok {
			continue
		}
		var part text
		if err := json.Unmarshal(raw, &part); err != nil {
			return "", err
		}
		all.WriteString(string(part))
	}
	return all.String(), nil
}
