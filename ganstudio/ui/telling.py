"""How the window says what the session does: title, banner, status bar, and the words on its switches."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.wording import in_words
from ganstudio.training.events import Event
from ganstudio.training.status import Status
from ganstudio.ui import actions, theme
from ganstudio.ui.icons import icon

if TYPE_CHECKING:
    from ganstudio.ui.main_window import MainWindow

TOLD = ("edited", "stepped", "paused", "paced", "stopped", "finished", "restored", "rewound", "branched", "noted")
"""Kinds of events that the status bar repeats."""
OFFER_SECONDS = 20.0
"""For how long the banner offers to take something back."""


class Telling:
    """Follows a window's studio and says what is, until the window is closed."""

    def __init__(self, window: "MainWindow"):
        self.window = window
        self._opened_at = 0.0
        self._words_phase = ""  # that the switches' words follow
        studio = window.studio
        studio.event.connect(self.take_event)
        studio.status_changed.connect(self._show_status)
        studio.edited.connect(lambda _: self.show_choices())
        studio.pace_changed.connect(lambda pace: window.actions_by_name["slow"].setChecked(pace > 0))
        studio.message.connect(lambda text: window.statusBar().showMessage(text, 6000))
        studio.trouble.connect(window.banner.say)
        studio.runs.told.connect(self._tell_of_runs)
        studio.refused.connect(self._refuse)

    def _tell_of_runs(self, sentence: str, ways: dict[str, Callable[[], object]]) -> None:
        self.window.banner.say(sentence, ways, danger=False, seconds=OFFER_SECONDS if ways else 0.0)

    def take_event(self, event: Event) -> None:
        """Say what happened, where it belongs."""
        window = self.window
        studio, status = window.studio, window.statusBar()
        if event.kind == "failed":
            ways = {"Train on": studio.train, "Restart": window.restart}
            if "memory" in event.sentence and studio.experiment is not None:
                half = max(1, studio.experiment.batch_size // 2)
                ways = {f"Train on with batches of {half}": lambda: self._train_with(half), **ways}
            window.banner.say(event.sentence, ways)
        elif event.kind == "refused" or event.kind == "warned":
            window.banner.say(self._in_words(event.sentence), danger=False)
        elif event.kind == "loading":
            status.showMessage(f"{event.sentence} {event.data.get('share', 0):.0%}", 3000)
        elif event.kind == "saved":
            # The run before is told to be saved only after the next has been opened.
            if event.time >= self._opened_at:
                window.last_run = str(event.data["path"])
            status.showMessage(event.sentence, 4000)
        elif event.kind == "opened":
            run = studio.run
            self._opened_at, window.last_run = event.time, str(run) if run is not None and run.is_dir() else ""
            window.setWindowTitle(f"{event.data['experiment'].title} — GAN Studio")
            status.showMessage(event.sentence, 5000)
            self._show_notes(event.data["experiment"], event.data.get("notes", []))
            window.show_fitting(event.data["shape"])
        elif event.kind == "diagnosed":
            status.showMessage(f"Doctor: {event.sentence}", 8000)
        elif event.kind in TOLD:
            status.showMessage(event.sentence, 5000)

    def _show_notes(self, experiment: Experiment, notes: list[str]) -> None:
        """What there is to know about the data: it may matter of a person's own, and is background of shipped ones."""
        if notes and experiment.data.params.get("path"):
            self.window.banner.say(" ".join(notes), danger=False)
        elif notes:
            self.window.statusBar().showMessage(notes[0], 8000)

    def _refuse(self, _: str, sentence: str) -> None:
        """A field that is in view says by itself what it may be."""
        sentence = self._in_words(sentence)
        if self.window.panels["experiment"].visibleRegion().isEmpty():
            self.window.banner.say(sentence, danger=False)
        else:
            self.window.statusBar().showMessage(sentence, 8000)

    def _in_words(self, sentence: str) -> str:
        """With fields called as the form calls them, once there is a form."""
        studio = self.window.studio
        known = studio.is_loaded and studio.experiment is not None
        return in_words(studio.experiment, sentence) if known else sentence

    def _train_with(self, batch_size: int) -> None:
        if self.window.studio.edit("batch_size", batch_size):
            self.window.studio.train()

    def _show_status(self, status: Status) -> None:
        if status.phase != self._words_phase:
            self.show_choices()
        self.window.statusBar().show_status(status, self.window.bridge.view_share)

    def show_choices(self) -> None:
        """Make toggles and titles say what is."""
        window, studio, by_name = self.window, self.window.studio, self.window.actions_by_name
        # The session may be further than the last look saw it: a rest that only this has seen must be taken back.
        self._words_phase = studio.status.phase
        running = self._words_phase == "running"
        train = by_name["train"]
        train.setText("Pause" if running else "Train")
        train.setIcon(icon("pause" if running else "train", theme.colours().accent))
        by_name["slow"].setChecked(studio.pace > 0)
        saturating = by_name["saturating"]
        saturating.setChecked(studio.saturating)
        objective = studio.experiment.objective.kind if studio.experiment is not None else "non-saturating"
        saturating.setText(f"G's loss: {objective}")
        pretrained = by_name["pretrained"]
        shipped = bool(window.preset) and window.model(window.preset).is_file()
        pretrained.setEnabled(shipped)
        fresh = "Fresh weights" if studio.run is None else "The run's weights"
        pretrained.setText("Pretrained weights" if pretrained.isChecked() else fresh)
        tip = actions.tip("pretrained")
        pretrained.setToolTip(tip if shipped else f"{tip}. None are shipped for this experiment.")
        for name in ("step", "step-d", "step-g"):
            by_name[name].setEnabled(not running)
