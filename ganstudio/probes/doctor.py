"""The doctor's examinations: cheap measurements every now and then, and what they say in the light of earlier ones.

An examination costs the worker a copy of G's weights and the norms of the players' weights and updates; the rest is
computed beside it. One every other second is meant.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import nan
from typing import Any, ClassVar

import numpy as np
from torch import Tensor

from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.metrics.doctor import samples, windows
from ganstudio.metrics.doctor.complaint import Patient
from ganstudio.metrics.doctor.doctor import Doctor, Finding
from ganstudio.metrics.doctor.readings import Readings
from ganstudio.probes.examination import EPOCHS, Look, Room, look
from ganstudio.training.mailbox import Frame
from ganstudio.training.trainer import Trainer

PLAYERS = {"generator", "discriminator"}
COPIES_EVERY = 4
"""Examinations between two searches of the training images, which cost the most."""


@dataclass(frozen=True)
class DoctorFrame(Frame):
    """What one examination has found."""

    readings: Readings | None
    """None before the first step, and for games of other players."""
    findings: tuple[Finding, ...]
    """The gravest first; empty when all is well, or nothing is known yet."""
    course: dict[str, np.ndarray]
    """(T,) float64 over the examinations so far: ``step``, the vital signs, each reading that a finding rests on."""


class DoctorProbe:
    """Has a memory: each examination is judged in the light of those before."""

    name: ClassVar[str] = "doctor"
    needs_data: ClassVar[bool] = True

    def __init__(self) -> None:
        self._room: Room | None = None
        self._doctor = Doctor()
        self._last = 0
        self._centre: np.ndarray | None = None
        self._copies: dict[str, float] = {}
        self._looks = 0

    def frame(self, trainer: Trainer) -> DoctorFrame:
        """Look and examine at once."""
        return self.look(trainer)()

    def look(self, trainer: Trainer) -> Callable[[], DoctorFrame]:
        """Copy G's weights, and read what the last steps have left behind."""
        if not trainer.players.keys() >= PLAYERS:
            nothing = DoctorFrame(trainer.steps, trainer.name, None, (), {})
            return lambda: nothing
        self._room = self._room or Room(trainer)
        self._room.refresh(trainer)
        seen = look(trainer, min(self._last, trainer.steps))
        self._last = trainer.steps
        experiment, name = trainer.experiment, trainer.name
        patient = Patient(experiment, self._room.density is None, trainer.objective.probability)

        def examine() -> DoctorFrame:
            readings = self._examine(seen)
            if not seen.step:
                self._doctor.past = [readings]
                return DoctorFrame(0, name, None, (), {})
            findings = self._doctor.examine(readings, patient, lambda edits: _allowed(trainer, experiment, edits))
            return DoctorFrame(seen.step, name, readings, findings, self._doctor.course())

        return examine

    def _examine(self, seen: Look) -> Readings:
        assert self._room is not None
        rows, (g, d) = seen.rows, (seen.sizes["generator"], seen.sizes["discriminator"])
        gradients, losses = (
            {"g": rows[f"{kind}.generator"], "d": rows[f"{kind}.discriminator"]} for kind in ("gradient", "loss")
        )
        loss_d = windows.mean(losses["d"])
        x, drift = self._room.generated()
        finite = bool(x.isfinite().all())
        return Readings(
            seen.step,
            seen.updates["generator"],
            seen.updates["discriminator"],
            seen.epochs,
            auc=nan if seen.logits is None else samples.auc(*seen.logits),
            loss_share=windows.loss_share(seen.objective, loss_d, seen.real_target),
            score_real=windows.mean(rows["score.real"]),
            score_fake=windows.mean(rows["score.fake"]),
            loss_d=loss_d,
            loss_g=windows.mean(losses["g"]),
            size=windows.median(windows.largest([*losses.values(), *gradients.values()])),
            gradient_d=windows.median(gradients["d"]),
            gradient_g=windows.median(gradients["g"]),
            noise_d=windows.noise(gradients["d"]),
            noise_g=windows.noise(gradients["g"]),
            weights_d=d.weights,
            weights_g=g.weights,
            update_d=d.update,
            update_g=g.update,
            drift=drift,
            finite=finite,
            **(self._measured(x, seen) if finite else {}),
        )

    def _measured(self, x: Tensor, seen: Look) -> dict[str, Any]:
        room = self._room
        assert room is not None
        centre = room.centre(x)
        travel = nan if self._centre is None else float(np.linalg.norm(centre - self._centre))
        self._centre = centre
        if room.searchable and seen.epochs >= EPOCHS:
            if self._looks % COPIES_EVERY == 0:
                self._copies = room.measure_copies(x)
            self._looks += 1
        return {**room.measure_samples(x), **self._copies, "travel": travel}


def _allowed(trainer: Trainer, experiment: Experiment, edits: tuple[tuple[str, Any], ...]) -> bool:
    """Whether the trainer would take these edits now. It reads the players, and changes nothing."""
    try:
        for path, value in edits:
            experiment, changes = change(experiment, path, value)
            if not all(one.live for one in changes):
                return False
        trainer.game_check(experiment)
    except StudioError:
        return False
    return True
