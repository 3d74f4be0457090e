"""The game as the lectures draw it: who is fed what, who is judged by whom, and what flows back; in slow motion too."""

from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLabel, QSlider, QVBoxLayout, QWidget

from ganstudio.training.tempo import rate_words
from ganstudio.ui import actions
from ganstudio.ui.icons import icon
from ganstudio.ui.panel import Panel
from ganstudio.ui.theme import ON_ACCENT, colours, tool_buttons
from ganstudio.ui.waiting import Waiting
from ganstudio.ui.widgets.board import BoardView
from ganstudio.ui.widgets.board_stages import LEGIBLE_SECONDS, Stage, glance, part_title, stage_at, stages
from ganstudio.ui.widgets.controls import button
from ganstudio.ui.widgets.wrap import WrapLayout

if TYPE_CHECKING:
    from ganstudio.probes.board import BoardFrame
    from ganstudio.training.status import Status
    from ganstudio.ui.studio import Studio

PACES = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0, 2.0, 4.0, 8.0, 16.0, 0.0)
"""Steps per second from left to right on the slider; 0 is full speed."""


class BoardPanel(Panel):
    """z → G → G(z) → D ← x with live samples, scores, losses and gradients.

    In slow motion the stages of each part light up one after another until the next part is played. At rest the
    arrows walk through those of the part that was played last.
    """

    name = "board"
    title = "Game board"
    description = "The pipeline of the game with losses and gradients flowing back; slow motion tells it stage by stage"
    probe = "board"
    keys: ClassVar[dict[str, str]] = {
        "← · →": "Earlier · later stage",
        "Drag, Ctrl+C": "Carry or copy a sample, with its z if G made it; with none under the mouse, all of G's",
    }
    order = 35

    def __init__(self, studio: "Studio"):
        super().__init__(studio)
        self.view = BoardView()
        self.stages: list[Stage] = []
        """Of the part that was played last."""
        self._frame: BoardFrame | None = None
        self._running = False
        self._begun, self._span = 0.0, 0.0
        self._glancing = False  # a whole part is lit, for its stages would pass too fast
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._controls())
        layout.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        self.view.samples.told.connect(studio.message)
        self.view.walked.connect(self._walk)
        self.view.chosen.connect(self._choose)
        studio.status_changed.connect(self._follow_status)
        studio.pace_changed.connect(self._follow_pace)
        self._follow_pace(studio.pace)
        self._waiting = Waiting(
            studio, self.view.show_sentence, "The board appears as soon as the players are built.", of_data=True
        )

    def _controls(self) -> QWidget:
        studio = self.studio
        self._buttons = {
            "step-d": button("Step D", "Step D", actions.tip("step-d"), lambda: studio.step("discriminator")),
            "step-g": button("Step G", "Step G", actions.tip("step-g"), lambda: studio.step("generator")),
            "step": button("Step both", "Step both", actions.tip("step"), studio.step),
            "train": button("Train", "Train or pause", actions.tip("train"), studio.toggle_training),
            "slow": button("Slow motion", "Slow motion", actions.tip("slow"), studio.toggle_slow),
        }
        self._buttons["slow"].setCheckable(True)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(PACES) - 1)
        self.slider.setPageStep(1)
        self.slider.setFixedWidth(150)
        self.slider.setAccessibleName("Pace")
        self.slider.setToolTip("How fast steps are played, from 1/16 step a second to full speed")
        self.slider.valueChanged.connect(lambda index: studio.set_pace(PACES[index]))
        self.pace = QLabel()
        self.pace.setAccessibleName("Pace in words")
        self.pace.setMinimumWidth(self.pace.fontMetrics().horizontalAdvance("full speed") + 8)
        self._bar = QWidget()
        row = WrapLayout(self._bar, 6)
        row.setContentsMargins(8, 6, 8, 6)
        for widget in (*self._buttons.values(), self.slider, self.pace):
            row.addWidget(widget)
        self._dress()
        return self._bar

    # frames

    def show_frame(self, frame: "BoardFrame") -> None:
        before, self._frame = self._frame, frame
        self._waiting.over()
        self.stages = stages(frame)
        self.view.show_frame(frame, self._summary(frame))
        if before is not None and before.count != frame.count:
            self._tell_part(frame)
        elif self._glancing:
            self.view.show_stages([], glance(frame))
        else:
            self._show(self._index())

    def _summary(self, frame: "BoardFrame") -> str:
        order = ", then ".join(part_title(frame, part) for part in frame.order)
        if self._running or not frame.played:
            return f"{frame.objective}. Each step: {order}."
        played, upcoming = part_title(frame, frame.played), part_title(frame, frame.upcoming)
        return f"Played last: {played}. Next: {upcoming}. The keys ← and → go through its stages."

    def _index(self) -> int:
        """Number of the stage that is lit; −1 for none."""
        lit = self.view.stage
        return next((i for i, stage in enumerate(self.view.stages) if stage is lit), -1)

    def _show(self, index: int) -> None:
        walkable = bool(self.stages) and (not self._running or self._span > 0)
        lit = self.stages[index] if walkable and 0 <= index < len(self.stages) else None
        self.view.show_stages(self.stages if walkable else [], lit)

    # telling a part, stage by stage

    def _tell_part(self, frame: "BoardFrame") -> None:
        """A part has been played: in slow motion light its stages one after another until the next."""
        self._timer.stop()
        self._glancing = False
        pace = self.studio.pace
        self._span = 1 / (pace * len(frame.order)) if pace else 0.0
        if not self._span or not self.stages:
            self._show(-1)
        elif self._span < LEGIBLE_SECONDS * len(self.stages):
            self._span, self._glancing = 0.0, True
            self.view.show_stages([], glance(frame))
        else:
            self._begun = monotonic()
            self._show(0)
            self._wait()

    def _wait(self) -> None:
        self._timer.start(max(1, round(1000 * self._span / len(self.stages))))

    def _tick(self) -> None:
        if not self.isVisible():
            return
        index = stage_at(monotonic() - self._begun, self._span, len(self.stages))
        self._show(index)
        if index < len(self.stages) - 1:
            self._wait()

    def _walk(self, steps: int) -> None:
        self._choose(max(0, min(len(self.stages) - 1, self._index() + steps)))

    def _choose(self, index: int) -> None:
        self._timer.stop()
        self._glancing = False
        self._show(index)

    # what the session does

    def _follow_status(self, status: "Status") -> None:
        running = status.phase == "running"
        if running == self._running:
            return
        self._running, self._glancing = running, False
        self._timer.stop()  # at rest the stage that is being told stays in view
        for name in ("step-d", "step-g", "step"):
            self._buttons[name].setEnabled(not running)
        self._buttons["train"].setText("Pause" if running else "Train")
        self._show_icons()
        if self._frame is not None:
            self.view.show_frame(self._frame, self._summary(self._frame))
            self._show(self._index())

    def _follow_pace(self, pace: float) -> None:
        nearest = PACES.index(min((one for one in PACES if one), key=lambda one: abs(one - pace))) if pace else -1
        self.slider.blockSignals(True)
        self.slider.setValue(nearest % len(PACES))
        self.slider.blockSignals(False)
        self.pace.setText(rate_words(pace))
        self._buttons["slow"].setChecked(pace > 0)
        if not pace:
            self._timer.stop()
            self._span, self._glancing = 0.0, False
            if self._running:
                self._show(-1)

    # looks

    def _show_icons(self) -> None:
        for name, picture in (("step", "step"), ("slow", "slow"), ("train", "pause" if self._running else "train")):
            self._buttons[name].setIcon(icon(picture, checked=ON_ACCENT))
            self._buttons[name].setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def _dress(self) -> None:
        c = colours()
        quiet = f"QToolButton:enabled {{ background: {c.surface}; }} QToolButton:disabled {{ color: {c.muted}; }}"
        self._bar.setStyleSheet(tool_buttons("3px 8px", quiet))
        self._show_icons()

    def restyle(self) -> None:
        self._dress()
        self.view.update()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)
