"""What a dock is. To add one: write a file in ``panels/`` with a subclass whose ``name`` is the file's, and the window
finds it.
"""

import importlib
import pkgutil
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QWidget

from ganstudio.ui import panels
from ganstudio.ui.pace import FASTEST, SHARE

if TYPE_CHECKING:
    from ganstudio.training.history import History
    from ganstudio.training.mailbox import Frame, Mailbox
    from ganstudio.ui.studio import Studio


class Panel(QWidget):
    """A dock's content. It imports no torch: frames and history are plain arrays.

    The bridge calls ``show_frame`` and ``show_history`` only while the panel is visible, at most at display rate, and
    only with something new. A panel repaints when one of them is called, and otherwise only when a person acts.
    """

    name: ClassVar[str] = ""
    """That of its file; identifies the dock in saved layouts."""
    title: ClassVar[str] = ""
    description: ClassVar[str] = ""
    """One sentence: tooltip of the dock's entry in the View menu."""
    probe: ClassVar[str] = ""
    """Name of the probe whose frames it shows; empty for none."""
    past_probe: ClassVar[str] = ""
    """Of a panel without a probe: whose frame of an earlier step ``show_frame`` takes, if there is one."""
    past_words: ClassVar[str] = ""
    """What such a panel says of itself where it cannot show an earlier step."""
    reads_history: ClassVar[bool] = False
    """Whether ``show_history`` is wanted."""
    keys: ClassVar[dict[str, str]] = {}
    """What keys do while the panel has the focus, for the sheet of all keys: ``{"R": "New inputs"}``."""
    share: ClassVar[float] = SHARE
    """Share of training's time that watching may take while the panel is visible, where training leaves cores free."""
    fastest: ClassVar[float] = FASTEST
    """Seconds between two looks that it asks for, at the least."""
    wait: ClassVar[int] = 1
    """For how many turns of others it waits where not all panels can be served at each look."""
    order: ClassVar[int] = 100
    """Place in the View menu."""

    def __init__(self, studio: "Studio"):
        super().__init__()
        self.studio = studio
        self.setObjectName(f"panel-{self.name}")
        self.setAccessibleName(self.title)

    def options(self) -> dict[str, Any]:
        """What the probe's ``frame`` is asked for; call ``self.studio.ask_again(self)`` when it has changed."""
        return {}

    def show_frame(self, frame: "Frame") -> None:
        """Draw a new frame of the panel's probe."""

    def show_history(self, history: "History") -> None:
        """Draw the metrics; called when the history has grown or was replaced."""

    def pull(self) -> bool:
        """Of a panel that gets something by itself: take and draw what is new. Answers whether there was anything."""
        return False

    @property
    def mailboxes(self) -> "Sequence[Mailbox]":
        """What its last ``pull`` has taken frames from."""
        return ()

    def show_past(self, step: int | None) -> None:
        """The window looks at the run as it was after ``step`` steps, or at the present again (None).

        Frames of that time, where there are any, come through ``show_frame``.
        """

    def restyle(self) -> None:
        """Follow a change of theme, where the palette alone does not do it."""

    def save_state(self) -> dict[str, Any]:
        """Choices to be remembered between sessions, as plain JSON values."""
        return {}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take up remembered choices; unknown or misfitting values are ignored."""


def panel_names() -> list[str]:
    """Name of every panel there is, by the alphabet. None is imported for it."""
    return sorted(info.name for info in pkgutil.iter_modules(panels.__path__))


def panel_class(name: str) -> type[Panel]:
    """The panel of that name. Raises ``LookupError`` where its file holds none."""
    for one in vars(importlib.import_module(f"{panels.__name__}.{name}")).values():
        if isinstance(one, type) and issubclass(one, Panel) and one.name == name:
            return one
    raise LookupError(f"ganstudio/ui/panels/{name}.py has no Panel whose name is {name!r}")
