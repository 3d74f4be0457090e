"""A trainer brought to where a run once was, to be looked at: nothing of it is ever saved."""

import logging
from collections.abc import Hashable, Mapping
from pathlib import Path

from ganstudio.data.absent import load_or_do_without
from ganstudio.experiment.errors import StudioError
from ganstudio.runs import tensors
from ganstudio.runs.heads import Head, read_head
from ganstudio.runs.past import Answer, Asked
from ganstudio.runs.restore import extend, load_head
from ganstudio.runs.sample_shape import sample_shape
from ganstudio.runs.store import Checkpoint, Store
from ganstudio.training import build
from ganstudio.training.mailbox import Frame
from ganstudio.training.protocols import Probe, needs_data
from ganstudio.training.trainer import Trainer

TURNS = 64
"""The most frames that a probe may take until one of them is complete."""

log = logging.getLogger(__name__)


class Rerun:
    """The past of one run, on the CPU. Belongs to one thread."""

    def __init__(self, folder: Path, probes: Mapping[str, type[Probe]]):
        self._folder, self._all = folder, probes
        self._store: Store | None = None
        self._trainer: Trainer | None = None
        self._at: Checkpoint | None = None  # where the trainer stands
        self._told = False  # whether it has the history and the last step's numbers too
        self._probes: dict[Hashable, tuple[str, Probe]] = {}  # that have looked at it there

    def close(self) -> None:
        """Let go of the run."""
        if self._store is not None:
            self._store.close()
        self._store = self._trainer = self._at = None

    def answer(self, asked: Asked) -> Answer:
        """The frame, or a sentence that says why there is none."""
        try:
            self._go_to(asked.branch, asked.step)
            return Answer(asked, self._frame(asked))
        except StudioError as error:
            return Answer(asked, None, str(error))
        except Exception as error:  # no memory, or a probe at its limits: training goes on
            self._trainer = self._at = None
            log.error("the past cannot be shown", exc_info=error)
            return Answer(asked, None, f"This step cannot be shown: {type(error).__name__}: {error}")

    def _go_to(self, branch: int, step: int) -> None:
        """Stand at the newest checkpoint up to a step that can be used."""
        if self._store is None:
            self._store = Store.open(self._folder)
        known = [one for one in self._store.checkpoints(branch) if one.step <= step]
        failures: list[StudioError] = []
        for checkpoint in reversed(known):
            try:
                self._stand_at(checkpoint)
            except StudioError as error:
                failures.append(error)
            else:
                return
        raise failures[0] if failures else StudioError(f"there is no checkpoint up to step {step:,} to look at")

    def _stand_at(self, checkpoint: Checkpoint) -> None:
        if self._at is not None and self._at.path == checkpoint.path and self._at.time == checkpoint.time:
            return
        self._at, self._told = None, False
        self._probes.clear()
        head = read_head(checkpoint.path)
        try:
            trainer = self._trainer or _trainer(head)
            self._trainer = None  # half of a checkpoint is no state to go on from
            load_head(head, trainer)
        except MemoryError:
            raise StudioError("there is not enough memory to look at the past; close other programs") from None
        self._trainer, self._at = trainer, checkpoint

    def _frame(self, asked: Asked) -> Frame:
        trainer, kind = self._trainer, self._all.get(asked.probe)
        assert trainer is not None
        if kind is None:
            raise StudioError(f"there is no probe called {asked.probe!r}")
        if trainer.data.absence is not None and needs_data(kind):
            raise trainer.data.absence
        if getattr(kind, "of_last_step", False):
            self._tell(trainer)
        name, probe = self._probes.get(asked.key, ("", None))
        if probe is None or name != asked.probe:
            probe = kind()
            self._probes[asked.key] = asked.probe, probe
        for _ in range(TURNS):
            frame = probe.frame(trainer, **asked.options)
            if frame.complete:
                break
        return frame

    def _tell(self, trainer: Trainer) -> None:
        """Give it what a step leaves behind besides the state: the history, and what the players said.

        A checkpoint has no logits; those of the step that the run took next, made by the same weights, stand for them.
        """
        if self._told or self._at is None or not trainer.steps:
            return
        assert self._store is not None
        extend(trainer, self._store, self._at.branch, read_head(self._at.path))
        state = trainer.state()
        trainer.step()
        moment = trainer.moment
        trainer.load(state)
        trainer.moment, self._told = moment, True


def _trainer(head: Head) -> Trainer:
    """A fresh one of a checkpoint's experiment, without the data where they cannot be had."""

    def shape() -> tuple[int, ...] | None:
        return sample_shape(head.experiment, tensors.read(head.path)[0])

    return Trainer(head.experiment, data=load_or_do_without(build.data_source(head.experiment), shape))
