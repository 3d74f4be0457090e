"""Makes the window: over a session that has not started yet, standing as it was left."""

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from ganstudio.experiment import files
from ganstudio.experiment.errors import StudioError
from ganstudio.runs.compose import new_session, runs_folder
from ganstudio.runs.read import read_experiment, read_run
from ganstudio.ui import memory, theme
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.opening_tabs import OpeningTabs
from ganstudio.ui.settings import Settings
from ganstudio.ui.studio import Studio


def make_window(settings: Settings, *, out: Path | None = None, threads: int = 0) -> MainWindow:
    """The whole window over a session that has not started yet. ``out`` is the folder of its runs."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    application.setApplicationName("GAN Studio")
    theme.apply(application, settings.get("theme", str, "system"))
    folder = out or runs_folder()
    session = new_session(device=settings.get("device", str, "auto"), threads=threads, runs=folder)
    window = MainWindow(Studio(session), settings, folder)
    OpeningTabs(window, window.docks.values())
    return window


def open_as_left(window: MainWindow) -> None:
    """Open what was open at the last close, with its weights; the default preset at the first start."""
    settings = window.settings
    preset = settings.get("preset", str, "")
    last_run, text = settings.get("last_run", str, ""), settings.get("experiment", str, "")
    try:
        if last_run and Path(last_run).is_dir():
            window.open_experiment(read_run(Path(last_run)).experiment, Path(last_run), preset)
            _wait_on(window)
            return
        weights = settings.get("weights", str, "")
        if weights and Path(weights).is_file():
            window.open_experiment(read_experiment(Path(weights)), Path(weights))
            _wait_on(window)
            return
        if text:
            model = window.model(preset)
            pretrained = settings.get("pretrained", bool, False) and model.is_file()
            window.open_experiment(files.loads(text), model if pretrained else None, preset)
            if pretrained:
                _wait_on(window)
            return
    except StudioError as error:
        window.banner.say(f"The last session could not be brought back: {error}", danger=False)
    window.open_preset(files.DEFAULT_PRESET)


def _wait_on(window: MainWindow) -> None:
    """Make the edits again that waited for a restart at the last close; they wait on."""
    for path, value in window.settings.get("waiting", dict, {}).items():
        window.studio.edit(path, value)


def start(window: MainWindow, path: Path | None = None) -> None:
    """Start the worker and open what lies at ``path``, or what was left; posted commands wait until torch is in."""
    if path is not None:
        window.files.open_path(path)
    if window.studio.experiment is None:
        open_as_left(window)
    said = memory.say_once(window)
    sentence = " ".join(filter(None, (said, window.settings.save())))
    if sentence:
        window.banner.say(sentence, danger=False)
    window.start_session()
