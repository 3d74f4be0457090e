"""Panels behind a tab come up while something is held over that tab, so that it can be dropped there."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar


class OpeningTabs(QObject):
    """Sees to every row of tabs that Qt makes for the window's docks, also when a person arranges them otherwise.

    Docks tell when they are arranged: a filter of the window's events would see each repaint of it.
    """

    def __init__(self, window: QMainWindow, docks: Iterable[QDockWidget]):
        super().__init__(window)
        self._window = window
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._see)
        for dock in docks:
            dock.visibilityChanged.connect(self._see_soon)
            dock.dockLocationChanged.connect(self._see_soon)

    def _see_soon(self) -> None:
        self._soon.start()

    def _see(self) -> None:
        for bar in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            bar.setChangeCurrentOnDrag(True)
            bar.setAcceptDrops(True)
