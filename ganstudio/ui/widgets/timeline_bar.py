"""The timeline's bar along the lower edge of the window: a band that says what is shown, buttons, and the track."""

from collections.abc import Iterable
from time import perf_counter

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QInputDialog, QToolBar, QToolButton, QWidget

from ganstudio.training.status import Status
from ganstudio.ui import actions
from ganstudio.ui.icons import icon
from ganstudio.ui.theme import colours, tool_buttons
from ganstudio.ui.timeline import SPEEDS, WHOLE_SECONDS, Timeline
from ganstudio.ui.widgets.band import Band
from ganstudio.ui.widgets.timeline import Track

LIVE_SECONDS = 1.0
"""How often the bar is renewed while the window shows a run that trains."""
SPEED_WORDS = {0.25: "¼×", 0.5: "½×", 0.0: f"All in {WHOLE_SECONDS:.0f} s"}
EMPTY = "The run's steps appear here: drag to look back, press Live to return."
LOW = 800
"""Pixels of a window's height below which the band gives its row to the panels while they show the present."""
NOTE_WIDTH = 480
"""Pixels: a sentence is seen whole while it is written."""
MOVES = ("timeline-first", "timeline-back", "timeline-play", "timeline-forward")
DEEDS = {
    "timeline-live": "Live",
    "timeline-continue": "Continue from here",
    "timeline-note": "Note…",
    "record": "Record…",
}
"""Buttons right of the track, and the words on them."""


