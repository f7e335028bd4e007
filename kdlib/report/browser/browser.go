// Package browser makes a trained network a page that answers in the browser: one HTML file with the network, its runtime and
// sample pictures inside. Whoever opens it drops, chooses or photographs a picture, and gets the probability, the class at a
// threshold that can be moved, and the time that it took. Several networks answer beside each other.
//
//	runtime, err := browser.OpenRuntime(browser.RuntimeDir)
//	err = browser.Page{Networks: networks, Samples: samples}.Write(w, runtime)
//
// The page needs no server and asks the network for nothing: its content security policy forbids it. It works from a file.
// Pictures are resized by the rule of images.Resize. It differs from this library in two things, which are the browser's: the last
// bits of decoded JPEG pictures, and that it turns a photograph as its EXIF data say. Where a picture is transparent, the page
// sees black.
package browser

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/http"
)

// Network is a network that the page asks.
type Network struct {
	Name    string // that the page shows
	About   string // what it was trained on and how good it is: a sentence or two
	Size    int    // width and height of the pictures that it takes
	Layout  string // of these, recipe.NCHW or recipe.NHWC
	Values  string // of these, recipe.Bytes, recipe.Unit, recipe.Centred or recipe.ImageNet
	Input   string // name of its input, float32
	Output  string // name of its output, float32
	Gives   string // what that is, recipe.Logit or recipe.Probability
	Columns int    // numbers that it gives of a picture: 1, or 2 for the labels 0 and 1
	ONNX    []byte // its file
}

// Sample is a picture that the page has: a file that browsers read, such as JPEG or PNG.
type Sample struct {
	Name    string
	Picture []byte
}

// Page is what a page has inside. Classes are the names of the labels 0 and 1.
type Page struct {
	Classes  [2]string
	Networks []Network
	Samples  []Sample
}

var (
	//go:embed document.html page.css page.js
	parts    embed.FS
	document = template.Must(template.ParseFS(parts, "document.html"))
)

// packed is a content that the page unpacks: gzip in base64, none of whose characters means anything in HTML.
func packed(content []byte) (template.HTML, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(content); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	return template.HTML(base64.StdEncoding.EncodeToString(b.Bytes())), nil
}

// facts are what the page's script knows of a network.
type facts struct {
	Name    string `json:"name"`
	Size    int    `json:"size"`
	Layout  string `json:"layout"`
	Values  string `json:"values"`
	Input   string `json:"input"`
	Output  string `json:"output"`
	Gives   string `json:"gives"`
	Columns int    `json:"columns"`
}

// Write writes the page. It is an error if it has no network.
func (p Page) Write(w io.Writer, runtime Runtime) error {
	if len(p.Networks) == 0 {
		return errors.New("browser: got no network, want one or more")
	}
	var known []facts
	var networks []template.HTML
	for _, n := range p.Networks {
		content, err := packed(n.ONNX)
		if err != nil {
			return fmt.Errorf("browser: %s: %w", n.Name, err)
		}
		networks = append(networks, content)
		known = append(known, facts{n.Name, n.Size, n.Layout, n.Values, n.Input, n.Output, n.Gives, n.Columns})
	}
	script, err := packed(runtime.script)
	if err != nil {
		return fmt.Errorf("browser: %w", err)
	}
	program, err := packed(runtime.program)
	if err != nil {
		return fmt.Errorf("browser: %w", err)
	}
	text, err := json.Marshal(map[string]any{"classes": p.Classes, "networks": known})
	if err != nil {
		return fmt.Errorf("browser: %w", err)
	}
	err = document.Execute(w, map[string]any{
		"Page": p, "Samples": p.samples(), "Style": template.CSS(part("page.css")), "Script": template.JS(part("page.js")),
		"Facts": template.JS(text), "Contents": networks, "RuntimeScript": script, "RuntimeProgram": program,
		"License": runtimeLicense, "Version": RuntimePackage + " " + RuntimeVersion,
	})
	if err != nil {
		return fmt.Errorf("browser: %w", err)
	}
	return nil
}

func part(name string) string {
	text, err := parts.ReadFile(name)
	if err != nil {
		panic(err) // it is embedded
	}
	return string(text)
}

// shown is a sample as an address that holds the picture.
type shown struct {
	Name string
	URL  template.URL
}

func (p Page) samples() (all []shown) {
	for _, s := range p.Samples {
		url := "data:" + http.DetectContentType(s.Picture) + ";base64," + base64.StdEncoding.EncodeToString(s.Picture)
		all = append(all, shown{s.Name, template.URL(url)})
	}
	return all
}
