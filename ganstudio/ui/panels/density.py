"""Figure 1 of the 2014 paper, live, with its four moments at a button each, and data drawn by hand."""

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout

from ganstudio.training.events import Event
from ganstudio.training.four_moments import FourMoments
from ganstudio.ui.drawn_curve import DrawnCurveData
from ganstudio.ui.panel import Panel
from ganstudio.ui.waiting import Waiting
from ganstudio.ui.widgets.controls import button
from ganstudio.ui.widgets.curve_painting import text_size
from ganstudio.ui.widgets.figure_one import FigureOneView
from ganstudio.ui.widgets.game_value import GameValueView
from ganstudio.ui.widgets.moments_bar import MomentsBar
from ganstudio.ui.widgets.offer import Offer
from ganstudio.ui.widgets.sketch import Sketch

if TYPE_CHECKING:
    from ganstudio.probes.density import DensityFrame
    from ganstudio.ui.studio import Studio

NEEDS = "Figure 1 is drawn for data of a known density on the number line; what is open has none."
DRAW_TIP = "Drag over the picture to draw the data's density; it acts on restart"
OWN_TIP = "Take a density of your own in place of the data, beginning with the shape that they have; it acts on restart"
RESTART_TIP = "Begin again from the seed, with the density as it is drawn; the run so far is saved"
LOOK_MS = 100
"""Milliseconds between two looks at how far a moment has come: in that time a small run makes a few dozen steps."""
BESIDE = 1.6
"""Width over height from which the numbers stand beside the figure; else below it."""


class DensityPanel(Panel):
    """Densities, D, D* and the arrows of G; beside them the value of the game."""

    name = "density"
    title = "Density (1-D)"
    description = "Figure 1 of the 2014 paper: p_data, p_g, D and its optimum on the number line, and how G maps z"
    probe = "density"
    keys: ClassVar[dict[str, str]] = {
        "Drag, Ctrl+C": "Carry or copy the arrow under the mouse as its z, where z is one number; with none, all",
    }
    order = 32

    def __init__(self, studio: "Studio"):
        super().__init__(studio)
        self.view, self.values, self.bar = FigureOneView(), GameValueView(), MomentsBar()
        self.view.samples.told.connect(studio.message)
        self.moments = FourMoments(studio.session, self._tell)
        self.data = DrawnCurveData(studio)
        self.draw = button("Draw", "Draw", DRAW_TIP, self._toggle_drawing)
        self.draw.setCheckable(True)
        self.restart = button("Restart", "Restart with the drawn density", RESTART_TIP, self._restart)
        self.bar.add(self.draw)
        self.bar.add(self.restart)
        self.offer = Offer(studio, self, NEEDS, [("figure-1", "Figure 1")])
        self._pictures = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._pictures.setSpacing(0)
        self._pictures.addWidget(self.view, 5)
        self._pictures.addWidget(self.values, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addLayout(self._pictures, 1)
        self._waiting = Waiting(studio, self._wait, "The densities are about to be shown.", of_data=True)
        self.bar.asked.connect(self._ask_moment)
        self.view.drawn.connect(self._take_drawing)
        studio.event.connect(self._take_event)
        self._clock = QTimer(self)
        self._clock.setInterval(LOOK_MS)
        self._clock.timeout.connect(self._look)
        studio.edited.connect(lambda _: self._show_drawing())
        self.restyle()
        self._show_drawing()

    # frames

    def show_frame(self, frame: "DensityFrame") -> None:
        figure = frame.figure
        self._waiting.over()
        self.offer.setVisible(figure is None)
        fresh = self.view.figure is None
        if figure is None:
            self._wait("")
            return
        self.view.show_figure(figure)
        self.values.show_figure(figure)
        if fresh:
            self._show_drawing()
        self._enable()

    def _wait(self, sentence: str) -> None:
        self.view.show_sentence(sentence)
        self.values.show_figure(None)
        self._enable()

    def _enable(self) -> None:
        figure = self.view.figure
        critic = figure is not None and not figure.probability
        self.bar.enable(figure is not None, bool(self.moments.goal), critic)
        self.draw.setEnabled(figure is not None)

    # the four moments

    def _ask_moment(self, name: str) -> None:
        {
            "now": self.moments.now,
            "optimum": self.moments.to_optimum,
            "move": self.moments.move_generator,
            "equilibrium": self.moments.to_equilibrium,
            "cancel": self.moments.cancel,
        }[name]()
        self._show_progress()

    def _take_event(self, event: Event) -> None:
        self.moments.take_event(event)
        if event.kind == "opened" or (event.kind == "started" and not self.moments.goal):
            self.bar.say("")  # it was said of what is no more
        self._show_progress()

    def _look(self) -> None:
        self.moments.look()
        self._show_progress()

    def _show_progress(self) -> None:
        if not self.moments.goal:
            self._clock.stop()
        elif not self._clock.isActive():
            self._clock.start()
        self.bar.show_progress(self.moments.progress)
        self._enable()

    def _tell(self, sentence: str) -> None:
        self.bar.say(sentence)
        self.studio.message.emit(sentence)

    # drawing

    def _toggle_drawing(self) -> None:
        figure = self.view.figure
        if self.draw.isChecked() and not self.data.is_drawn and figure is not None:
            self.draw.setChecked(self.data.begin(figure))
        self._show_drawing()

    def _take_drawing(self, sketch: Sketch) -> None:
        if sketch.empty:
            self.studio.message.emit("A density needs some height: what was drawn is flat on the axis.")
        else:
            self.data.take(sketch)
        self._show_drawing()

    def _restart(self) -> None:
        self.draw.setChecked(False)
        self.studio.action_wanted.emit("restart")

    def _show_drawing(self) -> None:
        """Make buttons and picture say what is drawn, and whether it waits."""
        drawn = self.data.is_drawn
        if not drawn:
            self.draw.setChecked(False)
        self.draw.setText("Draw" if drawn else "Draw my own")
        self.draw.setToolTip(DRAW_TIP if drawn else OWN_TIP)
        self.restart.setVisible(self.data.waits)
        shown = drawn and (self.draw.isChecked() or self.data.waits)
        self.view.show_sketch(self.data.sketch() if shown else None, self.draw.isChecked())

    # looks

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous() and not self.window().isVisible():
            self.moments.cancel()  # the window closes, and the run is saved as it stands then

    def resizeEvent(self, event: QResizeEvent) -> None:
        beside = self.width() >= BESIDE * self.height()
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if way != self._pictures.direction():
            self._pictures.setDirection(way)
        self.bar.set_size(max(12, text_size(self.width(), self.height())))
        super().resizeEvent(event)

    def restyle(self) -> None:
        self.bar.restyle()
        self.view.update()
        self.values.update()
