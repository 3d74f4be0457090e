"""Plays the frames of a walk from memory: play and pause, a slider to scrub, round and round or back and forth."""

from collections import deque
from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QStackedWidget, QVBoxLayout, QWidget

from ganstudio.ui.widgets.action_button import ActionButton
from ganstudio.ui.widgets.controls import choice
from ganstudio.ui.widgets.sample_view import SampleView
from ganstudio.ui.widgets.walk_plane import WalkPlane

FPS = 30
"""Frames a second."""
LOOP, BACK, ONCE = "loop", "back", "once"
MODES = (("Round and round", LOOP), ("Back and forth", BACK), ("Once", ONCE))


def later(position: int, steps: int, count: int, mode: str, way: int) -> tuple[int, int]:
    """Where one is so many frames on, of ``count`` ≥ 1, and in which direction (±1) one goes there; 0 at the end."""
    if mode == LOOP or count == 1:
        return (position + steps) % count, 1
    if mode == ONCE:
        return min(position + steps, count - 1), 1 if position + steps < count - 1 else 0
    period = 2 * (count - 1)
    phase = ((position if way > 0 else period - position) + steps) % period
    return (phase, 1) if phase < count - 1 else (period - phase, -1)


class WalkPlayer(QWidget):
    """The picture; ``bar`` goes below. Nothing is computed here: a frame that is not there yet is waited for.

    ``painted_at`` is when the last 10,000 frames of a walk that plays were on screen (``perf_counter()`` after painting
    each), ``painted`` how many there were in all, ``skipped`` those that the window was too late for, and ``waited``
    how often a frame was not in memory when its time had come.
    """

    position_changed = Signal(int)
    """Another frame is shown."""
    seeked = Signal(int)
    """A person wants this frame."""
    playing_changed = Signal(bool)

    def __init__(self, owner: QWidget, ready: Callable[[int], bool], show: Callable[[int], object]):
        """``ready(frame)`` says whether a frame is in memory, ``show(frame)`` puts it into ``view`` or ``plane``.

        ``owner`` is the panel whose keys play and pause.
        """
        super().__init__()
        self._ready, self._show = ready, show
        self.count, self.position, self.playing = 1, 0, False
        self.painted = self.skipped = self.waited = 0
        self.painted_at: deque[float] = deque(maxlen=10_000)
        self._way = 1
        self._due = 0.0
        self._stretches, self._closed = 1, False
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self.view = SampleView("Frame of the walk")
        self.view.painted = lambda _: self._note()
        self.plane = WalkPlane()
        self.plane.painted = self._note
        self.pictures = QStackedWidget()
        self.pictures.addWidget(self.view)
        self.pictures.addWidget(self.plane)
        self.play = ActionButton(owner, "Play", "train", "Play or pause the walk", self.toggle, keys="K")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Frame")
        self.slider.setToolTip("Scrub through the walk; marks are the anchors (arrow keys: one frame, J and L as well)")
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.valueChanged.connect(self._scrub)
        self.slider.sliderPressed.connect(self.pause)
        self.mode = choice("At the end", "What to do at the end of the walk", MODES, self._turn)
        self.time = QLabel()
        self.time.setMinimumWidth(self.time.fontMetrics().horizontalAdvance("00.0 / 00.0 s "))
        self.time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.bar = QWidget()
        """Play, the slider, the time: to be placed below."""
        bar = QHBoxLayout(self.bar)
        bar.setContentsMargins(0, 0, 0, 0)
        bar.setSpacing(6)
        bar.addWidget(self.play)
        bar.addWidget(self.slider, 1)
        bar.addWidget(self.time)
        bar.addWidget(self.mode)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pictures)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.set_enabled(False)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)

    def set_enabled(self, enabled: bool) -> None:
        """Whether there is a walk to play."""
        for part in (self.slider, self.mode):
            part.setEnabled(enabled)
        self.play.set_enabled(enabled)
        if not enabled:
            self.pause()

    # what is shown

    def show_walk(self, count: int, each: int) -> None:
        """Play so many frames, ``each`` of them from anchor to anchor; the position is kept in proportion."""
        share = self.position / max(1, self.count - 1)
        self.count = count
        self.slider.blockSignals(True)
        self.slider.setRange(0, count - 1)
        self.slider.setTickInterval(each)
        self.slider.setPageStep(each)
        self.slider.blockSignals(False)
        self.go_to(round(share * (count - 1)))

    def go_to(self, frame: int) -> None:
        """Show this frame, whether it plays or not."""
        self.position = min(max(0, frame), self.count - 1)
        self.slider.blockSignals(True)
        self.slider.setValue(self.position)
        self.slider.blockSignals(False)
        self.time.setText(f"{self.position / FPS:.1f} / {(self.count - 1) / FPS:.1f} s")
        self._show(self.position)
        self.position_changed.emit(self.position)

    def ahead(self, frames: int) -> list[int]:
        """The frames that are played next, beginning with the present one; that one alone while nothing plays."""
        mode = self.mode.currentData()
        found, here, way = [self.position], self.position, self._way
        for _ in range(min(frames, self.count) - 1 if self.playing else 0):
            here, way = later(here, 1, self.count, mode, way or 1)
            found.append(here)
            if not way:
                break
        return found

    # playing

    def toggle(self) -> None:
        """Play, or pause."""
        if self.playing:
            self.pause()
        else:
            self.start()

    def start(self) -> None:
        """Play from here; at the end of a walk that is played once, from its beginning."""
        if self.playing or self.count < 2:
            return
        if self.mode.currentData() == ONCE and self.position == self.count - 1:
            self.go_to(0)
        self._way = self._way or 1
        self._due = perf_counter() + 1 / FPS
        self._set_playing(True)
        self._wait()

    def pause(self) -> None:
        """Stay at this frame."""
        if self.playing:
            self._timer.stop()
            self._set_playing(False)

    def step(self, frames: int) -> None:
        """Go so many frames on, and stay there."""
        self.pause()
        self.go_to(self.position + frames)
        self.seeked.emit(self.position)

    def _set_playing(self, playing: bool) -> None:
        self.playing = playing
        self.play.set_icon("pause" if playing else "train")
        self.play.setAccessibleName("Pause" if playing else "Play")
        self.playing_changed.emit(playing)

    def _turn(self) -> None:
        self._way = 1

    def _wait(self) -> None:
        self._timer.start(max(0, round((self._due - perf_counter()) * 1000)))

    def _tick(self) -> None:
        now = perf_counter()
        steps = 1 + max(0, int((now - self._due) * FPS))
        self._due += steps / FPS
        position, way = later(self.position, steps, self.count, self.mode.currentData(), self._way)
        if self._ready(position):
            self.skipped += steps - 1
            self._way = way
            self.go_to(position)
            # At once: a painting that is put off may come after the next tick, and then shows two frames as one.
            self.pictures.currentWidget().repaint()
        else:
            self.waited += 1
        if not way and self.position == position:
            self._way = 1
            self.pause()
        else:
            self._wait()

    def _note(self) -> None:
        """A frame has been painted."""
        if self.playing:
            self.painted += 1
            self.painted_at.append(perf_counter())

    def _scrub(self, frame: int) -> None:
        self.pause()
        self.go_to(frame)
        self.seeked.emit(frame)

    def restyle(self) -> None:
        """Follow a change of theme."""
        self.play.restyle()
        for part in (self.view, self.plane):
            part.update()
