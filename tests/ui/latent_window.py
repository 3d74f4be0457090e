"""A Directions panel that a person works with."""

from desk import Desk
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from ganstudio.ui import theme
from ganstudio.ui.panels.latent import LatentPanel


class LatentWindow(Desk):
    """A Directions panel over a session that works."""

    def __init__(self, qtbot):
        theme.apply(QApplication.instance(), "dark")
        super().__init__(qtbot, LatentPanel)

    def open(self, experiment) -> None:
        """Open an experiment and wait for the first image of its generator."""
        super().open(experiment)
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
