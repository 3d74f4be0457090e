"""The doctor: judges examination after examination, and does not change its mind at every one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.paths import value_at
from ganstudio.metrics.doctor.collapse import ModeCollapse
from ganstudio.metrics.doctor.complaint import Complaint, Evidence, Patient, Remedy, Verdict, trail
from ganstudio.metrics.doctor.divergence import Divergence, Standstill
from ganstudio.metrics.doctor.memorisation import Memorisation
from ganstudio.metrics.doctor.oscillation import Oscillation
from ganstudio.metrics.doctor.rates import Drift, RateTooHigh
from ganstudio.metrics.doctor.readings import Readings
from ganstudio.metrics.doctor.rest import Equilibrium
from ganstudio.metrics.doctor.winners import DiscriminatorWon, GeneratorWon

COMPLAINTS: tuple[Complaint, ...] = (
    Divergence(),
    Standstill(),
    RateTooHigh(),
    DiscriminatorWon(),
    GeneratorWon(),
    ModeCollapse(),
    Oscillation(),
    Memorisation(),
    Drift(),
    Equilibrium(),
)
"""The gravest first."""
CALM = 0.7
"""A finding is kept until its strength has fallen below this…"""
CALM_LOOKS = 2
"""… in so many examinations in a row."""
APART = 5
"""Steps between two examinations that count as two; nearer ones replace each other."""
GRACE = 4
"""Examinations after an edit before another remedy is proposed for what was wrong before: it must be given time."""
MOST = 256
"""Examinations remembered."""

VITAL = ("loss_share", "diversity", "mismatch", "update_d", "update_g")
"""Readings that are of interest of a healthy run too."""

Allowed = Callable[[tuple[tuple[str, Any], ...]], bool]


@dataclass(frozen=True)
class Finding:
    """One complaint as it stands."""

    complaint: str
    title: str
    headline: str
    good: bool
    sentence: str
    evidence: tuple[Evidence, ...]
    source: str
    remedy: Remedy | None
    """None where nothing is to be done, nothing is allowed, or an edit has been made since and needs time."""
    since: int
    """The step at which it was first said."""
    strength: float


@dataclass
class _State:
    """What is remembered of a complaint."""

    agreed: int = 0
    """Examinations in a row that met its criterion."""
    calm: int = 0
    since: int | None = None
    verdict: Verdict = field(default_factory=lambda: Verdict(0.0))
    judged_at: int = 0
    """The step of the examination that the verdict is of; later ones were calm."""


class Doctor:
    """Remembers the examinations of one trainer."""

    def __init__(self) -> None:
        self.past: list[Readings] = []
        self._states = {one.name: _State() for one in COMPLAINTS}
        self._experiment: Experiment | None = None
        self._since_edit, self._edited_at = GRACE, 0

    def examine(self, now: Readings, patient: Patient, allowed: Allowed) -> tuple[Finding, ...]:
        """What is to be said after this examination, the gravest first.

        ``allowed`` tells whether the trainer would take these edits. Going back in steps forgets what came later.
        """
        fresh = self._remember(now)
        if patient.experiment != self._experiment:
            self._since_edit = GRACE if self._experiment is None else 0
            self._experiment, self._edited_at = patient.experiment, now.step
        else:
            self._since_edit += fresh
        return tuple(
            self._finding(complaint, patient, allowed)
            for complaint in COMPLAINTS
            if self._says(complaint, patient, self._states[complaint.name], fresh)
        )

    def course(self) -> dict[str, np.ndarray]:
        """(T,) float64 of ``step``, of the vital signs, and of every reading that a finding rests on."""
        names = {
            one.reading for state in self._states.values() if state.since is not None for one in state.verdict.evidence
        }
        return {name: trail(self.past, name) for name in ("step", *sorted(names.union(VITAL)))}

    def _remember(self, now: Readings) -> bool:
        """Answers whether this examination counts as another one than the last."""
        fresh = True
        if self.past and now.step < self.past[-1].step:  # the run went back
            self.past = [one for one in self.past if one.step < now.step]
            self._states = {one.name: _State() for one in COMPLAINTS}
        elif self.past and now.step - self.past[-1].step < APART and len(self.past) > 1:
            self.past.pop()
            fresh = False
        self.past.append(now)
        if len(self.past) > MOST:
            self.past = self.past[: MOST // 2 : 2] + self.past[MOST // 2 :]
        return fresh

    def _says(self, complaint: Complaint, patient: Patient, state: _State, fresh: bool) -> bool:
        verdict = complaint.judge(self.past, patient)
        if not fresh:
            return state.since is not None
        if state.since is None:
            state.agreed = state.agreed + 1 if verdict.strength >= 1 else 0
            if state.agreed >= complaint.patience:
                state.since, state.calm = self.past[-1].step, 0
        else:
            state.calm = state.calm + 1 if verdict.strength < CALM else 0
            if state.calm >= CALM_LOOKS:
                state.since, state.agreed = None, 0
        if verdict.strength >= CALM or state.since is None:
            state.verdict, state.judged_at = verdict, self.past[-1].step
        return state.since is not None

    def _finding(self, complaint: Complaint, patient: Patient, allowed: Allowed) -> Finding:
        state = self._states[complaint.name]
        assert state.since is not None
        # What was wrong before the last edit may be on its way to be mended by it.
        waits = self._since_edit < GRACE and state.since < self._edited_at
        remedy = None if waits else self._remedy(complaint, patient, allowed)
        return Finding(
            complaint.name,
            complaint.title,
            complaint.headline,
            complaint.good,
            state.verdict.sentence,
            state.verdict.evidence,
            complaint.source,
            remedy,
            state.since,
            state.verdict.strength,
        )

    def _remedy(self, complaint: Complaint, patient: Patient, allowed: Allowed) -> Remedy | None:
        # Against what is said, not against what a calm look since would be the most.
        past = [one for one in self.past if one.step <= self._states[complaint.name].judged_at]
        for remedy in complaint.remedies(past, patient):
            if remedy is not None and _changes(remedy, patient.experiment) and allowed(remedy.edits):
                return remedy
        return None


def _changes(remedy: Remedy, experiment: Experiment) -> bool:
    return any(value_at(experiment, path) != value for path, value in remedy.edits)
