package main

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"time"

	"distillation/kdlib/images"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"

	"github.com/spf13/cobra"
)

// ownTeacher are the flags of a study of one's own pictures.
type ownTeacher struct {
	file string
	onnx recipe.ONNX
}

func (o *ownTeacher) flags(c *cobra.Command) {
	c.Flags().StringVar(&o.file, "teacher", "", "the teacher of the preset "+recipe.OwnName+": FILE.csv with columns id,p, or FILE.onnx")
	onnxFlags(c, &o.onnx)
}

// check refuses a teacher beside a recipe that has one, and flags of a network where there is none.
func (o *ownTeacher) check(c *cobra.Command, preset string) error {
	if preset != recipe.OwnName {
		return without(c, "beside a recipe that has its own teacher", append(onnxDetails, "teacher")...)
	}
	if filepath.Ext(o.file) != ".onnx" {
		return without(c, "without an ONNX file as --teacher", onnxDetails...)
	}
	return nil
}

// given is the teacher as a recipe has it.
func (o *ownTeacher) given() (recipe.Given, error) {
	switch strings.ToLower(filepath.Ext(o.file)) {
	case ".csv":
		return recipe.Given{Predictions: o.file}, nil
	case ".onnx":
		o.onnx.File = o.file
		return recipe.Given{ONNX: o.onnx, Augment: recipe.Paper.Teacher.Augment}, nil
	case "":
		if o.file == "" {
			return recipe.Given{}, errors.New("study: --teacher is missing: FILE.csv with the columns id and p, a probability for each picture, or FILE.onnx")
		}
	}
	return recipe.Given{}, fmt.Errorf("study: --teacher: got %q, want FILE.csv or FILE.onnx", o.file)
}

// study is the recipe of a study of one's own pictures, and a line of what it will do: the recipe follows from how many these are.
func (o *ownTeacher) study(pictures string, layout images.Layout) (s recipe.Study, plan string, err error) {
	teacher, err := o.given()
	if err != nil {
		return s, "", usage(err)
	}
	if pictures == "" {
		return s, "", errNoPictures
	}
	source, err := images.OpenAs(pictures, layout)
	if err != nil {
		return s, "", err
	}
	defer source.Close()
	m, err := images.Split(source.Pictures(), images.SplitOptions{Seed: recipe.Paper.Data.Seed})
	if err != nil {
		return s, "", fmt.Errorf("study: %s: %w", pictures, err)
	}
	train, test := len(m.Of(predictions.Train)), len(m.Of(predictions.Test))
	s = recipe.Own(teacher, train, test)
	students := len(s.Rules()) + 1 // and the classical one
	minutes := math.Ceil((time.Duration(students*s.Student.Epochs*train) * picture64).Minutes())
	return s, fmt.Sprintf("%d pictures, %d of them to train on; %d students, %d epochs each: about %.0f minutes on two cores, besides the teacher's predictions",
		len(m), train, students, s.Student.Epochs, minutes), nil
}

// picture64 is how long ResNet-18 trains on a picture of 64x64 on two cores, as in figures/speed/peers.csv, and a tenth more for the
// validation set.
const picture64 = 4300 * time.Microsecond
