"""How D judges real and generated samples, now and in the recent past."""

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QVBoxLayout

from ganstudio.ui.panel import Panel
from ganstudio.ui.waiting import Waiting
from ganstudio.ui.widgets.controls import choice, row, select
from ganstudio.ui.widgets.histogram import HistogramView

if TYPE_CHECKING:
    from ganstudio.probes.histogram import HistogramFrame
    from ganstudio.ui.studio import Studio

AXIS_TIP = "What the axis shows: D(x) between 0 and 1, or its logit, which spreads what lies near the ends"
CRITIC_TIP = "This discriminator is a critic: its output is no probability, so it is shown as it is"


class HistogramPanel(Panel):
    """Two histograms that D tries to pull apart, and G to bring together."""

    name = "histogram"
    title = "Discriminator histogram"
    description = "D on real and on generated samples of the latest steps, and how that came about"
    probe = "histogram"
    order = 30

    def __init__(self, studio: "Studio"):
        super().__init__(studio)
        self.view = HistogramView()
        self._axis = choice("Axis", AXIS_TIP, [("Probability", "probability"), ("Logit", "logit")], self._ask)
        self._history = QCheckBox("History")
        self._history.setAccessibleName("History")
        self._history.setToolTip("Show how the histograms came about: one row a look, the newest on top")
        self._history.toggled.connect(self.view.show_history)
        self._history.setChecked(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row(self._axis, self._history, None))
        layout.addWidget(self.view, 1)
        self._waiting = Waiting(
            studio,
            self.view.show_sentence,
            "Press Train (Space) to see how D judges real and generated samples.",
            of_training=True,
        )

    def options(self) -> dict[str, Any]:
        return {"view": self._axis.currentData()}

    def show_frame(self, frame: "HistogramFrame") -> None:
        critic = frame.kind == "output"
        if self._axis.isEnabled() == critic:
            self._axis.setEnabled(not critic)
            self._axis.setToolTip(CRITIC_TIP if critic else AXIS_TIP)
        if frame.history.shape[1]:
            self._waiting.over()
            self.view.show_frame(frame)
        else:
            self._waiting.again()

    def show_past(self, step: int | None) -> None:
        self._waiting.look_back(step)

    def _ask(self) -> None:
        self.studio.ask_again(self)

    def restyle(self) -> None:
        self.view.update()

    def save_state(self) -> dict[str, Any]:
        return {"axis": self._axis.currentData(), "history": self._history.isChecked()}

    def load_state(self, state: dict[str, Any]) -> None:
        select(self._axis, state.get("axis"))
        if isinstance(state.get("history"), bool):
            self._history.setChecked(state["history"])
        self._ask()
