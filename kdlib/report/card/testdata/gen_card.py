# Python 3.11, huggingface_hub 2.4.0. Writes card_golden.json beside itself: what the Hub's own library reads in the model card that
# TestHubReadsTheCard writes (go must be on PATH), which it also checks as it checks every card that it loads.
import hashlib, json, os, pathlib, subprocess, tempfile
from huggingface_hub import ModelCard

HERE = pathlib.Path(__file__).parent
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "README.md"
    subprocess.run(["go", "test", "-count=1", "-run", "^TestHubReadsTheCard$", "."], cwd=HERE.parent, check=True,
                   env=dict(os.environ, KDLIB_EXPORT_FILE=str(path)))
    card = ModelCard.load(path)  # raises where model-index or the types of fields are wrong
    data = card.data
    assert data.eval_results, "no results"
    golden = dict(sha256=hashlib.sha256(path.read_bytes()).hexdigest(), license=data.license, library=data.library_name,
                  pipeline=data.pipeline_tag, tags=data.tags, datasets=data.datasets, dataset=data.eval_results[0].dataset_name,
                  metrics={r.metric_type: r.metric_value for r in data.eval_results})
(HERE / "card_golden.json").write_text(json.dumps(golden, indent=1) + "\n")
