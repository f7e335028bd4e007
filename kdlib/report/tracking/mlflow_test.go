package tracking

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A real server has the study's numbers and recipe, and a second call sends nothing. To start one:
//
//	mlflow server --backend-store-uri sqlite:////tmp/mlflow.db --host 127.0.0.1 --port 5000
func TestMLflowServer(t *testing.T) {
	server := os.Getenv("KDLIB_MLFLOW")
	if server == "" {
		t.Skip("set KDLIB_MLFLOW to the address of a server of MLflow's to run it")
	}
	study := tiny(t)
	m := MLflow{server, "kdlib test " + filepath.Base(t.TempDir()) + fmt.Sprint(os.Getpid())}
	sent, err := m.Send(t.Context(), study)
	if err != nil || !slices.Equal(sent, study.Models()) {
		t.Fatalf("got %q, %v, want all models", sent, err)
	}
	if again, err := m.Send(t.Context(), study); err != nil || len(again) > 0 {
		t.Errorf("again: got %q, %v, want nothing sent", again, err)
	}
	id, err := m.experiment(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var found struct {
		Runs []struct {
			Info struct {
				ID     string `json:"run_id"`
				Name   string `json:"run_name"`
				Status string
			}
			Data struct {
				Params, Metrics, Tags []struct {
					Key   string
					Value any
				}
			}
		}
	}
	if err := m.call(t.Context(), http.MethodPost, "runs/search", object{"experiment_ids": []string{id}, "filter": "attributes.run_name = 'soft'"}, &found); err != nil || len(found.Runs) != 1 {
		t.Fatalf("got %+v, %v, want one run", found, err)
	}
	soft := found.Runs[0]
	value := func(all []struct {
		Key   string
		Value any
	}, key string) any {
		for _, v := range all {
			if v.Key == key {
				return v.Value
			}
		}
		return nil
	}
	if got := value(soft.Data.Params, "optimizer.learning_rate"); got != "0.001" || soft.Info.Status != "FINISHED" {
		t.Errorf("got learning rate %v, %s", got, soft.Info.Status)
	}
	if got := value(soft.Data.Tags, "labels"); got != "soft labels of teacher" {
		t.Errorf("got labels %v", got)
	}
	past, err := study.History("soft")
	if err != nil {
		t.Fatal(err)
	}
	var curve struct {
		Metrics []struct {
			Step  int
			Value float64
		}
	}
	key := url.QueryEscape("accuracy/validation on soft labels of teacher")
	if err := m.call(t.Context(), http.MethodGet, "metrics/get-history?run_id="+soft.Info.ID+"&metric_key="+key, nil, &curve); err != nil {
		t.Fatal(err)
	}
	for i, e := range past {
		if i >= len(curve.Metrics) || curve.Metrics[i].Step != e.Number || curve.Metrics[i].Value != e.ValidationAccuracy {
			t.Errorf("got %+v, want %v at epoch %d", curve.Metrics, e.ValidationAccuracy, e.Number)
		}
	}
}

// An address without a server, a server that is none of MLflow's, and one that refuses are said.
func TestMLflowRefused(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.RawQuery, "page") {
			fmt.Fprint(w, "<html>")
			return
		}
		w.WriteHeader(http.StatusForbidden)
		_ = json.NewEncoder(w).Encode(object{"error_code": "PERMISSION_DENIED"})
	}))
	t.Cleanup(server.Close)
	for _, c := range []struct{ url, experiment, want string }{
		{"http://127.0.0.1:1", "x", "is that the address"},
		{server.URL, "page", "invalid character '<'"},
		{server.URL, "x", "PERMISSION_DENIED"},
	} {
		sent, err := MLflow{c.url, c.experiment}.Send(t.Context(), tiny(t))
		if err == nil || !strings.Contains(err.Error(), c.want) || len(sent) > 0 {
			t.Errorf("%s: got %q, %v, want an error with %q", c.url, sent, err, c.want)
		}
	}
}
