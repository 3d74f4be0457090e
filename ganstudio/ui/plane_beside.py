"""When the Plane panel has its planes painted by another process: while training runs and leaves a core free."""

from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ganstudio.training.cores import cores
from ganstudio.training.status import Status
from ganstudio.ui.plane_painter import PlanePainter, Wish
from ganstudio.ui.widgets.film import Picture
from ganstudio.ui.widgets.sealed import Sealed

if TYPE_CHECKING:
    from ganstudio.probes.plane import PlaneFrame
    from ganstudio.ui.panels.plane import PlanePanel

PATIENCE = 1.5
"""Seconds of training in view of the panel before a process is started: it takes seconds and some 300 MB."""


class PlaneBeside(QObject):
    """Starts the process for a panel when it is worth it, and hands frames and pictures to and fro."""

    def __init__(self, panel: "PlanePanel"):
        super().__init__(panel)
        self._panel = panel
        self._painter: PlanePainter | None = None
        self._loaded = self._failed = False
        self._since: float | None = None
        self._paints = False
        self._past = self._asked = False
        panel.studio.status_changed.connect(self._follow)

    @property
    def paints(self) -> bool:
        """Whether the next frame should be the players, for the process to paint."""
        return self._paints

    def ask(self, frame: "PlaneFrame", layers: dict[str, bool]) -> None:
        """Have the players of a frame painted for the view as it is now."""
        view = self._panel.view
        if self._painter is not None and view.outline is not None:
            self._asked = True
            self._painter.ask(Wish(frame, layers, view.order(), self._past))

    def look(self) -> bool:
        """Take what the process has painted. Answers whether there was anything."""
        return self._painter is not None and self._painter.look()

    def look_back(self, past: bool) -> None:
        """The panel shows the past: what is asked for from now on is wanted at rest too, what was before is not."""
        if past != self._past:
            self._past, self._asked = past, False

    def leave_off(self) -> None:
        """The panel shows something newer than what it has asked for."""
        self._asked = False

    def close(self) -> None:
        """End the process, if there is one."""
        if self._painter is not None:
            self._painter.close()
            self._painter = None

    def _follow(self, status: Status) -> None:
        plane = self._panel.view.outline is not None
        busy = status.phase == "running" and self._panel.isVisible() and plane and 0 < status.threads < cores()
        if not busy:
            self._since = None
        elif self._since is None:
            self._since = perf_counter()
        elif self._painter is None and not self._failed and perf_counter() - self._since >= PATIENCE:
            self._start()
        self._choose(busy and self._loaded)

    def _start(self) -> None:
        self._painter = PlanePainter(self._show)
        self._painter.ready.connect(self._take_load)
        self._painter.failed.connect(self._take_failure)

    def _take_load(self) -> None:
        self._loaded = True

    def _take_failure(self, sentence: str) -> None:
        self._painter, self._loaded, self._failed = None, False, True
        self._panel.studio.message.emit(sentence)
        self._choose(False)

    def _choose(self, paints: bool) -> None:
        if paints != self._paints:
            self._paints = paints
            self._panel.studio.ask_again(self._panel)

    def _show(self, plane: Sealed, picture: Picture, wish: Wish) -> bool:
        # At rest the panel computes by itself: a picture that comes late is older than what it shows.
        wanted = wish.past == self._past and (self._asked if self._past else self._paints)
        if wanted:
            self._panel.show_plane(plane, picture)
        return wanted
