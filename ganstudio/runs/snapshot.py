"""A trainer's state at one moment: copied on its thread, turned into a checkpoint's files on another."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganstudio.experiment.experiment import Experiment
from ganstudio.probes.tiles import Tiles
from ganstudio.runs import tensors
from ganstudio.runs.about import About
from ganstudio.runs.folder import CHECKPOINTS, SAMPLES, replace
from ganstudio.runs.heads import Head
from ganstudio.runs.samples import png, samples
from ganstudio.runs.scatter import Scatter
from ganstudio.runs.store import Checkpoint, checkpoint_path
from ganstudio.runs.tree import Branch
from ganstudio.training.protocols import Reason
from ganstudio.training.trainer import State, Trainer


@dataclass(frozen=True)
class Snapshot:
    """All that a checkpoint needs, as copies."""

    step: int
    reason: Reason
    device: str
    experiment: Experiment
    state: State
    pending: list[dict[str, Any]]
    look: Tiles | Scatter | None
    """The samples; None where the last ones will do."""

    @classmethod
    def of(cls, trainer: Trainer, reason: Reason, pending: Sequence[dict[str, Any]] = ()) -> "Snapshot":
        """Copy a trainer, its metrics flushed."""
        look = None if reason == "edit" else samples(trainer)
        state, experiment = trainer.state(), trainer.experiment
        return cls(trainer.steps, reason, str(trainer.device), experiment, state, list(pending), look)

    def write(
        self, folder: Path, branch: int, event: int, time: float, about: About, branches: list[Branch]
    ) -> Checkpoint:
        """Put the checkpoint's file in place. Raises ``OSError``, and leaves the file whole, old or new."""
        path = checkpoint_path(folder, branch, self.step)
        plain = tensors.plain(self.state.tensors)
        head = Head(
            path=path,
            branch=branch,
            step=self.step,
            event=event,
            time=time,
            reason=self.reason,
            device=self.device,
            experiment=self.experiment,
            about=about,
            branches=branches,
            pending=self.pending,
            numbers=self.state.numbers,
            body=tensors.fingerprint(plain),
        )
        content = tensors.dumps(plain, head.texts())
        (folder / CHECKPOINTS).mkdir(exist_ok=True)
        replace(path, content)
        if self.look is not None:
            replace(folder / SAMPLES, png(self.look))
        return Checkpoint(branch, self.step, path, len(content), time, self.reason, event)