class TimelineBar(QToolBar):
    """Shows a ``Timeline`` and steers it. Its buttons are the window's own actions."""

    def __init__(self, timeline: Timeline, by_name: dict[str, QAction]):
        super().__init__("Timeline")
        self.setObjectName("timeline")
        self.setMovable(False)
        self.timeline, self._actions = timeline, by_name
        self._shown_at = 0.0
        self._running = self._low = False
        self.track = Track()
        self.track.empty = EMPTY
        self.track.words = self.words
        self.band = Band()
        self.band.setAccessibleName("What the window shows")
        self.band.setToolTip("The step that the panels show")
        self.speed = QComboBox()
        self.speed.setAccessibleName("Speed")
        self.speed.setToolTip("How fast the past plays: times as fast as training went, or the whole run at once")
        for one in SPEEDS:
            self.speed.addItem(SPEED_WORDS.get(one, f"{one:.0f}×"), one)
        self.speed.setCurrentIndex(self.speed.findData(timeline.speed))
        self.speed.activated.connect(self._choose_speed)
        self.buttons: dict[str, QToolButton] = {}
        self._body = QWidget()
        layout = QGridLayout(self._body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(3)
        layout.addWidget(self.band, 0, 0, 1, 3)
        layout.addLayout(self._row(MOVES, self.speed), 1, 0)
        layout.addWidget(self.track, 1, 1)
        layout.addLayout(self._row(DEEDS), 1, 2)
        layout.setColumnStretch(1, 1)
        self.addWidget(self._body)
        self.track.asked.connect(timeline.go_to)
        self.track.wanted.connect(self._move)
        timeline.moved.connect(self._follow)
        timeline.changed.connect(self._mark)
        timeline.played.connect(lambda _: self._dress_play())
        timeline.studio.status_changed.connect(self._look)
        timeline.studio.event.connect(lambda _: self.show_run())
        self.restyle()

    def _row(self, names: Iterable[str], *more: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(3)
        for name in names:
            button = self.buttons[name] = QToolButton()
            button.setDefaultAction(self._actions[name])
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            if name in DEEDS:
                self._actions[name].setIconText(DEEDS[name])
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            else:
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            row.addWidget(button)
        for widget in more:
            row.addWidget(widget)
        return row

    # what a person does

    def ask_for_note(self) -> None:
        """Ask what to write down of the step that is shown."""
        step = self.timeline.position
        moment = f"step {step:,}" if step is not None else "this moment of the run"
        dialog = QInputDialog(self)
        dialog.setWindowTitle("Note")
        dialog.setLabelText(f"What is there to remark of {moment}?")
        dialog.textValueSelected.connect(lambda text: self.timeline.note(text, step))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.resize(NOTE_WIDTH, dialog.sizeHint().height())
        dialog.open()

    def _choose_speed(self) -> None:
        self.timeline.speed = self.speed.currentData()

    def _move(self, wish: str) -> None:
        timeline = self.timeline
        {
            "first": timeline.first,
            "live": timeline.go_live,
            "back": timeline.previous,
            "forward": timeline.next,
            "step-back": lambda: timeline.move(-1),
            "step-forward": lambda: timeline.move(1),
            "previous-mark": timeline.previous_mark,
            "next-mark": timeline.next_mark,
        }[wish]()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.timeline.go_live()
        else:
            super().keyPressEvent(event)

    # what it shows

    def words(self, step: int, of: int = 0) -> str:
        """A step and, where it is known, how long the run had trained by then; ``of`` is the run's newest."""
        times = self.timeline.clock()
        parts = f"step {step:,}" + (f" of {of:,}" if of else "")
        if times is None:
            return parts
        seconds = [clock_words(float(times.seconds_at(one))) for one in ((step, of) if of else (step,))]
        return f"{parts} · {' of '.join(seconds)}"

    def _look(self, status: Status) -> None:
        """Follow the status, seldom while it says little that is new."""
        running = status.phase == "running"
        if running and running == self._running and perf_counter() - self._shown_at < LIVE_SECONDS:
            return
        self._running = running
        self.show_run()

    def show_run(self) -> None:
        """Renew everything but the marks."""
        self._shown_at = perf_counter()
        timeline = self.timeline
        self.track.show_run(timeline.length, timeline.position, timeline.past.kept_steps())
        self._say()

    def _follow(self) -> None:
        self.track.show_position(self.timeline.position)
        self._say()

    def _mark(self) -> None:
        self.track.show_marks(self.timeline.marks)
        self._say()

    def _say(self) -> None:
        """Words and colours of the band, and which actions can be done."""
        timeline = self.timeline
        past, running = timeline.position is not None, timeline.studio.status.phase == "running"
        if past:
            goes_on = " — training goes on" if running else ""
            words = f"PAST: {self.words(timeline.position, timeline.length)}{goes_on}"
        elif timeline.length:
            words = f"{'Live' if running else 'Now'}: {self.words(timeline.length)}"
        else:
            words = "Now: step 0" if timeline.studio.status.phase == "ready" else ""
        self.band.say(words, past)
        self.band.setHidden(self._low and not past)
        some, checkpoint = timeline.length > 0, timeline.checkpoint
        for name, can in (
            ("first", some),
            ("back", some),
            ("play", some),
            ("forward", past),
            ("live", past),
            ("note", some),
            ("continue", checkpoint is not None),
        ):
            self._actions[f"timeline-{name}"].setEnabled(can)
        tip = actions.tip("timeline-continue")
        if checkpoint is not None and checkpoint.step != timeline.position:
            tip += f"\nHere that is the one of step {checkpoint.step:,}."
        if tip != self.buttons["timeline-continue"].toolTip():
            self._actions["timeline-continue"].setToolTip(tip)

    def _dress_play(self) -> None:
        playing = self.timeline.playing
        play = self._actions["timeline-play"]
        play.setIcon(icon("pause" if playing else "train"))
        play.setText("Pause the past" if playing else "Play the past")

    def restyle(self) -> None:
        """Follow a change of theme."""
        self.band.update()
        self._dress_play()
        self._body.setStyleSheet(tool_buttons("2px 7px", f"QToolButton:disabled {{ color: {colours().muted}; }}"))
        self.setIconSize(QSize(18, 18))
        for button in self.buttons.values():
            button.setIconSize(QSize(18, 18))
        self.track.update()

    def fit(self, height: int) -> None:
        """Stand in a window of this height: the band's letters grow with it; in a low one it tells the past alone."""
        font = self.band.font()
        font.setPixelSize(max(13, round(0.017 * height)))
        self.band.setFont(font)
        self._low = height < LOW
        self.band.setHidden(self._low and self.timeline.position is None)


def clock_words(seconds: float) -> str:
    """``0:07``, ``12:30``, ``3:05:00``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
