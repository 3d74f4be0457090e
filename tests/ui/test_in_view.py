"""Which panels are seen is known at once when one comes into view, and asked of Qt seldom."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from ganstudio.ui import in_view
from ganstudio.ui.in_view import InView
from ganstudio.ui.panel import Panel


class Sheet(QWidget):
    """Covers what is behind it."""

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setGeometry(parent.rect())


@pytest.fixture
def stack(qtbot) -> QStackedWidget:
    found = QStackedWidget()
    qtbot.addWidget(found)
    found.resize(80, 60)
    found.show()
    return found


@pytest.fixture
def panels(studio, stack) -> list[Panel]:
    found = [Panel(studio), Panel(studio)]
    for panel in found:
        stack.addWidget(panel)
    return found


def test_a_panel_that_comes_up_is_seen_at_once(stack, panels, monkeypatch):
    monkeypatch.setattr(in_view, "RENEWAL_SECONDS", 1e9)
    seen = InView(panels)
    for front in (0, 1, 0):
        stack.setCurrentIndex(front)
        assert seen.now() == [panels[front]]
    stack.hide()
    assert seen.now() == []
    stack.show()
    assert seen.now() == [panels[0]]


def test_a_panel_that_is_built_later_is_seen_at_once(stack, panels, studio, monkeypatch):
    monkeypatch.setattr(in_view, "RENEWAL_SECONDS", 1e9)
    seen = InView(panels)
    seen.now()
    late = Panel(studio)
    stack.addWidget(late)
    stack.setCurrentWidget(late)
    panels.append(late)
    assert seen.now() == [late]


def test_a_covered_panel_is_not_seen_and_an_uncovered_one_is_at_once(stack, panels, monkeypatch):
    seen = InView(panels)
    QApplication.processEvents()
    seen.now()
    sheet = Sheet(stack)
    sheet.show()
    monkeypatch.setattr(in_view, "RENEWAL_SECONDS", 0.0)
    assert seen.now() == []
    monkeypatch.setattr(in_view, "RENEWAL_SECONDS", 1e9)
    sheet.hide()
    QApplication.processEvents()
    assert seen.now() == [panels[0]]


def test_while_nothing_changes_qt_is_not_asked(panels, monkeypatch):
    monkeypatch.setattr(in_view, "RENEWAL_SECONDS", 1e9)
    seen = InView(panels)
    QApplication.processEvents()
    asked = []
    visible = in_view.visible
    monkeypatch.setattr(in_view, "visible", lambda panels: asked.append(1) or visible(panels))
    for _ in range(5):
        seen.now()
        panels[0].update()
        QApplication.processEvents()
    assert len(asked) == 1
