"""The window's entry: paints first, imports torch after, off the GUI thread."""

import os
import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from ganstudio.ui.settings import Settings
from ganstudio.ui.window import make_window, start


def main() -> int:
    """Open the window and run until it is closed."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    window = make_window(Settings())
    window.show()
    # The worker's import of torch holds the interpreter lock for long stretches: not before the first paint.
    QTimer.singleShot(0, lambda: start(window))
    code = application.exec()
    # Qt is gone, the worker has saved: threads of torch may take seconds to wind down, and nothing is left to do.
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
