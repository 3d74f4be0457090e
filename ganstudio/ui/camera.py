"""What can be filmed of the window, and pictures of it as arrays."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QWidget

from ganstudio.ui.theme import colours

if TYPE_CHECKING:
    from ganstudio.ui.main_window import MainWindow

STRIP = 1 / 18
"""Height of the strip with the step, in heights of the picture."""
LEAST_STRIP, MOST_STRIP = 18, 48


@dataclass(frozen=True)
class Subject:
    """Something on screen. Both functions belong to the window's thread."""

    name: str
    title: str
    size: Callable[[], QSize]
    """How large it is on screen."""
    picture: Callable[[int], QImage]
    """How it looks, so many pixels high."""


def subjects(window: "MainWindow") -> list[Subject]:
    """What of a window can be filmed now: the bare samples, each panel that is in view, and all of it."""
    visible = [panel for panel in window.panels.built if panel.isVisible() and not panel.visibleRegion().isEmpty()]
    found = [_widget(f"panel-{panel.name}", f"{panel.title} panel", panel) for panel in visible]
    grid = getattr(window.panels.get("samples"), "grid", None)
    if grid is not None and grid.tiles is not None and window.panels["samples"] in visible:
        shown = Subject("samples", "The samples alone", lambda: grid.exported().size(), lambda h: _scaled(grid, h))
        found.insert(0, shown)
    return [*found, _widget("window", "The whole window", window)]


def photograph(subject: Subject, height: int = 0, caption: str = "") -> np.ndarray:
    """(H, W, 3) uint8 of a subject so many pixels high (0: as on screen), above a strip with words if there are any."""
    image = subject.picture(height or max(1, subject.size().height()))
    if caption:
        image = _captioned(image, caption)
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return lines[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def _widget(name: str, title: str, widget: QWidget) -> Subject:
    return Subject(name, title, widget.size, lambda height: _rendered(widget, height))


def _rendered(widget: QWidget, height: int) -> QImage:
    """A widget painted anew at this size, so that its words stay sharp."""
    factor = height / max(1, widget.height())
    image = QImage(max(1, round(widget.width() * factor)), height, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(factor)
    image.fill(QColor(colours().surface_raised))
    widget.render(image)
    image.setDevicePixelRatio(1)
    return image


def _scaled(grid: "QWidget", height: int) -> QImage:
    image: QImage = grid.exported()
    if image.height() in (0, height):
        return image
    return image.scaledToHeight(height, Qt.TransformationMode.SmoothTransformation)


def _captioned(image: QImage, caption: str) -> QImage:
    strip = min(MOST_STRIP, max(LEAST_STRIP, round(image.height() * STRIP)))
    found = QImage(image.width(), image.height() + strip, QImage.Format.Format_RGB32)
    found.fill(QColor(colours().surface))
    painter = QPainter(found)
    painter.drawImage(0, 0, image)
    font = QFont()
    font.setPixelSize(round(strip * 0.62))
    painter.setFont(font)
    painter.setPen(QColor(colours().text))
    room = QRect(0, image.height(), image.width(), strip)
    painter.drawText(room.adjusted(6, 0, -6, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, caption)
    painter.end()
    return found
