"""A run at one moment: copied from the trainer on its thread, turned into files on another."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch

from ganstudio import __version__
from ganstudio.experiment import files
from ganstudio.experiment.experiment import Experiment
from ganstudio.probes.tiles import Tiles
from ganstudio.runs import tensors
from ganstudio.runs.folder import EXPERIMENT, METRICS, RECORD, SAMPLES, WEIGHTS, replace
from ganstudio.runs.kept import PASSING
from ganstudio.runs.metrics import npy
from ganstudio.runs.record import EventRecord, Record
from ganstudio.runs.samples import png, samples
from ganstudio.runs.scatter import Scatter
from ganstudio.training.events import Event
from ganstudio.training.trainer import State, Trainer


@dataclass(frozen=True)
class Snapshot:
    """All that a save needs, as copies."""

    experiment: Experiment
    state: State
    rows: np.ndarray
    samples: Tiles | Scatter
    record: Record

    @classmethod
    def of(cls, trainer: Trainer, events: list[Event], started: datetime) -> "Snapshot":
        """Copy a trainer between two steps, its metrics flushed."""
        kept = [EventRecord.of(event) for event in events if event.kind not in PASSING]
        record = Record(
            schema_version=1,
            program=__version__,
            torch=torch.__version__,
            title=trainer.experiment.title,
            steps=trainer.steps,
            seed=trainer.experiment.seed,
            device=str(trainer.device),
            threads=torch.get_num_threads(),
            metrics=list(trainer.history.names),
            started=started,
            ended=datetime.now(UTC),
            events=kept,
        )
        return cls(trainer.experiment, trainer.state(), trainer.history.rows(), samples(trainer), record)

    def write(self, folder: Path) -> None:
        """Put all files in place. Raises ``OSError``, and leaves each file whole, old or new."""
        replace(folder / EXPERIMENT, files.dumps(self.experiment).encode())
        replace(folder / METRICS, npy(self.rows))
        replace(folder / SAMPLES, png(self.samples))
        replace(folder / RECORD, self.record.dumps())
        replace(folder / WEIGHTS, tensors.dumps(self.state.tensors, self._texts()))

    def _texts(self) -> dict[str, str]:
        return {
            "schema": "1",
            "experiment": files.dumps(self.experiment),
            "device": self.record.device,
            "numbers": json.dumps(self.state.numbers),
        }
