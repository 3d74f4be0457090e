"""The window's way to films: one recorder, its dialog, and what was chosen last."""

from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from ganstudio.ui.camera import subjects
from ganstudio.ui.recorder import Recorder
from ganstudio.ui.widgets.record_dialog import Choices, RecordDialog

if TYPE_CHECKING:
    from ganstudio.ui.main_window import MainWindow

SETTING, PLACE = "recording", "films"


class Recording:
    """Opens the dialog, at most once, and ends what is being recorded with the window."""

    def __init__(self, window: "MainWindow"):
        self.window = window
        self.recorder = Recorder(lambda: window.studio.status.step, window.timeline)
        self.dialog: RecordDialog | None = None

    def open(self) -> None:
        """Ask what to record, beside the living window."""
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.raise_()
            self.dialog.activateWindow()
            return
        self._forget()
        window = self.window
        self.dialog = RecordDialog(
            self.recorder, subjects(window), self._span(), self._place(), self._choices(), window
        )
        self.dialog.finished.connect(lambda _: self._remember())
        self.dialog.show()

    def close(self) -> None:
        """Give up what is being recorded: the window closes."""
        self.recorder.close()
        if self.dialog is not None:
            self.dialog.close()

    def _span(self) -> tuple[int, int]:
        """The steps of the past that there is something to show of."""
        length, kept = self.window.timeline.length, self.window.bridge.past.kept_steps()
        # Of a run that was opened only its end is kept: what was before is found in its checkpoints.
        return (kept[0] if kept and kept[0] < length else 0), length

    def _forget(self) -> None:
        if self.dialog is not None:
            self.recorder.progressed.disconnect()
            self.recorder.ended.disconnect()
            self.dialog.deleteLater()
            self.dialog = None

    def _remember(self) -> None:
        if self.dialog is not None:
            settings, folder = self.window.settings, Path(self.dialog.path.text()).parent
            settings.set(SETTING, asdict(self.dialog.choices))
            if folder.is_dir():
                settings.set(PLACE, str(folder))

    def _choices(self) -> Choices:
        """As they were left; what is unknown or of another type is as at first."""
        found, first = self.window.settings.get(SETTING, dict, {}), Choices()
        known = {one.name: found.get(one.name) for one in fields(Choices)}
        return Choices(
            **{
                name: value if type(value) is type(getattr(first, name)) else getattr(first, name)
                for name, value in known.items()
            }
        )

    def _place(self) -> Path:
        for place in (self.window.settings.get(PLACE, str, ""), platformdirs.user_videos_dir()):
            if place and Path(place).is_dir():
                return Path(place)
        return Path.home()
