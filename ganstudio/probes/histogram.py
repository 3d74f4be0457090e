"""How D judges real and generated samples: a histogram of the steps' own logits, and its recent past."""

from collections import deque
from dataclasses import dataclass
from math import log
from typing import ClassVar, Literal

import numpy as np
import torch
from torch import Tensor

from ganstudio.games.objectives.base import Objective
from ganstudio.probes.ranges import Range
from ganstudio.training.mailbox import Frame
from ganstudio.training.trainer import Trainer

BINS = 40
WINDOW = 4
"""A histogram counts the logits of this many of the latest steps that were looked at: one batch alone is noisy."""
HISTORY = 96
"""Rows of the history."""
MOST_LOGITS = 4096
"""Logits of one step that are counted, at most; of a larger batch every n-th."""
EMPTY = np.empty((2, 0, BINS), np.float32)
PROBABILITIES = np.linspace(0.0, 1.0, BINS + 1)

Kind = Literal["probability", "logit", "output"]


@dataclass(frozen=True)
class HistogramFrame(Frame):
    """Counts of D's judgements, real and fake apart."""

    kind: Kind
    """What the axis shows: D(x), its logit, or the ``output`` of a D that gives no probability."""
    edges: np.ndarray
    """(BINS + 1,) float64."""
    real: np.ndarray
    """(BINS,) float32 counts; all zero before the first step."""
    fake: np.ndarray
    means: tuple[float, float]
    """Mean judgement of the counted real and fake samples; NaN before the first step."""
    equilibrium: float | None
    """Where every judgement lies when p_g = p_data, on this axis; None where theory fixes no value."""
    history: np.ndarray
    """(2, T, BINS) float32: the histograms of the latest looks as shares of the real and of the fake samples, oldest
    row first."""
    history_steps: np.ndarray
    """(T,) int64: the step of each row."""
    history_room: int = HISTORY
    """Rows that a full history has."""


@dataclass(frozen=True)
class _Look:
    """The logits of one step, and the extent of both sides together."""

    step: int
    real: np.ndarray
    fake: np.ndarray
    low: float
    high: float


