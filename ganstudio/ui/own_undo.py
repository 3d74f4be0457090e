"""Undo and redo of a panel's own: the window's keys for them act on the panel while it has the focus."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QComboBox, QWidget


class OwnUndo(QObject):
    """Two shortcuts with the same keys cancel each other out in Qt. So the panel claims the keys before shortcuts are
    looked for, as an input field does, and takes them when no widget in it has any use for them.

    ``undo`` and ``redo`` run while the focus is in ``panel`` but not in one of the ``others``, where the window undoes.
    Make it when the panel has all its lists: these take every key for the beginning of a word, so they are watched.
    """

    def __init__(
        self, panel: QWidget, undo: Callable[[], object], redo: Callable[[], object], others: tuple[QWidget, ...] = ()
    ):
        super().__init__(panel)
        self._undo, self._redo, self._others = undo, redo, others
        for widget in (panel, *panel.findChildren(QComboBox)):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        run = self._meant(event)
        if run is None:
            return False
        event.accept()
        if kind == QEvent.Type.KeyPress:
            run()
        return True

    def _meant(self, event: QKeyEvent) -> Callable[[], object] | None:
        if any(widget.isAncestorOf(QApplication.focusWidget()) for widget in self._others):
            return None
        if event.matches(QKeySequence.StandardKey.Undo):
            return self._undo
        return self._redo if event.matches(QKeySequence.StandardKey.Redo) else None
