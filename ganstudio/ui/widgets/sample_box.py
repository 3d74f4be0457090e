"""One sample, an image or a point, with what can be done with it: copy, save, drag to another place."""

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QImage, QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ganstudio.latent.parcel import Parcel
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.action_button import ActionButton
from ganstudio.ui.widgets.point_view import PointView
from ganstudio.ui.widgets.sample_drag import copy, image_of, start_drag
from ganstudio.ui.widgets.sample_view import SampleView

SMALL = 96
"""Pixels of a small picture of a point."""


class SampleBox(QWidget):
    """A ``SampleView`` or a ``PointView`` over a row of buttons. ``owner`` is the panel whose keys they answer to."""

    message = Signal(str)
    """What came of it, in a sentence."""
    trouble = Signal(str)
    """Why nothing came of it, in a sentence."""

    def __init__(self, owner: QWidget, name: str):
        super().__init__()
        self.view, self.plane = SampleView(name), PointView(name)
        self.z: np.ndarray | None = None
        """(dim,) float32: G's input of the image that is shown."""
        self._pixels: np.ndarray | None = None
        self._pressed: QPointF | None = None
        self.copy = ActionButton(
            owner,
            "Copy sample",
            "copy",
            "Copy the image with its z",
            self.copy_sample,
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
        self._stack = QStackedWidget()
        for view in (self.view, self.plane):
            self._stack.addWidget(view)
            view.installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._stack, 1)
        layout.addLayout(self.bar)
        self.highlight(False)
        self.show_nothing("")

    def show_sample(self, pixels: np.ndarray, z: np.ndarray, caption: str, asked_at: float | None) -> None:
        """As ``SampleView.show_image``; ``z`` (dim,) is the image's input."""
        self._pixels = pixels
        self.view.show_image(pixels, caption, asked_at)
        self._show(self.view, z)

    def show_point(self, point: np.ndarray, z: np.ndarray, caption: str, asked_at: float | None) -> None:
        """As ``PointView.show_point``; ``z`` (dim,) is the point's input."""
        self._pixels = None
        self.plane.show_point(point, caption, asked_at)
        self._show(self.plane, z)

    def show_nothing(self, sentence: str) -> None:
        """Show words instead."""
        self.view.say(sentence)
        self._show(self.view, None)

    def _show(self, view: QWidget, z: np.ndarray | None) -> None:
        self.z = z
        self._stack.setCurrentWidget(view)
        for button in (self.copy, self.save):
            button.set_enabled(z is not None)
        cursor = Qt.CursorShape.ArrowCursor if z is None else Qt.CursorShape.OpenHandCursor
        if view.cursor().shape() != cursor:
            view.setCursor(cursor)

    @property
    def parcel(self) -> Parcel | None:
        """The sample as it travels; None while there is none."""
        if self.z is None:
            return None
        return Parcel(self.z[None], None if self._pixels is None else self._pixels[None])

    def highlight(self, hovering: bool) -> None:
        """Whether a sample hangs over it that would be taken."""
        self._stack.setStyleSheet(
            f"QStackedWidget {{ border: 2px solid {colours().accent if hovering else 'transparent'}; }}"
        )

    def small_picture(self) -> QImage:
        """The image in its own size, or a small picture of the point."""
        return self.plane.picture(side=SMALL) if self._pixels is None else image_of(self._pixels)

    def _picture(self) -> QImage:
        return self.plane.picture() if self._pixels is None else self.view.picture()

    def copy_sample(self) -> None:
        """Put the sample on the clipboard: for other programs its image, enlarged."""
        parcel = self.parcel
        if parcel is not None:
            copy(parcel)
            self.message.emit("The sample is on the clipboard: its image and its z.")

    def ask_where_to_save(self) -> None:
        """Ask for a file, and save the image in it."""
        path, _ = QFileDialog.getSaveFileName(self, "Save image", "sample.png", "PNG image (*.png)")
        if path:
            self.save_image(path)

    def save_image(self, path: str) -> None:
        """Save the image as PNG, enlarged; its text field ``z`` holds the input, number by number, to the last bit."""
        picture = self._picture()
        if self.z is not None:
            picture.setText("z", " ".join(str(number) for number in self.z))
        saved = picture.save(path, "PNG")
        if saved:
            self.message.emit(f"Saved {path}.")
        else:
            self.trouble.emit(f"{path}: the picture cannot be written there; choose another place.")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press and a move on the sample carry it away."""
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._pressed = None
        elif event.type() == QEvent.Type.MouseMove and self._pressed is not None:
            way = event.position() - self._pressed
            if way.manhattanLength() >= QApplication.startDragDistance():
                self._pressed = None
                self._carry()
        return False

    def _carry(self) -> None:
        parcel = self.parcel
        if parcel is not None:
            start_drag(self, parcel)

    def restyle(self) -> None:
        """Follow a change of theme."""
        self.copy.restyle()
        self.save.restyle()
        self.view.update()
        self.plane.update()