class HistogramProbe:
    """Reads the logits that the last step left behind; D is not asked again."""

    name: ClassVar[str] = "histogram"
    of_last_step: ClassVar[bool] = True

    def __init__(self) -> None:
        self._looks: deque[_Look] = deque(maxlen=HISTORY)
        self._counts = EMPTY  # of each look
        self._window = np.zeros((2, BINS), np.float32)  # of the latest looks together
        self._history = EMPTY
        self._steps = np.empty(0, np.int64)
        self._seen: Tensor | None = None
        self._range = Range()
        self._axis: tuple[str, str, float, float] = ("", "", 0.0, 0.0)

    def frame(self, trainer: Trainer, *, view: Literal["probability", "logit"] = "probability") -> HistogramFrame:
        """``view`` chooses the axis where D has a probability; a critic's output is shown as it is."""
        objective = trainer.objective
        kind: Kind = view if objective.probability else "output"
        new = self._look(trainer)
        rest = _equilibrium(objective, kind, trainer.real_target)
        edges = self._edges(kind, rest)
        axis = (kind, objective.kind, edges[0], edges[-1])
        if axis != self._axis or not self._looks:
            self._axis = axis
            self._begin_again([_count(look, objective, kind, edges) for look in self._looks])
        elif new:
            self._add(_count(self._looks[-1], objective, kind, edges))
        latest = list(self._looks)[-WINDOW:]
        return HistogramFrame(
            trainer.steps,
            trainer.name,
            kind,
            edges,
            *self._window,
            (
                _mean(judgements(objective, kind, [look.real for look in latest])),
                _mean(judgements(objective, kind, [look.fake for look in latest])),
            ),
            rest,
            self._history,
            self._steps,
        )

    def _begin_again(self, rows: list[np.ndarray]) -> None:
        """Count all looks anew: ``rows`` of (2, BINS)."""
        self._counts = np.stack(rows, axis=1) if rows else EMPTY
        history = _windowed(self._counts)
        self._window = history[:, -1] if rows else np.zeros((2, BINS), np.float32)
        self._history = _shares(history)
        self._steps = np.array([look.step for look in self._looks], np.int64)

    def _add(self, row: np.ndarray) -> None:
        """Add the newest look's counts (2, BINS). What was published before stays as it is."""
        self._counts = np.concatenate([self._counts[:, 1 - HISTORY :], row[:, None]], axis=1)
        self._window = self._counts[:, -WINDOW:].sum(1)
        self._history = np.concatenate([self._history[:, 1 - HISTORY :], _shares(self._window)[:, None]], axis=1)
        self._steps = np.append(self._steps[1 - HISTORY :], self._looks[-1].step)

    def _look(self, trainer: Trainer) -> bool:
        """Take in the last step's logits. Answers whether they are new."""
        real, fake = trainer.moment.real_logits, trainer.moment.fake_logits
        if real is None or fake is None:
            # No step yet, or the run went back.
            self._looks.clear()
            self._seen = None
            return False
        if real is self._seen:
            return False
        self._seen = real
        sides = finite_logits(real), finite_logits(fake)
        low = min((float(side.min()) for side in sides if len(side)), default=0.0)
        high = max((float(side.max()) for side in sides if len(side)), default=0.0)
        self._looks.append(_Look(trainer.steps, *sides, low, high))
        return True

    def _edges(self, kind: Kind, rest: float | None) -> np.ndarray:
        """Bin edges: 0…1 for a probability, else a range that holds all that is shown, and the equilibrium."""
        if kind == "probability":
            return PROBABILITIES
        low = min((look.low for look in self._looks), default=-1.0)
        high = max((look.high for look in self._looks), default=1.0)
        if rest is not None:
            low, high = min(low, rest), max(high, rest)
        return np.linspace(*self._range.follow(low, high), BINS + 1)


def judgements(objective: Objective, kind: Kind, looks: list[np.ndarray]) -> np.ndarray:
    """Logits of several steps → (N,) what the axis shows of them."""
    logits = np.concatenate(looks) if looks else np.empty(0, np.float32)
    return objective.score(torch.from_numpy(logits)).numpy() if kind == "probability" else logits


def _count(look: _Look, objective: Objective, kind: Kind, edges: np.ndarray) -> np.ndarray:
    """(2, BINS) float32, as ``numpy.histogram`` counts what lies within the edges, in a tenth of its time."""
    values = (judgements(objective, kind, [side]) for side in (look.real, look.fake))
    bins = [np.searchsorted(edges[1:-1], side, "right") for side in values]
    return np.stack([np.bincount(one, minlength=BINS) for one in bins]).astype(np.float32)


def _windowed(counts: np.ndarray) -> np.ndarray:
    """(2, T, BINS) → each row with the WINDOW − 1 before it added, as far as there are any."""
    total = np.cumsum(counts, axis=1)
    windowed = total.copy()
    windowed[:, WINDOW:] -= total[:, :-WINDOW]
    return windowed


def _shares(counts: np.ndarray) -> np.ndarray:
    """Counts (…, BINS) as shares of their sums; zeros where there are none."""
    return counts / np.maximum(1.0, counts.sum(-1, keepdims=True))


def _equilibrium(objective: Objective, kind: Kind, real_target: float) -> float | None:
    rest = objective.equilibrium(real_target).score
    if rest is None or kind != "logit":
        return rest
    return log(rest / (1 - rest))


def finite_logits(logits: Tensor) -> np.ndarray:
    """(N,) float32 on the CPU: the finite ones of at most ``MOST_LOGITS`` of them."""
    values = logits.detach().flatten()[:: max(1, -(-logits.numel() // MOST_LOGITS))].float().cpu().numpy()
    return values[np.isfinite(values)]


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")
