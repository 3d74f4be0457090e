"""The Directions panel: sliders that move z, and what G makes of it beside them."""

from collections import deque
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ganstudio.latent.position import Position
from ganstudio.latent.requests import Answer, Prior, as_bytes
from ganstudio.ui.exploring import Exploration
from ganstudio.ui.panels.panel import Panel
from ganstudio.ui.studio import Studio
from ganstudio.ui.waiting import Waiting
from ganstudio.ui.widgets.action_button import ActionButton
from ganstudio.ui.widgets.direction_slider import DirectionSlider, SliderRow
from ganstudio.ui.widgets.sample_box import SampleBox
from ganstudio.ui.widgets.slider_bank import SliderBank

if TYPE_CHECKING:
    from ganstudio.probes.generator import GeneratorFrame

LEAST_BESIDE = 620
"""Pixels of width from which sliders and image fit beside each other."""
TALL = 0.85
"""Width over height from which they are beside each other."""
SLIDERS, IMAGE = 5, 6
"""How they share it."""


class LatentPanel(Panel):
    """Explores G's input. Works on any weights there are: fresh, pretrained, in training, trained."""

    name: ClassVar[str] = "latent"
    title: ClassVar[str] = "Directions"
    description: ClassVar[str] = "Sliders through the latent space, and what G makes of it, whether it trains or rests"
    keys: ClassVar[dict[str, str]] = {
        "R": "A fresh sample; locked coordinates stay",
        "Shift+R": "Back to where you started from",
        "Alt+← · Alt+→": "To the place before · after",
        "← → PgUp PgDn": "Move the slider with the focus",
        "Delete · L": "Reset it · lock it",
        "Ctrl+C": "Copy the image",
    }
    past_probe = "generator"
    past_words = "weights of now, not of the past"
    order: ClassVar[int] = 50

    def __init__(self, studio: Studio):
        super().__init__(studio)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # its keys act while it has the focus
        self.explorer = studio.explorer
        self.latencies: deque[float] = deque(maxlen=10_000)
        """Seconds from a person's move to the end of painting its image, one for each image that was painted."""
        self.bank = SliderBank()
        self.exploration = Exploration(studio, self.name, self.bank.locked)
        self.box = SampleBox(self, "Sample of the generator")
        self.box.view.painted = self.latencies.append
        self._build()
        self._connect()
        self._show_position()
        self._waiting = Waiting(studio, self.box.show_nothing, "The generator is being copied…")

    # building

    def _build(self) -> None:
        self.random = ActionButton(
            self, "Random", "random", "A fresh z; locked coordinates stay", self.exploration.draw, keys="R", wordy=True
        )
        self.reset = ActionButton(
            self,
            "Reset all",
            "reset",
            "Back to the sample you started from; locked coordinates stay",
            self.exploration.reset_all,
            keys="Shift+R",
            wordy=True,
        )
        self.back = ActionButton(self, "Back", "back", "To the place before", self.exploration.back, keys="Alt+Left")
        self.forward = ActionButton(
            self, "Forward", "forward", "To the place after", self.exploration.forward, keys="Alt+Right"
        )
        self._buttons = (self.random, self.reset, self.back, self.forward)
        self.weights = QComboBox()
        self.weights.addItem("EMA weights", False)
        self.weights.addItem("Live weights", True)
        self.weights.setAccessibleName("Weights of the generator")
        self.weights.setToolTip("G's running average (EMA), by which samples are usually judged, or G as it trains")
        self.box.bar.insertWidget(0, self.weights)
        self.truncation = SliderRow(0.0, 1.0, 1.0, step=0.05, leap=0.25)
        self.truncation.slider.setSingleStep(1)
        self.truncation.slider.setPageStep(10)
        self.truncation.lock.setEnabled(False)
        self.truncation.lock.hide()
        self.truncation.describe(
            "Truncation ψ",
            "Truncation ψ",
            "G is fed z drawn this far towards the prior's mean. Smaller is more typical and less varied.",
            "Back to 1: z as it is (Delete)",
        )
        self.truncation.show_value(1.0, 1.0, "1.00")
        self.controls = QScrollArea()
        self.controls.setWidget(self._column())
        self.controls.setWidgetResizable(True)
        self.controls.setFrameShape(QScrollArea.Shape.NoFrame)
        self.controls.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.controls.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(8, 8, 8, 8)
        self._layout.setSpacing(12)
        self._layout.addWidget(self.controls, SLIDERS)
        self._layout.addWidget(self.box, IMAGE)

    def _column(self) -> QWidget:
        top = QHBoxLayout()
        top.setSpacing(2)
        for button in self._buttons:
            top.addWidget(button)
        top.addStretch(1)
        found = QWidget()
        column = QVBoxLayout(found)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(10)
        column.addLayout(top)
        column.addWidget(self.bank)
        column.addWidget(self.truncation)
        column.addStretch(1)
        return found

    def _connect(self) -> None:
        self.explorer.reopened.connect(self._reopened)
        self.explorer.live_changed.connect(self._show_live)
        self.studio.sample_chosen.connect(self.receive)
        exploration, choice = self.exploration, self.bank.choice
        exploration.moved.connect(self._show_position)
        exploration.prior_changed.connect(self._take_prior)
        exploration.rendered.connect(self._take_samples)
        exploration.searched.connect(self._take_search)
        exploration.failed.connect(self._show_failure)
        self.bank.moved.connect(self._move)
        self.bank.reset_asked.connect(lambda index: exploration.reset(self.bank.vectors[index]))
        self.bank.released.connect(exploration.rest)
        self.bank.changed.connect(self._show_position)
        choice.find_asked.connect(self._find)
        choice.cancel_asked.connect(exploration.give_up)
        choice.shuffle_asked.connect(exploration.shuffle)
        choice.refused.connect(self.studio.message)
        self.box.message.connect(self.studio.message)
        self.box.trouble.connect(self.studio.trouble)
        self.truncation.moved.connect(lambda psi: exploration.truncate(psi, "truncation"))
        self.truncation.released.connect(exploration.rest)
        self.truncation.reset_asked.connect(lambda: exploration.truncate(1.0))
        self.weights.activated.connect(self._choose_weights)

    # what a person does

    @property
    def rows(self) -> list[DirectionSlider]:
        """The sliders' rows, from top to bottom."""
        return self.bank.rows

    @property
    def position(self) -> Position | None:
        """Where z stands; None before there is a G."""
        return self.exploration.position

    @property
    def z(self) -> np.ndarray | None:
        """(dim,) float32: the input of the image that is asked for; None before there is one."""
        return self.exploration.z

    def receive(self, z: np.ndarray) -> None:
        """Take a sample that another panel sends, to the bit."""
        if not self.exploration.receive(z):
            self.studio.message.emit("That sample belongs to another generator.")

    def _move(self, index: int, coordinate: float) -> None:
        self.exploration.move(self.bank.vectors[index], coordinate, gesture=self.bank.directions[index].key)

    def _choose_weights(self) -> None:
        self.explorer.live = self.weights.currentData()

    def _find(self) -> None:
        if self.exploration.search():
            self.bank.choice.show_progress(0.0)

    # the past

    def options(self) -> dict[str, Any]:
        return {"live": self.explorer.live}

    def show_frame(self, frame: "GeneratorFrame") -> None:
        """G as it was: the sliders move through its images until the present is shown again."""
        self.explorer.look_back(frame)

    def show_past(self, step: int | None) -> None:
        if step is None:
            self.explorer.look_back(None)

    # what the explorer tells

    def _take_prior(self, prior: Prior) -> None:
        self.bank.set_prior(prior)

    def _take_search(self, answer: Answer) -> None:
        choice = self.bank.choice
        if answer.error:
            choice.give_up()
            self.studio.message.emit(answer.error)
        elif answer.share < 1:
            choice.show_progress(answer.share)
        else:
            choice.set_principal(answer.value, answer.step)

    def _show_failure(self, sentence: str) -> None:
        self._waiting.over()
        self.box.show_nothing(sentence)

    def _take_samples(self, answer: Answer) -> None:
        self._waiting.over()
        z = answer.asked.request.inputs[0]
        if answer.value.ndim == 4:
            caption = f"{'live' if answer.live else 'EMA'} weights after step {answer.step:,}"
            asked_at = None if answer.asked.again else answer.asked.at
            self.box.show_sample(as_bytes(answer.value)[0], z, caption, asked_at)
        else:
            self.box.show_nothing("G(z) = (" + ", ".join(f"{number:.3f}" for number in answer.value[0]) + ")")

    def _reopened(self) -> None:
        """Another G. z stays if it fits, so that two of them can be compared."""
        self.bank.choice.forget()
        if self.isVisible():
            self._begin()

    def _begin(self) -> None:
        self.exploration.begin()
        if self.bank.choice.needs_principal and not self.bank.choice.is_finding:
            self._find()

    # looks

    def _show_position(self) -> None:
        """Make sliders and buttons say where z stands."""
        position = self.position
        if position is not None:
            self.bank.choice.set_seed(position.seed)
            self.bank.show_position(position)
            self.truncation.show_value(position.truncation, 1.0, f"{position.truncation:.2f}")
        self.truncation.setEnabled(position is not None)
        self.random.set_enabled(position is not None)
        self.reset.set_enabled(position is not None and not np.array_equal(position.z, position.origin))
        self.back.set_enabled(position is not None and position.can_go_back)
        self.forward.set_enabled(position is not None and position.can_go_forward)

    def _show_live(self, live: bool) -> None:
        self.studio.ask_again(self)
        self.weights.setCurrentIndex(self.weights.findData(live))

    def restyle(self) -> None:
        for part in (*self._buttons, self.bank, self.truncation, self.box):
            part.restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Sliders and image beside each other in a wide panel, above each other in a tall one."""
        side_by_side = self.width() >= max(LEAST_BESIDE, TALL * self.height())
        way = QBoxLayout.Direction.LeftToRight if side_by_side else QBoxLayout.Direction.BottomToTop
        if way != self._layout.direction():
            self._layout.setDirection(way)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.exploration.wake(True)
        self._begin()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.exploration.wake(False)
        if self.bank.choice.is_finding:
            self.exploration.give_up()
            self.bank.choice.show_progress(None)

    # memory

    def save_state(self) -> dict[str, Any]:
        return {"sliders": self.bank.choice.save_state(), "live": self.explorer.live}

    def load_state(self, state: dict[str, Any]) -> None:
        if isinstance(state.get("sliders"), dict):
            self.bank.choice.load_state(state["sliders"])
        self.explorer.live = state.get("live") is True
