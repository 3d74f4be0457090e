"""Valve 4: what the worker tells. Rare, ordered, nothing lost; errors travel as data."""

from dataclasses import dataclass, field
from time import time
from typing import Any, Literal

EventKind = Literal[
    "loading",  # a long piece of work, with data["share"] in 0…1
    "loaded",  # PyTorch and all components are in
    "opened",  # a trainer stands ready; data: experiment, branch, read_only, earlier events, data's notes, shape
    "started",
    "paused",
    "stopped",
    "stepped",  # one step or one player's part of it, by hand
    "paced",  # slow motion or full speed; data: steps_per_s, 0 for full speed
    "said",  # a scene's caption; data: beat, from 0, of so many beats
    "edited",  # data: path, old, new
    "duel",  # two sides train in the open trainer's place; data: path, left, right, step at which they part
    "duel-ended",  # data: keep (left, right or ""), verdict (``metrics.duel_verdict``, as plain data)
    "diagnosed",  # the doctor has found something, after ``step`` steps; data: complaint
    "refused",  # a command that could not be followed; data["field"] names the field, if it is one
    "warned",
    "failed",  # a step went wrong; the run rests in its last good state; data["traceback"]
    "restored",
    "rewound",  # to a checkpoint; data: branch, step, experiment, earlier events
    "branched",  # the run goes on as a new branch; data: branch, parent, step at which they part
    "noted",  # a remark; data: text
    "saved",  # data["path"]
    "finished",  # the experiment's number of steps is reached
]


@dataclass(frozen=True)
class Event:
    """Something that happened after ``step`` completed steps of ``trainer``."""

    kind: EventKind
    step: int = 0
    sentence: str = ""
    """For people: one plain sentence."""
    data: dict[str, Any] = field(default_factory=dict)
    trainer: str = "main"
    time: float = field(default_factory=time)
    """Seconds since the epoch."""
