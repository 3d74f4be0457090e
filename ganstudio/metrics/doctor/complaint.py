"""What a complaint is: a criterion with its reasoning, the evidence in numbers, words for a person, and remedies."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, isfinite, isnan, log10
from typing import Any, ClassVar

import numpy as np

from ganstudio.experiment.experiment import Experiment
from ganstudio.metrics.doctor.readings import Readings


@dataclass(frozen=True)
class Patient:
    """What is examined."""

    experiment: Experiment
    """With all edits that have acted."""
    images: bool
    """Whether the data are images; else points."""
    probability: bool = True
    """Whether D's output is a probability; else it is a critic's value."""


@dataclass(frozen=True)
class Remedy:
    """One or two live edits that undo takes back."""

    title: str
    """What a button says, beginning with a verb."""
    edits: tuple[tuple[str, Any], ...]
    """(full path, value)."""
    reason: str = ""
    """One sentence: why it helps, with its source."""


@dataclass(frozen=True)
class Evidence:
    """One number that speaks for a finding."""

    reading: str
    """Name of the number among ``Readings``, whose course can be drawn."""
    words: str
    """What it is and how much, e.g. "D tells 99.8 % of pairs apart"."""


@dataclass(frozen=True)
class Verdict:
    """What a complaint says of one examination in the light of those before."""

    strength: float
    """1 where the criterion is just met, more beyond it, 0 where nothing speaks for it."""
    sentence: str = ""
    evidence: tuple[Evidence, ...] = ()


NOTHING = Verdict(0.0)
LEAST = 0.001
"""Percent below which a share is as good as none."""


class Complaint:
    """Something that can be wrong (or, where ``good``, has come right). Subclasses hold no state."""

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    """For the list of findings."""
    headline: ClassVar[str] = ""
    """Ends the sentence "Look: …"."""
    source: ClassVar[str] = ""
    """Where the criterion comes from, or the reasoning behind it."""
    good: ClassVar[bool] = False
    patience: ClassVar[int] = 3
    """Examinations in a row that must agree before anything is said."""

    def judge(self, past: Sequence[Readings], patient: Patient) -> Verdict:
        """Of the last of these examinations; ``past`` has one at least, in the order of steps."""
        raise NotImplementedError

    def remedies(self, past: Sequence[Readings], patient: Patient) -> Iterator[Remedy | None]:
        """What may help, the best first; None where it does not apply. The first that is allowed is offered."""
        yield from ()


def trail(past: Sequence[Readings], name: str) -> np.ndarray:
    """(T,) float64: the course of one reading."""
    return np.array([getattr(one, name) for one in past], np.float64)


def latest(past: Sequence[Readings], name: str, count: int) -> np.ndarray:
    """The finite values of a reading in the last ``count`` examinations."""
    values = trail(past[-count:], name)
    return values[np.isfinite(values)]


def at_most(value: float, limit: float) -> float:
    """Strength of "``value`` ≤ ``limit``": their ratio; 0 for NaN."""
    if isnan(value):
        return 0.0
    return limit / value if value > 0 else float("inf")


def at_least(value: float, limit: float) -> float:
    """Strength of "``value`` ≥ ``limit``": their ratio; 0 for NaN."""
    return 0.0 if isnan(value) else value / limit


def both(*strengths: float) -> float:
    """Strength of several conditions that must all hold: the weakest."""
    return min(strengths)


def percent(share: float) -> str:
    """A share in words: 99.8 %, 42 %, 0.03 %, less than 0.001 %; "—" where there is none."""
    value = 100 * share
    if not isfinite(value):
        return "—"
    if 10 <= value < 99:
        return f"{value:.0f} %"
    if value >= 1:
        return f"{value:.1f} %"
    return f"{value:.{-floor(log10(value))}f} %" if value >= LEAST else f"less than {LEAST} %"
