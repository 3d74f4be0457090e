"""The shipped SVG icons, tinted in the theme's colours (icon themes are absent on bare X11, Windows and macOS)."""

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ganstudio.resources import resource
from ganstudio.ui.theme import colours


def icon(name: str, colour: str = "", checked: str = "") -> QIcon:
    """The icon ``resources/icons/NAME.svg`` in a colour (the text's by default), grey where disabled.

    ``checked`` is its colour on a button that is switched on, where that differs.
    """
    found = QIcon()
    source = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    for mode, tint in ((QIcon.Mode.Normal, colour or colours().text), (QIcon.Mode.Disabled, colours().muted)):
        found.addPixmap(_render(source.replace("#000", tint)), mode)
    if checked:
        found.addPixmap(_render(source.replace("#000", checked)), QIcon.Mode.Normal, QIcon.State.On)
    return found


def _render(svg: str) -> QPixmap:
    pixmap = QPixmap(48, 48)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, 48, 48))
    painter.end()
    return pixmap
