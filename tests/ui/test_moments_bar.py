"""The buttons of figure 1's four moments."""

from PySide6.QtWidgets import QApplication, QToolButton

from ganstudio.ui.widgets.controls import button
from ganstudio.ui.widgets.moments_bar import MomentsBar


def test_they_take_one_line_in_a_narrow_panel_too(qtbot):
    bar = MomentsBar()
    qtbot.addWidget(bar)
    bar.add(button("Draw my own", "Draw", "Draw", lambda: None))
    bar.restyle()
    bar.show()
    lines = {}
    for width in (900, 510, 900):
        bar.resize(width, 90)
        QApplication.processEvents()
        shown = [one for one in bar.findChildren(QToolButton) if one.isVisible()]
        lines[width] = len({one.y() for one in shown}), bar.buttons["optimum"].text()
    assert lines == {900: (1, "(b) D to its optimum"), 510: (1, "(b) D to D*")}
    assert bar.buttons["optimum"].accessibleName() == "(b) D to its optimum"
