"""Panels behind a tab come up while something is held over that tab, so that it can be dropped there."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QMainWindow, QTabBar


class OpeningTabs(QObject):
    """Sees to every row of tabs that Qt makes for the window's docks, also when a person arranges them otherwise."""

    def __init__(self, window: QMainWindow):
        super().__init__(window)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ChildPolished and isinstance(event.child(), QTabBar):
            event.child().setChangeCurrentOnDrag(True)
            event.child().setAcceptDrops(True)
        return False
