"""A theme is put in force once: again is nothing, another is another."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from ganstudio.ui import theme


class Changes(QObject):
    """Counts how often a widget was told that its style or its palette is another."""

    def __init__(self, widget: QWidget):
        super().__init__()
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        self.count += event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange)
        return False


def test_the_same_theme_again_touches_no_widget_and_another_does(qapp, qtbot, own_looks):
    theme.apply(qapp, "light")
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    QApplication.processEvents()
    changes = Changes(widget)
    theme.apply(qapp, "light")
    QApplication.processEvents()
    assert changes.count == 0
    theme.apply(qapp, "dark")
    QApplication.processEvents()
    assert changes.count > 0
    assert theme.is_dark()
    assert qapp.palette().window().color().name() == theme.DARK.surface_raised


def test_a_palette_that_something_else_has_put_is_put_right(qapp, own_looks):
    theme.apply(qapp, "light")
    palette = qapp.palette()
    palette.setColor(palette.ColorRole.Window, "#123456")
    qapp.setPalette(palette)
    theme.apply(qapp, "light")
    assert qapp.palette().window().color().name() == theme.LIGHT.surface_raised
