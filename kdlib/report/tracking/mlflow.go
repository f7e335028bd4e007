package tracking

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"distillation/kdlib/study/folder"
)

// MLflow is a tracking server of MLflow's, reached by its REST interface 2.0.
type MLflow struct {
	URL        string // such as http://127.0.0.1:5000, with user and password if it wants them
	Experiment string // is made if there is none of the name
}

// Send makes each model of a study that is finished a run of the experiment: its recipe as parameters, its curves by epoch and what was
// measured on the test set as metrics. A model whose run is there already is left alone. It returns the names of those that were sent.
func (m MLflow) Send(ctx context.Context, study *folder.Study) (sent []string, err error) {
	experiment, err := m.experiment(ctx)
	if err != nil {
		return nil, err
	}
	err = each(study, func(r Run) error {
		if there, err := m.has(ctx, experiment, r.Name); err != nil || there || r.Predictions == nil {
			return err
		}
		sent = append(sent, r.Name)
		return m.send(ctx, experiment, r)
	})
	return sent, err
}

// experiment returns the id of the experiment.
func (m MLflow) experiment(ctx context.Context) (string, error) {
	var found struct {
		Experiment struct {
			ID string `json:"experiment_id"`
		}
	}
	err := m.call(ctx, http.MethodGet, "experiments/get-by-name?experiment_name="+url.QueryEscape(m.Experiment), nil, &found)
	if err == nil || !errors.Is(err, errAbsent) {
		return found.Experiment.ID, err
	}
	var made struct {
		ID string `json:"experiment_id"`
	}
	err = m.call(ctx, http.MethodPost, "experiments/create", object{"name": m.Experiment}, &made)
	return made.ID, err
}

// has says whether the experiment has a run of that name.
func (m MLflow) has(ctx context.Context, experiment, name string) (bool, error) {
	var found struct{ Runs []json.RawMessage }
	filter := fmt.Sprintf("attributes.run_name = '%s' and attributes.status = 'FINISHED'", name)
	err := m.call(ctx, http.MethodPost, "runs/search", object{"experiment_ids": []string{experiment}, "filter": filter, "max_results": 1}, &found)
	return len(found.Runs) > 0, err
}

type object map[string]any

// largest is how many values a call may hold, by MLflow's limits: 1000 metrics, 100 parameters.
const largest = 100

func (m MLflow) send(ctx context.Context, experiment string, r Run) error {
	var made struct {
		Run struct {
			Info struct {
				ID string `json:"run_id"`
			}
		}
	}
	begin := object{"experiment_id": experiment, "run_name": r.Name, "start_time": r.Started.UnixMilli(), "tags": []object{{"key": "labels", "value": r.Labels}}}
	if err := m.call(ctx, http.MethodPost, "runs/create", begin, &made); err != nil {
		return err
	}
	id := made.Run.Info.ID
	values, end, err := r.metrics()
	if err != nil {
		return err
	}
	text, err := r.recipeText()
	if err != nil {
		return err
	}
	var fields map[string]json.RawMessage
	_ = json.Unmarshal([]byte(text), &fields) // a model that was given has no recipe
	for key, all := range map[string][]object{"metrics": values, "params": parameters("", fields)} {
		for len(all) > 0 {
			n := min(largest, len(all))
			if err := m.call(ctx, http.MethodPost, "runs/log-batch", object{"run_id": id, key: all[:n]}, nil); err != nil {
				return err
			}
			all = all[n:]
		}
	}
	return m.call(ctx, http.MethodPost, "runs/update", object{"run_id": id, "status": "FINISHED", "end_time": end.UnixMilli()}, nil)
}

// metrics are the curves and the numbers on the test set, and when the last epoch ended.
func (r Run) metrics() (all []object, end time.Time, err error) {
	end = r.Started
	add := func(step int, values []value) {
		for _, v := range values {
			all = append(all, object{"key": v.name, "value": v.v, "timestamp": end.UnixMilli(), "step": step})
		}
	}
	for _, e := range r.Past {
		end = end.Add(time.Duration(e.Seconds * float64(time.Second)))
		add(e.Number, r.of(e))
	}
	tested, err := r.tested()
	add(r.last(), tested)
	return all, end, err
}

// parameters are the fields of the recipe, those inside another with its name and a point.
func parameters(before string, fields map[string]json.RawMessage) (all []object) {
	for name, text := range fields {
		var inner map[string]json.RawMessage
		if json.Unmarshal(text, &inner) == nil {
			all = append(all, parameters(before+name+".", inner)...)
		} else if value := strings.Trim(string(text), `"`); value != "" {
			all = append(all, object{"key": before + name, "value": value})
		}
	}
	return all
}

// errAbsent is the answer that there is nothing of a name.
var errAbsent = errors.New("RESOURCE_DOES_NOT_EXIST")

// call sends a request as JSON and reads the answer into out.
func (m MLflow) call(ctx context.Context, method, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("tracking: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(m.URL, "/")+"/api/2.0/mlflow/"+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("tracking: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("tracking: %w; is that the address of a server of MLflow's?", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	switch {
	case bytes.Contains(text, []byte(errAbsent.Error())):
		err = errAbsent
	case err == nil && answer.StatusCode != http.StatusOK:
		err = fmt.Errorf("got %s: %.300s", answer.Status, text)
	case err == nil && out != nil:
		err = json.Unmarshal(text, out)
	}
	if err != nil {
		return fmt.Errorf("tracking: %s: %w", request.URL.Redacted(), err)
	}
	return nil
}
