"""A run's metrics, samples, weights and settings for other programs. Importing it needs no torch.

All raise ``StudioError`` naming the file that cannot be read or written; what was there is then still there.
"""

import csv
import io
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np

from ganstudio.experiment import files
from ganstudio.experiment.errors import StudioError
from ganstudio.runs.archive import zip_run
from ganstudio.runs.extras import needed
from ganstudio.runs.folder import METRICS, RECORD, SAMPLES, SCHEMA, replace
from ganstudio.runs.read import is_first_layout, read_run
from ganstudio.runs.record import read_record
from ganstudio.runs.store import Store
from ganstudio.training.history import History

Export = Callable[[Path, Path], str | None]
"""Writes something of the run in a folder to a file. Answers what had to be left out, in a sentence."""


def history_of(run: Path) -> tuple[History, str]:
    """The metrics of the run's current branch, from its first step on; and what of them is damaged and left out."""
    said = ""
    if is_first_layout(run):
        from ganstudio.runs.metrics import read_rows

        record = read_record(run / RECORD)
        names = tuple(record.metrics)
        rows = read_rows(run / METRICS, record.metrics, names, record.steps)
    else:
        with closing(Store.open(run)) as store:
            about = store.about()
            names, found = about.metrics, store.read(about.branch)
            rows, said = found.rows, found.sentence(str(store.path))
    history = History(names)
    history.append(rows)
    return history, said


def write_csv(history: History, path: Path) -> None:
    """All metrics of all steps as a table for other programs.

    The first column is ``step``, counted from 1; a number that a step did not have is left empty.
    """
    content = io.StringIO(newline="")
    writer = csv.writer(content)
    writer.writerow(["step", *history.names])
    for step, row in enumerate(history.rows().tolist(), 1):
        writer.writerow([step, *("" if value != value else f"{value:.9g}" for value in row)])
    _write(path, content.getvalue().encode())


def write_parquet(history: History, path: Path) -> None:
    """The same table with its types: int64 and float32; a number that a step did not have is null."""
    arrow = needed("pyarrow", "export", "Parquet")
    parquet = needed("pyarrow.parquet", "export", "Parquet")
    rows = history.rows()
    columns = {"step": arrow.array(np.arange(1, len(rows) + 1))}
    for index, name in enumerate(history.names):
        values = np.ascontiguousarray(rows[:, index])
        columns[name] = arrow.array(values, mask=np.isnan(values))
    content = io.BytesIO()
    parquet.write_table(arrow.table(columns), content)
    _write(path, content.getvalue())


def export_csv(run: Path, path: Path) -> str:
    """The metrics as CSV."""
    history, said = history_of(run)
    write_csv(history, path)
    return said


def export_parquet(run: Path, path: Path) -> str:
    """The metrics as Parquet."""
    history, said = history_of(run)
    write_parquet(history, path)
    return said


def export_samples(run: Path, path: Path) -> None:
    """The newest picture of samples, as PNG."""
    try:
        _write(path, (run / SAMPLES).read_bytes())
    except FileNotFoundError:
        raise StudioError("the run holds no picture of its samples", str(run)) from None
    except OSError as error:
        raise StudioError(f"cannot be read ({error.strerror or error})", str(run / SAMPLES)) from None


def export_experiment(run: Path, path: Path) -> None:
    """The experiment as TOML, with all edits."""
    _write(path, files.dumps(read_run(run).experiment).encode())


def export_weights(run: Path, path: Path) -> None:
    """Players and G's average as safetensors, without optimisers and random states; the experiment in the header.

    GAN Studio opens the file as it opens a shipped model; ``safetensors.torch.load_file`` reads it anywhere.
    """
    from ganstudio.runs import tensors
    from ganstudio.runs.models import newest_weights

    weights, experiment = newest_weights(run)
    _write(path, tensors.dumps(weights, {"schema": str(SCHEMA), "experiment": files.dumps(experiment)}))


def export_onnx(run: Path, path: Path) -> None:
    """G's average as ONNX; see ``onnx_export``."""
    from ganstudio.runs.onnx_export import onnx

    _write(path, onnx(run))


EXPORTS: dict[str, Export] = {
    "csv": export_csv,
    "parquet": export_parquet,
    "samples": export_samples,
    "weights": export_weights,
    "onnx": export_onnx,
    "experiment": export_experiment,
    "zip": zip_run,
}
"""By the name of what is written. A missing optional package is said in a sentence."""


def _write(path: Path, content: bytes) -> None:
    try:
        replace(path, content)
    except OSError as error:
        raise StudioError(f"cannot be written ({error.strerror or error})", str(path)) from None
