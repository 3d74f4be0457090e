"""What is marked on the timeline: edits, saves, warnings, failures, notes and branches, each at its step. No Qt."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from ganstudio.runs.store import Checkpoint
from ganstudio.training.events import Event
from ganstudio.ui.widgets.run_notes import marker

KINDS = {
    "failed": "failure",
    "warned": "warning",
    "diagnosed": "warning",
    "noted": "note",
    "branched": "branch",
    "rewound": "branch",
    "restored": "branch",
    "duel": "branch",
    "edited": "edit",
}
"""Kinds of marks by kinds of events; of crowded marks the one that stands first here is drawn."""
WELCOME = "equilibrium"
"""What the doctor finds without there being anything wrong: not marked as a warning."""
SAVE = "save"
"""The kind of a checkpoint's mark."""
REASONS = {
    "start": "as the run began",
    "time": "by the clock",
    "steps": "by the number of steps",
    "edit": "before an edit",
    "pause": "at a pause",
    "stop": "at a stop",
    "asked": "as asked",
    "end": "as the run ended",
}
"""Why a checkpoint was made, in words."""
RANK = {kind: rank for rank, kind in enumerate(dict.fromkeys([*KINDS.values(), SAVE]))}
MOST_LINES = 9
"""Of a tooltip that tells of crowded marks."""


@dataclass(frozen=True)
class Mark:
    """Something that happened after ``step`` steps."""

    kind: str
    step: int
    sentence: str


@dataclass(frozen=True)
class Cluster:
    """Marks that stand too near to each other to be told apart, drawn as one."""

    marks: tuple[Mark, ...]

    @property
    def chief(self) -> Mark:
        """The one that matters most, the earliest of several."""
        return min(self.marks, key=lambda mark: RANK[mark.kind])

    def words(self) -> str:
        """What happened, a line each."""
        lines = [f"Step {mark.step:,}: {mark.sentence}" for mark in self.marks]
        if len(lines) > MOST_LINES:
            lines[MOST_LINES - 1 :] = [f"… and {len(lines) - MOST_LINES + 1:,} more"]
        return "\n".join(lines)


def follow(marks: list[Mark], event: Event) -> list[Mark]:
    """The marks after another event of the run; a new list where it changes anything."""
    if "earlier" in event.data:  # another lineage
        marks = []
        for one in event.data["earlier"]:
            marks = follow(marks, one)
    kind = KINDS.get(event.kind)
    if kind is None or event.trainer != "main":  # what happens in a duel is none of the run's
        return marks
    if event.data.get("complaint") == WELCOME:
        kind = "note"
    if event.kind in ("restored", "failed"):
        # The run went back, but its edits stay in force.
        marks = [replace(one, step=event.step) if one.step > event.step else one for one in marks]
    sentence = marker(event).sentence if event.kind == "edited" else event.sentence
    return [*marks, Mark(kind, event.step, sentence)]


def saved(checkpoints: Iterable[Checkpoint]) -> list[Mark]:
    """The marks of checkpoints."""
    return [Mark(SAVE, one.step, f"Checkpoint, {REASONS.get(one.reason, one.reason)}") for one in checkpoints]


def clusters(marks: Iterable[Mark], place: Callable[[int], float], room: float) -> list[Cluster]:
    """Merge what stands within ``room`` of the first of its cluster; ``place`` gives pixels for a step."""
    found: list[list[Mark]] = []
    for mark in sorted(marks, key=lambda mark: mark.step):
        if found and place(mark.step) - place(found[-1][0].step) < room:
            found[-1].append(mark)
        else:
            found.append([mark])
    return [Cluster(tuple(one)) for one in found]
