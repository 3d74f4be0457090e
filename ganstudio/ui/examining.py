"""The window's doctor: has the run examined every other second, keeps what was found, makes and takes back edits."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from ganstudio.experiment.paths import value_or_none
from ganstudio.training.commands import Diagnose
from ganstudio.training.events import Event
from ganstudio.training.mailbox import Mailbox
from ganstudio.ui.studio import Studio

if TYPE_CHECKING:
    from ganstudio.metrics.doctor.complaint import Remedy
    from ganstudio.metrics.doctor.doctor import Finding
    from ganstudio.probes.doctor import DoctorFrame

EVERY_MS = 2000
"""Milliseconds between two examinations."""


@dataclass(frozen=True)
class Treatment:
    """A remedy that a person has taken, and the way back."""

    title: str
    step: int
    before: tuple[tuple[str, Any], ...]
    """(full path, value) as it was."""
    after: tuple[tuple[str, Any], ...]


class Examining(QObject):
    """Has a subscription of its own, so that the run is examined whether or not anybody looks at the doctor's panel."""

    changed = Signal()
    """Another examination, a remedy taken or taken back, a complaint silenced."""

    def __init__(self, studio: Studio):
        super().__init__()
        self.studio = studio
        self.frame: DoctorFrame | None = None
        """The newest examination; None before the first of the open run."""
        self.told: list[tuple[int, str]] = []
        """(step, sentence) of everything that was ever found in this run, the oldest first."""
        self.silenced: set[str] = set()
        """Complaints of which nothing more is to be said in this run, by name."""
        self.treatments: dict[str, Treatment] = {}
        """By complaint: what is in force of the doctor's remedies."""
        self._mailbox: Mailbox | None = None
        self._present: set[str] = set()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        studio.event.connect(self._take)

    @property
    def findings(self) -> "tuple[Finding, ...]":
        """What is to be said now, the gravest first."""
        return () if self.frame is None else tuple(self._unsilenced(self.frame))

    def _unsilenced(self, frame: "DoctorFrame") -> "list[Finding]":
        return [one for one in frame.findings if one.complaint not in self.silenced]

    def look(self) -> None:
        """Take the examination that was made since the last look, and so ask for the next."""
        frame = None if self._mailbox is None else self._mailbox.take()
        if frame is not None:
            self._show(frame)

    def _show(self, frame: "DoctorFrame") -> None:
        self.frame = frame
        for one in self._unsilenced(frame):
            if one.complaint not in self._present:
                sentence = f"{one.title}. {one.sentence}"
                self.studio.session.post(Diagnose(complaint=one.complaint, sentence=sentence, seen=one.since))
        self._present = {one.complaint for one in frame.findings}
        self.changed.emit()

    def _take(self, event: Event) -> None:
        if event.kind == "opened":
            self._begin([*event.data.get("earlier", ())])
        elif event.kind == "diagnosed":
            self.told.append((event.step, event.sentence))
            self.changed.emit()
        elif event.kind == "rewound":
            self.told = [one for one in self.told if one[0] <= event.step]
            self.treatments.clear()
            self.changed.emit()

    def _begin(self, earlier: list[Event]) -> None:
        """Another trainer: its doctor knows nothing of the one before."""
        self.frame = None
        self.told = [(one.step, one.sentence) for one in earlier if one.kind == "diagnosed"]
        self.silenced.clear()
        self.treatments.clear()
        self._present = set()
        if self._mailbox is None:
            self._mailbox = self.studio.session.subscribe("doctor")
            self._timer.start(EVERY_MS)
        self._mailbox.take()  # what was seen of the trainer before
        self._mailbox.options = {}  # should it have been the new one's, it is made again
        self.changed.emit()

    # what a person does

    def treat(self, finding: "Finding") -> bool:
        """Make the edits of a finding's remedy. Answers whether all could be made."""
        remedy, experiment = finding.remedy, self.studio.experiment
        if remedy is None or experiment is None:
            return False
        before = tuple((path, value_or_none(experiment, path)) for path, _ in remedy.edits)
        if not self._edit(remedy.title, remedy.edits):
            return False
        self.treatments[finding.complaint] = Treatment(remedy.title, self.studio.status.step, before, remedy.edits)
        self.changed.emit()
        return True

    def take_back(self, complaint: str) -> None:
        """Set the fields back that a remedy has changed."""
        treatment = self.treatments.pop(complaint)
        self._edit(f"Take back: {treatment.title}", treatment.before)
        self.changed.emit()

    def in_force(self, complaint: str) -> Treatment | None:
        """The remedy taken against a complaint, unless its fields have been given other values since."""
        treatment, experiment = self.treatments.get(complaint), self.studio.experiment
        if treatment is None or experiment is None:
            return None
        return treatment if all(value_or_none(experiment, path) == value for path, value in treatment.after) else None

    def silence(self, complaint: str) -> None:
        """Say nothing more of it in this run."""
        self.silenced.add(complaint)
        self.changed.emit()

    def _edit(self, words: str, edits: "tuple[tuple[str, Any], ...]") -> bool:
        """As one step of undo. Answers False, and changes nothing, when one of them is refused."""
        stack = self.studio.undo_stack
        if len(edits) == 1:
            return self.studio.edit(*edits[0])
        stack.beginMacro(words)
        made = all(self.studio.edit(path, value) for path, value in edits)
        stack.endMacro()
        if not made:
            stack.undo()
        return made


def words_of(remedy: "Remedy") -> str:
    """What a remedy does, field by field, for a tooltip."""
    edits = "\n".join(f"{path} → {value}" for path, value in remedy.edits)
    return f"{remedy.reason}\n{edits}\nUndo takes it back."
