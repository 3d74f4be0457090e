"""Valve 1: what the worker can be told. Values, so that clicks, ``--edit``, scenes and resume are one mechanism."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganstudio.experiment.experiment import Experiment


@dataclass(frozen=True)
class Command:
    """``at``: the number of completed steps after which it acts; None acts before the next step."""

    at: int | None = None


@dataclass(frozen=True)
class Open(Command):
    """Build the players of an experiment, fresh or with weights.

    ``run`` is the folder of a run to go on with, or of a shipped model; None starts from the seed. ``device`` is
    ``auto``, ``cpu`` or ``cuda``; empty stays where the session is.
    """

    experiment: Experiment | None = None
    run: Path | None = None
    device: str = ""


@dataclass(frozen=True)
class Train(Command):
    """Run step after step.

    ``until``: completed steps after which it rests and saves the run, be the experiment's own end later; 0 goes on.
    """

    until: int = 0


@dataclass(frozen=True)
class Pause(Command):
    """Rest after the step in progress; in slow motion after the part of it that was played last."""


@dataclass(frozen=True)
class Stop(Command):
    """Rest, as ``Pause`` does, and save the run."""


@dataclass(frozen=True)
class Step(Command):
    """One step while paused, or only one player's part of it."""

    player: str = ""


@dataclass(frozen=True)
class Pace(Command):
    """Slow motion: play the parts of each step evenly spread over its time. 0 or None is full speed.

    It only delays. A step in progress is completed at once before an edit acts on a running run.
    """

    steps_per_s: float | None = None


@dataclass(frozen=True)
class Edit(Command):
    """Set a live field of the experiment, by dotted path or short name.

    It acts at the next step; while a run rests in the middle of one, at that step's next part.
    """

    path: str = ""
    value: Any = None


@dataclass(frozen=True)
class Duel(Command):
    """Fork the open trainer into a left and a right one that differ in this live field, and train them in turns.

    ``path`` is a dotted path or a short name, as in ``Edit``. ``steps`` is how many the duel takes until it rests; 0
    goes on. The open trainer stays as it is until the duel ends.
    """

    path: str = "objective.kind"
    left: Any = "saturating"
    right: Any = "non-saturating"
    steps: int = 0


@dataclass(frozen=True)
class EndDuel(Command):
    """Go on with the side to ``keep``, ``left`` or ``right``, as if its edit had been made; "" goes on with neither."""

    keep: str = ""


@dataclass(frozen=True)
class Say(Command):
    """Tell what is going on, in a scene's words: an event of kind ``said``, saved with the run's others."""

    caption: str = ""
    beat: int = 0
    """Which of the scene's ``beats`` moments this is, from 0."""
    beats: int = 0


@dataclass(frozen=True)
class Note(Command):
    """Put down a remark: an event of kind ``noted``. One on the present makes a checkpoint, to come back to."""

    text: str = ""
    seen: int | None = None
    """The step that it is about; None for the one that the run has reached."""


@dataclass(frozen=True)
class Diagnose(Command):
    """Put down what the doctor has found after ``seen`` steps: an event of kind ``diagnosed``.

    Nothing is put down of a step that the run, gone back meanwhile, has not come to.
    """

    complaint: str = ""
    """Its name in ``metrics.doctor``."""
    sentence: str = ""
    seen: int = 0


@dataclass(frozen=True)
class Rewind(Command):
    """Go back to a checkpoint of the open run, its experiment included. A running run rests first.

    Commands that waited then wait again, in place of those that wait now. Going on from there makes a new branch where
    the run has gone on before.
    """

    branch: int = 0
    step: int = 0


@dataclass(frozen=True)
class Forget(Command):
    """Drop all commands that wait for a later step."""


@dataclass(frozen=True)
class Save(Command):
    """Save the run as it is now."""


@dataclass(frozen=True)
class Restore(Command):
    """Return to the last state that was known to be finite."""
