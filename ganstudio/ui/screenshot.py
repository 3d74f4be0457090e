"""Pictures of the real window, without a display."""

import os
import tempfile
from pathlib import Path
from time import perf_counter, sleep

from PySide6.QtWidgets import QApplication

from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.scenes import Scene
from ganstudio.training.commands import Pause
from ganstudio.ui.settings import Settings
from ganstudio.ui.window import make_window

SECONDS = 600
"""The longest that a screenshot may train."""
CALM_SECONDS = 1.5
"""How long the window may settle before it is taken."""
LOOK_SECONDS = 0.01


def take(
    experiment: Experiment,
    steps: int,
    perspective: str,
    theme: str,
    size: tuple[int, int],
    out: Path,
    preset: str = "",
    scene: Scene | None = None,
) -> None:
    """Open the window on an experiment, train so many steps, and save what it shows as PNG.

    ``preset`` is the experiment's name when it is a shipped one; ``scene`` is played on the way, without waiting.

    Raises ``StudioError`` when training fails or the file cannot be written.
    """
    if out.is_dir() or not os.access(out.absolute().parent, os.W_OK):  # said before minutes of training, not after
        raise StudioError("the picture cannot be written", str(out))
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "settings.json")
        settings.set("theme", theme)
        settings.set("perspective", perspective)
        window = make_window(settings, out=Path(folder) / "runs")
        window.resize(*size)
        window.show()
        window.reset_layout()
        studio = window.studio
        if scene is None:
            window.open_experiment(experiment, preset=preset)
        else:
            window.player.rehearse(scene, experiment)
            if window.perspectives.currentData() != perspective:
                window.show_perspective(perspective)
        window.start_session()
        failures: list[str] = []
        studio.event.connect(lambda e: failures.append(e.sentence) if e.kind in ("failed", "refused") else None)
        if steps:
            studio.session.post(Pause(at=steps))
            studio.train()
        start, calm = perf_counter(), 0.0
        while not failures:
            QApplication.processEvents()
            sleep(LOOK_SECONDS)  # training needs the processor, not this loop
            status = studio.status
            done = status.phase in (("paused", "stopped") if steps else ("ready",)) and status.step >= steps
            calm = (calm or perf_counter()) if done else 0.0
            if calm and perf_counter() - calm > CALM_SECONDS:
                break
            if perf_counter() - start > SECONDS:
                failures.append(f"training has not reached step {steps:,} within {SECONDS} seconds")
        window.statusBar().clearMessage()  # it names folders of this machine
        picture = window.grab()
        window.close()
        if failures:
            raise StudioError(failures[0])
        if not picture.save(str(out), "PNG"):
            raise StudioError("the picture cannot be written", str(out))
