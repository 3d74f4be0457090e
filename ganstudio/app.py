"""The window's entry: paints first, imports torch after, off the GUI thread."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from ganstudio.ui.failing import tell_of_failures
from ganstudio.ui.settings import Settings
from ganstudio.ui.window import make_window, start

PATIENCE_MS = 2000
"""How long to wait for a first paint that may not come: a window may begin minimised."""


class AfterFirstPaint(QObject):
    """Calls ``then`` once, as soon as a window has been painted for the first time."""

    def __init__(self, window: QWidget, then: Callable[[], object]):
        super().__init__(window)
        self._window, self._then = window, then
        window.installEventFilter(self)
        QTimer.singleShot(PATIENCE_MS, self._go)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            # The paint in progress covers the panels too; a timer of zero seconds fires when it is through.
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._go)
        return False

    def _go(self) -> None:
        then, self._then = self._then, lambda: None
        then()


def main(path: Path | None = None) -> int:
    """Open the window, on what lies at ``path`` if one is named, and run until it is closed."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    window = make_window(Settings())
    tell_of_failures(window.studio)
    # The worker's import of torch holds the interpreter lock for long stretches: not before the first paint.
    AfterFirstPaint(window, lambda: start(window, path))
    window.show()
    code = application.exec()
    # Qt is gone, the worker has saved: threads of torch may take seconds to wind down, and nothing is left to do.
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
