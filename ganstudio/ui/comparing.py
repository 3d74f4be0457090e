"""What is compared: the branches of the open run, and runs and branches that a person has added."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from time import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ganstudio.experiment.errors import StudioError
from ganstudio.runs.clock import Clock, clock
from ganstudio.training.events import Event
from ganstudio.training.history import History
from ganstudio.ui.run_reader import RunReader
from ganstudio.ui.widgets.strands import Strand
from ganstudio.ui.widgets.strands_on_disk import OPEN_END, RunStrands, read_strands

if TYPE_CHECKING:
    from ganstudio.ui.studio import Studio

MOST = 8
"""Strands at a time: as many as there are hues that can be told apart."""
KIND = "strands"


class Comparing(QObject):
    """Keeps the strands. What lies on disk is read beside the window."""

    changed = Signal()
    """There are other strands, or some of them are no longer what they were."""

    def __init__(self, studio: "Studio"):
        super().__init__()
        self.strands: list[Strand] = []
        self._studio = studio
        self._read: dict[Path, RunStrands] = {}
        self._added: dict[Path, list[int]] = {}  # what a person has added; no branch stands for the current one
        self._left_out: set[str] = set()
        self._hues: dict[str, int] = {}
        self._events: list[Event] = []
        self._branch = 0  # of the open run
        self._stale = True
        self._reader = RunReader()
        self._reader.answered.connect(self._take)
        studio.event.connect(self._follow)
        studio.runs.open_changed.connect(self._begin)

    def close(self) -> None:
        """Read no more."""
        self._reader.close()

    # what a person does

    def add(self, folders: Sequence[Path]) -> None:
        """Compare these runs too, each as it is on its current branch."""
        for folder in folders:
            if self._studio.runs.is_open(folder):
                self._left_out = {key for key in self._left_out if not key.startswith(f"{folder}#")}
            else:
                self._added.setdefault(folder, [])
                self._ask(folder)
        self._rebuild()

    def add_branch(self, folder: Path, branch: int) -> None:
        """Compare this branch of a run too."""
        self._left_out.discard(f"{folder}#{branch}")
        if not self._studio.runs.is_open(folder):
            known = [one.branch for one in self.strands if one.folder == folder]
            self._added[folder] = [*known, branch]
            self._ask(folder)
        self._rebuild()

    def remove(self, key: str) -> None:
        """Compare this one no more."""
        strand = next(one for one in self.strands if one.key == key)
        if strand.folder in self._added:
            left = [one.branch for one in self.strands if one.folder == strand.folder and one.key != key]
            self._added[strand.folder] = left
            if not left:
                del self._added[strand.folder]
                self._read.pop(strand.folder, None)
        self._left_out.add(key)
        self._rebuild()

    def offers(self) -> list[tuple[str, Callable[[], None]]]:
        """Branches of the runs at hand that are not shown: words, and what shows them."""
        shown, found = {one.key for one in self.strands}, []
        for folder, run in self._read.items():
            for one in run.tree.branches:
                if f"{folder}#{one.id}" not in shown:
                    words = f"{run.title} · {run.tree.name(one.id)}"
                    found.append((words, lambda folder=folder, branch=one.id: self.add_branch(folder, branch)))
        return found

    # names and hues

    def hue(self, key: str) -> int:
        """Number of a strand's hue, 1…8; it keeps it while it is shown."""
        return self._hues[key]

    def label(self, strand: Strand) -> str:
        """What it takes to tell it from the others: title or folder, and the branch."""
        titles = {(one.folder, one.title) for one in self.strands}
        alike = sum(title == strand.title for _, title in titles) > 1
        name = strand.folder.name if alike and strand.folder is not None else strand.title
        branches = [one for one in self.strands if one.folder == strand.folder]
        branch = (strand.name or f"branch {strand.branch}") if len(branches) > 1 or strand.branch else ""
        return " · ".join(filter(None, (name if len(titles) > 1 or not branch else "", branch)))

    # what is read

    def wake(self) -> None:
        """Somebody looks: read what has changed meanwhile."""
        if self._stale:
            self._stale = False
            folder = self._studio.runs.folder
            if folder is not None:
                self._ask(folder)
            self._rebuild()

    def _ask(self, folder: Path) -> None:
        branches = [] if self._studio.runs.is_open(folder) else (self._added.get(folder) or None)
        self._reader.ask(f"{KIND} {folder}", folder, lambda: read_strands(folder, branches))

    def _take(self, _: str, folder: Path, answer: object) -> None:
        if isinstance(answer, RunStrands):
            before = self._read.get(folder)
            self._read[folder] = answer
            if answer.left_out and (before is None or before.left_out != answer.left_out):
                self._studio.trouble.emit(answer.left_out)
            self._left_out -= {one.key for one in answer.strands} if folder in self._added else set()
        elif isinstance(answer, StudioError):
            self._added.pop(folder, None)
            if not self._studio.runs.is_open(folder):
                self._studio.trouble.emit(str(answer))
        self._rebuild()

    # the open run

    def _begin(self) -> None:
        """Another run is open, or it has got its folder."""
        self._left_out = {key for key in self._left_out if not key.startswith("#")}
        self._read = {folder: run for folder, run in self._read.items() if folder in self._added}
        self._stale = True
        self.changed.emit()

    def _follow(self, event: Event) -> None:
        if event.kind == "opened":
            self._events = list(event.data.get("earlier", ()))
            self._branch = int(event.data.get("branch", 0))
        elif event.kind == "rewound":
            self._events = list(event.data.get("earlier", ()))
        self._events.append(event)
        if event.kind in ("branched", "rewound"):
            self._branch = int(event.data["branch"])
            self._stale = True
            self.changed.emit()

    def grow(self, history: History) -> None:
        """The open run has trained, or is another one: see whether it is shown as it is now."""
        key = f"{self._studio.runs.folder or ''}#{self._branch}"
        if key in self._left_out or any(one.history is history for one in self.strands):
            return
        before = next((one for one in self.strands if one.key == key), None)
        if before is None or len(history) >= len(before.history):
            self._rebuild()

    def live(self) -> Strand | None:
        """The open run as it trains; None while nothing is open."""
        studio = self._studio
        experiment, history = studio.session.experiment, studio.session.history
        if experiment is None:
            return None
        lineage = ((self._branch, OPEN_END),)
        return Strand(studio.runs.folder, self._branch, experiment.title, history, self._clock(), experiment, lineage)

    def _clock(self) -> Clock | None:
        status = self._studio.status
        now = [(status.step, time())] if status.phase == "running" else []
        return clock(self._events, now)

    def _rebuild(self) -> None:
        folder, live = self._studio.runs.folder, self.live()
        found: list[Strand] = []
        for one in self._read[folder].strands if folder in self._read else []:
            if live is not None and one.branch == live.branch:
                # Gone back and not yet on again: the branch is still what it was.
                whole = len(live.history) >= len(one.history)
                live = replace(live, lineage=one.lineage, name=one.name)
                one, live = (live if whole else one), None
            found.append(one)
        if live is not None:
            found.append(live)
        found = found[-MOST:]
        for other, run in self._read.items():
            if other != folder and other in self._added:
                found += run.strands
        found = [one for one in found if one.key not in self._left_out]
        if len(found) > MOST:
            self._studio.message.emit(f"At most {MOST} curves are compared; take one away to add another.")
        self.strands = found[:MOST]
        self._colour()
        self.changed.emit()

    def _colour(self) -> None:
        keys = [one.key for one in self.strands]
        # The open run keeps its hue when it gets its folder.
        hues = {key: self._hues.get(key) or self._hues.get(f"#{key.rpartition('#')[2]}") for key in keys}
        taken: set[int] = set()
        self._hues = {}
        for key in keys:
            hue = hues[key] if hues[key] is not None and hues[key] not in taken else None
            self._hues[key] = hue or 0
            taken |= {hue} if hue else set()
        free = [hue for hue in range(1, MOST + 1) if hue not in taken]
        for key in keys:
            self._hues[key] = self._hues[key] or free.pop(0)
