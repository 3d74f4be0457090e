"""One trainer's run on disk, and what of it the worker has handed to the writer."""

from dataclasses import dataclass
from typing import Any

from ganstudio.runs.about import About
from ganstudio.runs.heads import Head
from ganstudio.runs.jobs import Line
from ganstudio.runs.place import Place
from ganstudio.runs.snapshot import Snapshot


@dataclass(eq=False)
class Run:
    """One trainer's place on disk, and what of it has been handed to the writer."""

    about: About
    line: Line
    at: Any
    """Names the state that it was opened in: as long as it stands there, nothing is written."""
    place: Place | None = None
    """None until something is written."""
    source: tuple[Place, Head | None, int] | None = None
    """A run that can only be read, from which this one goes on: up to a checkpoint, on a branch."""
    head: Head | None = None
    """The checkpoint that it was opened from."""
    start: Snapshot | None = None
    touched: bool = False
    first: int = 0
    """Rows handed over."""
    told: int = 0
    """Events handed over."""
    revision: int = 0
    """The history's: it tells when steps have been taken back."""
    back: int | None = None
    """The step that was gone back to, until that is handed over."""
    recorded: float = 0.0
    looked: tuple[int, float] = (0, 0.0)
    """The step and the moment from which the next picture of the samples is due."""
    saved_as: Any = None
    """Names the last state that was handed over, so that nothing is written twice."""
    dragged: tuple[str, float] = ("", float("-inf"))
    text: str = ""
    """The experiment as it stands in its file; the writer's."""
    entered: bool = False
    """Whether the machine that it is trained on stands in its head; the writer's."""

    @property
    def readable(self) -> Place | None:
        """Where the run can be read from."""
        return self.place or (self.source[0] if self.source else None)
