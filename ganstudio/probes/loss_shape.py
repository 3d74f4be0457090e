"""How G's loss looks from where D's judgements of its samples lie, for several objectives at once."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import torch
from torch import Tensor

from ganstudio.experiment.registry import registry
from ganstudio.games.objectives.base import Objective
from ganstudio.probes.histogram import BINS, WINDOW, Kind, finite_logits, judgements
from ganstudio.probes.ranges import Range
from ganstudio.training.mailbox import Frame
from ganstudio.training.trainer import Trainer

STANDARD = ("saturating", "non-saturating", "maximum-likelihood")
"""The variants of one game that Goodfellow 2016 compares; they share D's loss and differ in G's."""
POINTS = 241
"""Places at which a curve is computed."""
EDGE = 1e-4
"""The curves begin and end this far from D = 0 and D = 1, where some are infinite."""
LEAST_LOGIT = 6.0
"""A logit axis reaches at least so far to either side."""


@dataclass(frozen=True)
class Shape:
    """G's loss of one sample and its slope, at the frame's places."""

    kind: str
    title: str
    formula: str
    source: str
    loss: np.ndarray
    """(POINTS,) float64: J_G of one sample."""
    slope: np.ndarray
    """(POINTS,) float64: |∂J_G/∂logit| of one sample."""


@dataclass(frozen=True)
class LossShapeFrame(Frame):
    """Curves over D's judgement, and the judgements of the latest steps' samples."""

    axis: Kind
    """What the axis shows: D(G(z)), its logit, or the ``output`` of a D that gives no probability."""
    at: np.ndarray
    """(POINTS,) float64: places on the axis, ascending."""
    shapes: tuple[Shape, ...]
    """``STANDARD`` and the objective in force if it is another; the same tuple as long as nothing in it changes."""
    active: str
    """Kind of the objective in force."""
    edges: np.ndarray
    """(BINS + 1,) float64."""
    fake: np.ndarray
    """(BINS,) float32 counts of the generated samples; all zero before the first step."""
    mean: float
    """Mean of what the axis shows over them; NaN before the first step."""
    reach: tuple[float, ...]
    """Mean |∂J_G/∂logit| over them for each of ``shapes``: what would reach G now; NaN before the first step."""
    gradient: float
    """Norm of the gradient that G really got at its last update (the metric ``gradient.generator``)."""


class LossShapeProbe:
    """Evaluates the objectives' own code; of the trainer it reads the last step's logits.

    These are the logits of D's part of the step. A relativistic loss has no value for one sample alone: its curve is
    that of a batch whose generated samples all have this logit, against the step's real ones.
    """

    name: ClassVar[str] = "loss_shape"
    of_last_step: ClassVar[bool] = True

    def __init__(self) -> None:
        self._looks: deque[tuple[Tensor, Tensor]] = deque(maxlen=WINDOW)
        self._seen: Tensor | None = None
        self._range = Range()
        self._objectives: dict[str, Objective] = {kind: registry.build("objective", kind, {}) for kind in STANDARD}
        self._shapes: tuple[Shape, ...] = ()
        self._shapes_of: tuple = ()

    def look(
        self, trainer: Trainer, *, view: Literal["probability", "logit"] = "probability"
    ) -> Callable[[], LossShapeFrame]:
        """Copies the logits. ``view`` chooses the axis where D has a probability; a critic's output is its own axis."""
        self._take(trainer)
        objective, step, name = trainer.objective, trainer.steps, trainer.name
        gradient = float(trainer.players["generator"].gradient_norm)
        return lambda: self._frame(objective, view, step, name, gradient)

    def frame(self, trainer: Trainer, *, view: Literal["probability", "logit"] = "probability") -> LossShapeFrame:
        """Look, and compute at once."""
        return self.look(trainer, view=view)()

    def _take(self, trainer: Trainer) -> None:
        real, fake = trainer.moment.real_logits, trainer.moment.fake_logits
        if real is None or fake is None:
            # No step yet, or the run went back.
            self._looks.clear()
            self._seen = None
        elif fake is not self._seen:
            self._seen = fake
            self._looks.append(tuple(torch.from_numpy(finite_logits(side)).double() for side in (real, fake)))

    def _frame(
        self, objective: Objective, view: Literal["probability", "logit"], step: int, trainer: str, gradient: float
    ) -> LossShapeFrame:
        axis: Kind = view if objective.probability else "output"
        compared = {**self._objectives, objective.kind: objective}
        fakes = [fake.numpy() for _, fake in self._looks]
        judged = judgements(objective, axis, fakes)
        edges = self._edges(axis, judged)
        at = np.clip(np.linspace(edges[0], edges[-1], POINTS), *_open_ends(axis))
        looks = [look for look in self._looks if len(look[0]) and len(look[1])]
        return LossShapeFrame(
            step,
            trainer,
            axis,
            at,
            self._curves(compared, axis, at, looks),
            objective.kind,
            edges,
            np.histogram(judged, edges)[0].astype(np.float32),
            float(judged.mean()) if len(judged) else float("nan"),
            tuple(_reach(one, looks) for one in compared.values()),
            gradient,
        )

    def _edges(self, axis: Kind, judged: np.ndarray) -> np.ndarray:
        if axis == "probability":
            return np.linspace(0.0, 1.0, BINS + 1)
        low, high = (float(judged.min()), float(judged.max())) if len(judged) else (-1.0, 1.0)
        if axis == "logit":
            low, high = min(low, -LEAST_LOGIT), max(high, LEAST_LOGIT)
        return np.linspace(*self._range.follow(low, high), BINS + 1)

    def _curves(
        self, compared: dict[str, Objective], axis: Kind, at: np.ndarray, looks: list[tuple[Tensor, Tensor]]
    ) -> tuple[Shape, ...]:
        key = (*((one.kind, one.config) for one in compared.values()), axis, at[0], at[-1])
        moving = any(one.relativistic for one in compared.values())  # its curve depends on the real logits
        if moving or key != self._shapes_of:
            self._shapes_of = key
            logits = torch.from_numpy(at)
            if axis == "probability":
                logits = logits.logit()
            real = looks[-1][0] if looks else logits.new_zeros(1)
            self._shapes = tuple(_shape(one, real, logits) for one in compared.values())
        return self._shapes


def _shape(objective: Objective, real: Tensor, logits: Tensor) -> Shape:
    """Each logit as a batch of its own: a mean over one sample is that sample's."""
    alone = logits[:, None]
    loss = torch.vmap(lambda fake: objective.generator_loss(real, fake))(alone)
    slope = torch.vmap(lambda fake: objective.gradients(real, fake).generator_fake)(alone)[:, 0]
    words = (objective.kind, objective.title, objective.formula, objective.source)
    return Shape(*words, loss.numpy(), slope.abs().numpy())


def _reach(objective: Objective, looks: list[tuple[Tensor, Tensor]]) -> float:
    """Mean |∂J_G/∂logit| over the samples of the looks; as J_G is a mean, a batch's derivatives are n times smaller."""
    if not looks:
        return float("nan")
    sums = [float(objective.gradients(real, fake).generator_fake.abs().sum()) for real, fake in looks]
    return sum(sums) / len(sums)


def _open_ends(axis: Kind) -> tuple[float, float]:
    return (EDGE, 1 - EDGE) if axis == "probability" else (-np.inf, np.inf)
