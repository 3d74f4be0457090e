"""A Directions panel that a person works with."""

from time import monotonic

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from ganstudio.training.session import Session
from ganstudio.ui import theme
from ganstudio.ui.panels.latent import LatentPanel
from ganstudio.ui.studio import Studio


def probes() -> dict[str, type]:
    """Imported by the session: tests of other panels need no PyTorch at once."""
    from ganstudio.probes.generator import GeneratorProbe

    return {"generator": GeneratorProbe}


class LatentWindow:
    """A Directions panel over a session that works."""

    def __init__(self, qtbot):
        theme.apply(QApplication.instance(), "dark")
        self.qtbot = qtbot
        self.session = Session(probes=probes, device="cpu", threads=1)
        self.studio = Studio(self.session)
        self.messages: list[str] = []
        self.studio.message.connect(self.messages.append)
        self.panel = LatentPanel(self.studio)
        self.panel.resize(900, 560)
        self.qtbot.addWidget(self.panel)

    def until(self, condition) -> None:
        """Let the window live until something holds."""
        end = monotonic() + 60
        while not condition():
            assert monotonic() < end, "waited in vain"
            for event in self.session.events():
                self.studio.take_event(event)
            self.studio.status_changed.emit(self.studio.status)
            self.qtbot.wait(5)

    def open(self, experiment) -> None:
        """Open an experiment and wait for the first image of its generator."""
        self.studio.opened.connect(lambda _: opened.append(True), Qt.ConnectionType.SingleShotConnection)
        opened: list[bool] = []
        self.studio.open(experiment)
        self.until(lambda: opened)
        self.settle()

    def settle(self) -> None:
        """Wait until the image on screen is that of the present z, and the sliders have their directions."""
        self.until(
            lambda: (
                self.panel.z is not None
                and self.panel.box.z is not None
                and self.panel.box.z.tobytes() == self.panel.z.tobytes()
                and not self.panel.bank.choice.needs_principal
            )
        )

    def pixels(self) -> bytes:
        image = self.panel.box.view.picture().convertToFormat(QImage.Format.Format_RGB888)
        return bytes(image.constBits())

    def coordinates(self) -> list[float]:
        """What the read-outs say."""
        return [float(row.value.text().removesuffix(" σ").replace("−", "-")) for row in self.panel.rows]

    def close(self) -> None:
        self.panel.hide()
        assert self.studio.explorer.close()
        assert self.session.close()
