"""The window is painted before torch is imported, and before the panels that nobody sees are."""

import os
import subprocess
import sys

SCRIPT = """
import os, sys
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
from ganstudio import app
from ganstudio.ui.perspectives import perspective

class Ear(QObject):
    painted = False
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched, QMainWindow):
            Ear.painted = True
        return False

def start(window, path):
    early = {name for name in window.panels if f"ganstudio.ui.panels.{name}" in sys.modules}
    print(Ear.painted, "torch" in sys.modules, early == perspective("train").panels, flush=True)
    os._exit(0)

application = QApplication([])
ear = Ear()
application.installEventFilter(ear)
app.start = start
app.main()
"""


def test_the_worker_and_hidden_panels_come_after_the_first_paint(tmp_path):
    places = {f"XDG_{kind}_HOME": str(tmp_path) for kind in ("CONFIG", "DATA", "CACHE")}
    environment = {**os.environ, **places, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["True", "False", "True"], done.stderr
