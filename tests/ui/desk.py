"""A panel over a session that works, as a person sits before it."""

from time import monotonic

from PySide6.QtCore import Qt

from ganstudio.experiment.experiment import Experiment
from ganstudio.training.session import Session
from ganstudio.ui.panel import Panel
from ganstudio.ui.studio import Studio


def probes() -> dict[str, type]:
    """Imported by the session's thread: a test's first window needs no PyTorch."""
    from ganstudio.probes.generator import GeneratorProbe

    return {"generator": GeneratorProbe}


class Desk:
    """The session waits to be started. ``told`` are the sentences for a person, ``sent`` the z for Directions."""

    def __init__(self, qtbot, kind: type[Panel], probes=probes, size=(900, 560)):
        self.qtbot = qtbot
        self.session = Session(probes=probes, device="cpu", threads=1)
        self.studio = Studio(self.session)
        self.told: list[str] = []
        self.sent: list = []
        self.studio.message.connect(self.told.append)
        self.studio.trouble.connect(self.told.append)
        self.studio.sample_chosen.connect(self.sent.append)
        self.panel = kind(self.studio)
        self.panel.resize(*size)
        qtbot.addWidget(self.panel)

    def until(self, condition) -> None:
        """Let the window live until something holds."""
        end = monotonic() + 60
        while not condition():
            assert monotonic() < end, "waited in vain"
            for event in self.session.events():
                self.studio.take_event(event)
            self.studio.status_changed.emit(self.studio.status)
            self.qtbot.wait(3)

    def open(self, experiment: Experiment) -> None:
        """Open an experiment, and wait until the window has heard of it."""
        opened: list[bool] = []
        self.studio.opened.connect(lambda _: opened.append(True), Qt.ConnectionType.SingleShotConnection)
        self.studio.open(experiment)
        self.until(lambda: opened)

    def close(self) -> None:
        """End all threads."""
        self.panel.hide()
        assert self.studio.explorer.close()
        assert self.session.close()
