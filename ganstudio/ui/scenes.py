"""Plays scenes in the window: opens, waits, skips, goes back, and knows whether all is still as rehearsed."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from ganstudio.experiment import scenes
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.paths import expand
from ganstudio.experiment.scenes import Beat, Scene
from ganstudio.training.commands import Forget, Pace, Pause, Train
from ganstudio.training.events import Event
from ganstudio.training.script import pace, script
from ganstudio.ui.perspectives import PERSPECTIVES

if TYPE_CHECKING:
    from ganstudio.ui.main_window import MainWindow

BEFORE = -1
"""The beat while the players are being built: nothing has been said."""


class ScenePlayer(QObject):
    """One scene at a time, as commands to the session; the window shows what it tells.

    Going back replays from the seed, so a beat is the same however often it is seen.
    """

    changed = Signal()
    """Another scene, beat, or a departure from what was rehearsed."""

    def __init__(self, window: "MainWindow"):
        super().__init__(window)
        self.window = window
        self.scene: Scene | None = None
        self.name = ""
        """Of the open scene, where it is a shipped one."""
        self.beat = BEFORE
        """The moment that was reached last, counted from 0."""
        self.departure = ""
        """What has made this play another one than was rehearsed; empty while nothing has."""
        self._experiment: Experiment | None = None
        self._goal = 0  # the beat that is being skipped to
        window.studio.event.connect(self._take)

    # what a person may do

    def open(self, name: str) -> None:
        """Open a shipped scene by name, or a TOML file by path, and stand at its first beat."""
        studio = self.window.studio
        if not studio.is_loaded:
            studio.message.emit("Loading PyTorch… the scene opens as soon as it is in.")
            studio.loaded.connect(lambda: self.open(name), Qt.ConnectionType.SingleShotConnection)
            return
        try:
            scene, place = scenes.find(name)
            experiment = scenes.check_scene(scene, place)
            check_names(scene, place, self.window.docks)
        except StudioError as error:
            self.window.banner.say(str(error))
            return
        self._enter(scene, experiment, name)
        self.play_to(0)

    def rehearse(self, scene: Scene, experiment: Experiment) -> None:
        """Open a scene that waits for nobody and shows everything at full speed, as far as training goes."""
        self._enter(scene, experiment)
        self.window.begin(experiment)
        for command in script(scene, wait=False):
            self.window.studio.session.post(command)

    def _enter(self, scene: Scene, experiment: Experiment, name: str = "") -> None:
        self.leave()
        self.scene, self._experiment, self.name = scene, experiment, name
        self._show(scene.perspective, scene.panels)
        self.changed.emit()

    def play_to(self, beat: int) -> None:
        """From the seed, at full speed, to a beat; and rest there."""
        if self.scene is None or self._experiment is None:
            return
        self.beat, self.departure, self._goal = BEFORE, "", beat
        self.window.begin(self._experiment)
        for command in script(self.scene, until=beat):
            self.window.studio.session.post(command)
        if self.scene.beats[beat].at:
            self.window.studio.train()
        self.changed.emit()

    def replay(self) -> None:
        """From the beginning."""
        self.play_to(0)

    def back(self) -> None:
        """To the beginning of this beat; from there, to the beat before."""
        if self.scene is None:
            return
        here = max(0, self.beat)
        begun = self.window.studio.status.step > self.scene.beats[here].at
        self.play_to(here if begun else max(0, here - 1))

    def go_on(self) -> None:
        """Play on where the play rests; where it runs, skip to the next beat. One key for a whole talk."""
        if self.window.studio.status.phase == "running":
            self.skip()
        elif self.scene is not None:
            self.window.studio.train()

    def skip(self) -> None:
        """At full speed to the next beat, and rest there; after the last one, to the end."""
        if self.scene is None:
            return
        self._goal = max(self._goal, self.beat) + 1
        post = self.window.studio.session.post
        if self._goal < len(self.scene.beats):
            at = self.scene.beats[self._goal].at
            post(Pace(at=at, steps_per_s=pace(self.scene, self._goal)))
            post(Pause(at=at))
        self._hurry()

    def leave(self) -> None:
        """Close the scene; its trainer stays open, and nothing more of the scene happens to it."""
        if self.scene is None:
            return
        self.scene = self._experiment = None
        self.name, self.beat, self.departure = "", BEFORE, ""
        self.window.studio.session.post(Forget())
        self.window.studio.session.post(Pace())
        self.changed.emit()

    # how far it is

    def progress(self, step: int) -> tuple[int, int]:
        """(steps since this beat, steps from this beat to the next or to the end)."""
        if self.scene is None or self.beat == BEFORE:
            return 0, 1
        begin, end = self.scene.beats[self.beat].at, self.end
        return min(step, end) - begin, end - begin

    @property
    def end(self) -> int:
        """At which step this beat ends."""
        assert self.scene is not None
        rest = [beat.at for beat in self.scene.beats[self.beat + 1 :]]
        return rest[0] if rest else self.scene.steps

    @property
    def ended(self) -> bool:
        """Whether the open scene has been played to its end."""
        if self.scene is None or self.beat < len(self.scene.beats) - 1:
            return False
        return self.window.studio.status.step >= self.end

    @property
    def caption(self) -> str:
        """What is said now."""
        return self.scene.beats[self.beat].caption if self.scene is not None and self.beat != BEFORE else ""

    # what the session tells

    def _take(self, event: Event) -> None:
        if self.scene is None:
            return
        if event.kind == "opened":
            self.beat, self.departure = BEFORE, ""
        elif event.kind == "said":
            self.beat = int(event.data["beat"])
            self._follow(self.scene.beats[self.beat])
        elif event.kind == "paused":
            if any(event.step == beat.at for beat in self.scene.beats[: self._goal]):  # the goal lies further on
                self._hurry()
        elif event.kind == "edited" and not self._rehearsed(event):
            self._depart("an edit by hand")
        elif event.kind in ("restored", "failed"):
            self._depart("a return to an earlier state")
        else:
            return
        self.changed.emit()

    def _follow(self, beat: Beat) -> None:
        """Show a beat's panels, and let the fields show what its edits have set."""
        if self.beat >= self._goal:
            self._show(beat.perspective, [beat.panel] if beat.panel else [])
        studio = self.window.studio
        experiment, paths = studio.experiment, []
        for path, value in beat.edits.items():
            try:
                experiment, changes = change(experiment, path, value)
            except StudioError:  # after an edit by hand; the session says so
                continue
            paths += [one.path for one in changes]
        if paths:
            studio.undo_stack.clear()  # going back by hand would lead to before the beat
            studio.take_edits(experiment, paths)

    def _rehearsed(self, event: Event) -> bool:
        assert self.scene is not None
        assert self._experiment is not None
        edits = [(at, full) for at, path, _ in self.scene.edits() for full in expand(self._experiment, path)]
        return (event.step, event.data["path"]) in edits

    def _depart(self, what: str) -> None:
        self.departure = self.departure or what

    def _hurry(self) -> None:
        for command in (Pace(), Train()):
            self.window.studio.session.post(command)

    def _show(self, perspective: str, panels: list[str]) -> None:
        if self.window.stage.on:
            self.window.stage.show_panels(panels)
            return
        if perspective in [one.name for one in PERSPECTIVES]:
            self.window.show_perspective(perspective)
        for name in panels:
            self.window.bring_up(name)


def check_names(scene: Scene, place: str, panels: Collection[str]) -> None:
    """Raise ``StudioError`` for a perspective or a panel of the scene that the window has not."""
    perspectives = [one.name for one in PERSPECTIVES]
    wanted = [("perspective", scene.perspective, perspectives)]
    wanted += [("panels", name, panels) for name in scene.panels]
    for number, beat in enumerate(scene.beats, 1):
        wanted.append((f"beat {number}.perspective", beat.perspective, perspectives))
        wanted.append((f"beat {number}.panel", beat.panel, panels))
    for field, name, known in wanted:
        if name and name not in known:
            raise StudioError(f"{field}: there is none called {name!r}; there are {', '.join(sorted(known))}", place)
