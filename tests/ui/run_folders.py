"""Runs on disk as the Runs panel and Compare find them: small stores, written as training writes them."""

import uuid
from contextlib import closing
from pathlib import Path

import numpy as np
from PIL import Image

from ganstudio.experiment import files
from ganstudio.experiment.experiment import Experiment
from ganstudio.runs.about import About
from ganstudio.runs.folder import EXPERIMENT, SAMPLES, SCHEMA
from ganstudio.runs.store import Checkpoint, Store, checkpoint_path
from ganstudio.training.events import Event

METRICS = ("loss.discriminator", "loss.generator", "score.real", "score.fake")
BEGUN = 1_700_000_000.0


def metric_rows(count: int, value: float) -> np.ndarray:
    return np.full((count, len(METRICS)), value, np.float32)


def make_run(place: Path, name: str, experiment: Experiment, steps: int = 40, value: float = 1.0, **about) -> Path:
    """A run of ten steps a second, each metric of one value, with checkpoints at its beginning and end."""
    folder = place / name
    (folder / "checkpoints").mkdir(parents=True)
    files.write(experiment, folder / EXPERIMENT)
    Image.new("RGB", (16, 16), (200, 80, 40)).save(folder / SAMPLES)
    seconds = steps / 10
    own = {
        "schema": SCHEMA,
        "run_id": str(uuid.uuid4()),
        "title": experiment.title,
        "program": "0",
        "torch": "0",
        "seed": experiment.seed,
        "device": "cpu",
        "threads": 1,
        "metrics": METRICS,
        "started": BEGUN,
        "ended": BEGUN + seconds,
        "steps": steps,
    }
    with closing(Store.create(folder, About(**{**own, **about}))) as store:
        store.append_rows(0, 0, metric_rows(steps, value))
        happened = [Event("started", 0, time=BEGUN), Event("paused", steps, time=BEGUN + seconds)]
        last = store.add_events(0, happened)
        for step in (0, steps):
            add_checkpoint(store, 0, step, last if step else 0)
    return folder


def add_branch(folder: Path, parent: int, step: int, steps: int, value: float) -> int:
    """The run goes on from a step of a branch, as a new branch, which is then the current one."""
    with closing(Store.open(folder, write=True)) as store:
        branch = store.add_branch(parent, step)
        store.append_rows(branch, step, metric_rows(steps, value))
        begun = BEGUN + 1000 * branch
        happened = [
            Event("rewound", step, time=begun - 1),
            Event("started", step, time=begun),
            Event("paused", step + steps, time=begun + steps / 10),
        ]
        add_checkpoint(store, branch, step + steps, store.add_events(branch, happened))
        store.update_about(branch=branch, steps=step + steps, ended=begun + steps / 10)
    return branch


def add_checkpoint(store: Store, branch: int, step: int, event: int) -> None:
    path = checkpoint_path(store.folder, branch, step)
    path.write_bytes(b"weights")
    store.add_checkpoint(Checkpoint(branch, step, path, 7, BEGUN + step / 10, "time" if step else "start", event))
