"""The window's end of valve 5: answers from the explorer's thread and the workbench's, announced by one signal."""

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from ganstudio.latent.explorer import Explorer
from ganstudio.latent.requests import Answer, Request, Study
from ganstudio.latent.workbench import Workbench
from ganstudio.training.session import Session

if TYPE_CHECKING:
    from ganstudio.probes.generator import GeneratorFrame


class ExplorerBridge(QObject):
    """What panels ask images and directions of. Costs nothing until a panel does; then a thread starts."""

    answered = Signal()
    """Answers lie ready: whoever asked may ``take`` them. However many there are, it is emitted once."""
    reopened = Signal()
    """Another trainer is followed; nothing that was asked before will be answered."""
    live_changed = Signal(bool)
    """``live`` was set."""

    def __init__(self, session: Session):
        super().__init__()
        self._explorer = Explorer(session, self._announce)
        self._workbench = Workbench(session, self._announce)

    def _announce(self) -> None:
        """On the thread that answers; the signal crosses to this object's."""
        # Qt may have deleted this object: the program is closing.
        with contextlib.suppress(RuntimeError):
            self.answered.emit()

    def ask(self, request: Request, client: str) -> int:
        """Ask for something; of each client's requests of a kind the latest wins. Answers the request's number.

        Numbers of studies and of other requests are counted apart.
        """
        if isinstance(request, Study):
            return self._workbench.ask(request, client)
        return self._explorer.ask(request, client)

    def cancel(self, kind: type[Study], client: str) -> None:
        """Give a client's study of this kind up; nothing more comes of it."""
        self._workbench.cancel(kind, client)

    def take(self, client: str) -> list[Answer]:
        """The newest answers to this client, each once."""
        return self._explorer.take(client) + self._workbench.take(client)

    def follow(self, client: str, following: bool) -> None:
        """While following (a visible panel does), the client's last ``Render`` is answered again as G moves on."""
        self._explorer.follow(client, following)

    @property
    def live(self) -> bool:
        """Whether G is seen as it trains; else its running average."""
        return self._explorer.live

    @live.setter
    def live(self, live: bool) -> None:
        if live != self._explorer.live:
            self._explorer.live = self._workbench.live = live
            self.live_changed.emit(live)

    def look_back(self, frame: "GeneratorFrame | None") -> None:
        """Answer from G as it was then (a frame of the "generator" probe); None returns to the present."""
        self._explorer.look_back(frame)
        self._workbench.look_back(frame)

    @Slot()
    def reopen(self) -> None:
        """Follow the session's present trainer; called when one has been opened."""
        self._explorer.reopen()
        self._workbench.reopen()
        self.reopened.emit()

    def close(self) -> bool:
        """End the threads; call it before the session is closed. Answers whether they ended in time."""
        return all([self._explorer.close(), self._workbench.close()])
