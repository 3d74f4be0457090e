"""One sample with what can be done with it: copy and save."""

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from ganstudio.ui.widgets.action_button import ActionButton
from ganstudio.ui.widgets.sample_view import SampleView


class SampleBox(QWidget):
    """A ``SampleView`` over a row of buttons. ``owner`` is the panel whose keys they answer to."""

    message = Signal(str)
    """What came of it, in a sentence."""
    trouble = Signal(str)
    """Why nothing came of it, in a sentence."""

    def __init__(self, owner: QWidget, name: str):
        super().__init__()
        self.view = SampleView(name)
        self.z: np.ndarray | None = None
        """(dim,) float32: G's input of the image that is shown."""
        self.copy = ActionButton(
            owner,
            "Copy image",
            "copy",
            "Copy the image",
            self.copy_image,
            keys=QKeySequence.StandardKey.Copy,
        )
        self.save = ActionButton(
            owner, "Save image", "save", "Save the image as PNG, with its z inside", self.ask_where_to_save
        )
        self.bar = QHBoxLayout()
        """Further controls go in here, from the left."""
        self.bar.setSpacing(2)
        self.bar.addStretch(1)
        self.bar.addWidget(self.copy)
        self.bar.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.view, 1)
        layout.addLayout(self.bar)
        self.show_nothing("")

    def show_sample(self, pixels: np.ndarray, z: np.ndarray, caption: str, asked_at: float | None) -> None:
        """As ``SampleView.show_image``; ``z`` (dim,) is the image's input."""
        self.z = z
        self.view.show_image(pixels, caption, asked_at)
        self._enable(True)

    def show_nothing(self, sentence: str) -> None:
        """Show words instead."""
        self.view.say(sentence)
        self._enable(False)

    def _enable(self, enabled: bool) -> None:
        for button in (self.copy, self.save):
            button.set_enabled(enabled)

    def copy_image(self) -> None:
        """Put the image on the clipboard, enlarged."""
        QGuiApplication.clipboard().setImage(self.view.picture())
        self.message.emit("The image is on the clipboard.")

    def ask_where_to_save(self) -> None:
        """Ask for a file, and save the image in it."""
        path, _ = QFileDialog.getSaveFileName(self, "Save image", "sample.png", "PNG image (*.png)")
        if path:
            self.save_image(path)

    def save_image(self, path: str) -> None:
        """Save the image as PNG, enlarged; its text field ``z`` holds the input, number by number, to the last bit."""
        picture = self.view.picture()
        if self.z is not None:
            picture.setText("z", " ".join(str(number) for number in self.z))
        saved = picture.save(path, "PNG")
        if saved:
            self.message.emit(f"Saved {path}.")
        else:
            self.trouble.emit(f"{path}: the picture cannot be written there; choose another place.")

    def restyle(self) -> None:
        """Follow a change of theme."""
        self.copy.restyle()
        self.save.restyle()
        self.view.update()
