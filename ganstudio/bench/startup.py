"""``bench startup``: how soon the window stands there, and how soon the first step is done.

Each measurement is a fresh process with an empty profile. Time to the first paint counts from the moment before the
process is started; beside it, in turn, a process that only imports Qt and pyqtgraph.
"""

import os
import subprocess
import sys
import tempfile
import time
from statistics import median

from ganstudio.bench.figure import Figure, median_ratio, paired
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.files import DEFAULT_PRESET
from ganstudio.experiment.files import preset as shipped
from ganstudio.progress import passing

PAINT_SECONDS, IMPORT_RATIO, STEP_SECONDS = 1.2, 2.0, 1.5
RUNS = 5
PATIENCE = 120.0

IMPORTS = """
import time
import PySide6.QtWidgets
import pyqtgraph
print(time.time())
"""
# The whole command, with an ear on the application that ends it after the main window's first paint: a timer of zero
# seconds fires once the paint in progress, which covers all of the window, is through.
WINDOW = """
import os
import sys
import time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Ear(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched, QMainWindow):
            QTimer.singleShot(0, self.painted)
        return False

    def painted(self):
        print(time.time(), flush=True)
        os._exit(0)

application = QApplication(["ganstudio"])
ear = Ear()
application.installEventFilter(ear)
sys.argv = ["ganstudio"]
from ganstudio.__main__ import main
main()
"""
# Open and Train are posted as soon as torch is in: reading the data, building the players and choosing the number of
# threads all count.
FIRST_STEP = """
import sys
import time
from pathlib import Path
from ganstudio.experiment.files import preset
from ganstudio.runs.compose import new_session
from ganstudio.training.commands import Open, Train

session = new_session(runs=Path(sys.argv[2])).start()
while session.status.phase == "loading":
    time.sleep(0.001)
start = time.time()
session.post(Open(experiment=preset(sys.argv[1])))
session.post(Train())
while not len(session.history) and session.status.phase != "failed":
    time.sleep(0.001)
print(time.time() - start)
session.close()
"""


def measure(preset: str | None) -> list[Figure]:
    """First paint, its ratio to the bare imports, and the time to the first step of ``preset``."""
    name = preset or DEFAULT_PRESET
    shipped(name)
    window(), imports()  # brings the files into memory
    pairs = paired(window, imports, RUNS)
    passing(f"first step of {name}")
    steps = [first_step(name) for _ in range(RUNS)]
    passing("")
    return [
        Figure("first paint of the window, s", median(pair[0] for pair in pairs), "≤", PAINT_SECONDS),
        Figure("first paint over the imports of PySide6 and pyqtgraph", median_ratio(pairs), "≤", IMPORT_RATIO),
        Figure(f"{name}: from Train to the first step, once torch is in, s", median(steps), "≤", STEP_SECONDS),
        Figure("imports of PySide6 and pyqtgraph, s", median(pair[1] for pair in pairs)),
    ]


def window() -> float:
    """Seconds from the start of a process to the first paint of the window."""
    passing("first paint")
    start = time.time()
    return last_number(WINDOW) - start


def imports() -> float:
    """Seconds from the start of a process until PySide6 and pyqtgraph are in."""
    passing("bare imports")
    start = time.time()
    return last_number(IMPORTS) - start


def first_step(name: str) -> float:
    """Seconds from Train to the first step of a preset, in a fresh process that has just imported torch."""
    return last_number(FIRST_STEP, name)


def last_number(script: str, *arguments: str) -> float:
    """What a fresh interpreter with an empty profile prints last. Raises ``StudioError`` when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        places = {f"XDG_{kind}_HOME": folder for kind in ("CONFIG", "DATA", "CACHE", "STATE")}
        # As a person starts it: with the bytecode that the first start has left behind.
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        found = subprocess.run(
            [sys.executable, "-c", script, *arguments, folder],
            env={"QT_QPA_PLATFORM": "offscreen", **inherited, **places},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    try:
        return float(found.stdout.split()[-1])
    except (IndexError, ValueError):
        reason = (found.stderr.strip().splitlines() or ["it printed nothing"])[-1]
        raise StudioError(f"a process that was to be measured failed: {reason}") from None
