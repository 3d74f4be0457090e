"""Why the saturating loss stalls: G's loss and its slope where D's judgements of its samples lie."""

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ganstudio.ui.panel import Panel
from ganstudio.ui.waiting import Waiting
from ganstudio.ui.widgets.chart import sized
from ganstudio.ui.widgets.controls import choice, select
from ganstudio.ui.widgets.curve_painting import text_size
from ganstudio.ui.widgets.loss_shape import LossShapeView, figure
from ganstudio.ui.widgets.objective_cards import ObjectiveCards
from ganstudio.ui.widgets.wrap import WrapLayout

if TYPE_CHECKING:
    from ganstudio.probes.loss_shape import LossShapeFrame
    from ganstudio.ui.studio import Studio

AXIS_TIP = "What the axis shows: D(G(z)) between 0 and 1, or its logit, which spreads what lies near the ends"
CRITIC_TIP = "This discriminator is a critic: its output is no probability, so it is shown as it is"
REACH_TIP = (
    "<p>|∂J<sub>G</sub>/∂logit| is what a loss sends back through D and G for one sample; below is its mean over the "
    "samples of the latest steps for each objective, that is what would reach G now.</p>"
    "<p>‖∇J<sub>G</sub>‖ is the norm of the gradient that G's weights really got at the last update, under the "
    "objective in force: what a loss does not send, no layer can receive.</p>"
    "<p><i>Goodfellow et al. 2014, section 3; Goodfellow 2016 (NIPS tutorial), section 3.2 and figure 16</i></p>"
)


class LossShapePanel(Panel):
    """Curves to compare and to choose from, over the live judgements."""

    name = "loss_shape"
    title = "Loss shape"
    description = "G's loss and its slope for several objectives, over where D's judgements of G's samples lie"
    probe = "loss_shape"
    order = 34

    def __init__(self, studio: "Studio"):
        super().__init__(studio)
        self.view, self.cards = LossShapeView(), ObjectiveCards()
        self._axis = choice("Axis", AXIS_TIP, [("Probability", "probability"), ("Logit", "logit")], self._ask)
        self.caption, self.gradient = QLabel("Mean |∂J<sub>G</sub>/∂logit| over G's samples:"), QLabel()
        header = QWidget()
        top = WrapLayout(header, 12)
        top.setContentsMargins(8, 6, 8, 4)
        for widget in (self._axis, self.gradient, self.caption):
            top.addWidget(widget)
        for label in (self.caption, self.gradient):
            label.setToolTip(REACH_TIP)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(header)
        layout.addWidget(self.cards)
        layout.addWidget(self.view, 1)
        self.view.chosen.connect(self._choose)
        self.cards.chosen.connect(self._choose)
        self._waiting = Waiting(studio, self.view.show_sentence, "The objectives are about to be shown.")
        self._present = True

    def options(self) -> dict[str, Any]:
        return {"view": self._axis.currentData()}

    def show_frame(self, frame: "LossShapeFrame") -> None:
        critic = frame.axis == "output"
        if self._axis.isEnabled() == critic:
            self._axis.setEnabled(not critic)
            self._axis.setToolTip(CRITIC_TIP if critic else AXIS_TIP)
        self._waiting.over()
        self.view.show_frame(frame)
        self.cards.show_frame(frame)
        if frame.fake.any():
            self.gradient.setText(f"G got ‖∇J<sub>G</sub>‖ = <b>{figure(frame.gradient)}</b>")
        else:
            trains = self._present and not self.studio.absence
            self.gradient.setText("Press Train (Space) to see what reaches G." if trains else "")

    def show_past(self, step: int | None) -> None:
        self._present = step is None

    def resizeEvent(self, event: QResizeEvent) -> None:
        font = sized(self.font(), text_size(self.width(), self.height()))
        for label in (self.caption, self.gradient):
            label.setFont(font)
        super().resizeEvent(event)

    def _choose(self, kind: str) -> None:
        self.studio.edit("objective.kind", kind)

    def _ask(self) -> None:
        self.studio.ask_again(self)

    def restyle(self) -> None:
        self.view.update()
        self.cards.update()

    def save_state(self) -> dict[str, Any]:
        return {"axis": self._axis.currentData()}

    def load_state(self, state: dict[str, Any]) -> None:
        select(self._axis, state.get("axis"))
        self._ask()
