"""The Latent panel: sliders that move z, and what G makes of it beside them."""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ganstudio.latent.position import Position
from ganstudio.latent.requests import Answer, Draw, FindDirections, Prior, Render, as_bytes
from ganstudio.ui.panels.panel import Panel
from ganstudio.ui.studio import Studio
from ganstudio.ui.waiting import Waiting
from ganstudio.ui.widgets.action_button import ActionButton
from ganstudio.ui.widgets.direction_slider import DirectionSlider, SliderRow
from ganstudio.ui.widgets.sample_box import SampleBox
from ganstudio.ui.widgets.slider_bank import MOST_PRINCIPAL, SliderBank

if TYPE_CHECKING:
    from ganstudio.probes.generator import GeneratorFrame

LEAST_BESIDE = 620
"""Pixels of width from which sliders and image fit beside each other."""
TALL = 0.85
"""Width over height from which they are beside each other."""
SLIDERS, IMAGE = 5, 6
"""How they share it."""
FIRST_SEED = 0
"""Of the sample that a panel opens with: always the same one."""


class LatentPanel(Panel):
    """Explores G's input. Works on any weights there are: fresh, pretrained, in training, trained."""

    name: ClassVar[str] = "latent"
    title: ClassVar[str] = "Latent"
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
        self.position: Position | None = None
        """None until G's prior is known."""
        self._prior: Prior | None = None
        self._dice = np.random.default_rng()
        self._sent: np.ndarray | None = None  # a sample that came before the prior was known
        self.bank = SliderBank()
        self.box = SampleBox(self, "Sample of the generator")
        self.box.view.painted = self.latencies.append
        self._build()
        self._connect()
        self._show_position()
        self._waiting = Waiting(studio, self.box.show_nothing, "The generator is being copied…")

    # building

    def _build(self) -> None:
        self.random = ActionButton(
            self, "Random", "random", "A fresh z; locked coordinates stay", self.draw, keys="R", wordy=True
        )
        self.reset = ActionButton(
            self,
            "Reset all",
            "reset",
            "Back to the sample you started from; locked coordinates stay",
            self.reset_all,
            keys="Shift+R",
            wordy=True,
        )
        self.back = ActionButton(
            self, "Back", "back", "To the place before", lambda: self._step(Position.back), keys="Alt+Left"
        )
        self.forward = ActionButton(
            self, "Forward", "forward", "To the place after", lambda: self._step(Position.forward), keys="Alt+Right"
        )
        self._buttons = (self.random, self.reset, self.back, self.forward)
        self.weights = QComboBox()
        self.weights.addItem("EMA weights", False)
        self.weights.addItem("Live weights", True)
        self.weights.setAccessibleName("Weights of the generator")
        self.weights.setToolTip("G's running average (EMA), by which samples are usually judged, or G as it trains")
        self.box.bar.insertWidget(0, self.weights)
        self.truncation = SliderRow(0.0, 1.0, 1.0)
        self.truncation.slider.setSingleStep(1)
        self.truncation.slider.setPageStep(10)
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
        self.explorer.answered.connect(self._take_answers)
        self.explorer.reopened.connect(self._reopened)
        self.explorer.live_changed.connect(self._show_live)
        self.studio.sample_chosen.connect(self.receive)
        self.bank.moved.connect(self._move)
        self.bank.reset_asked.connect(self._reset_one)
        self.bank.changed.connect(self._show_position)
        self.bank.find_asked.connect(self._find)
        self.bank.refused.connect(self.studio.message)
        self.box.message.connect(self.studio.message)
        self.box.trouble.connect(self.studio.trouble)
        self.truncation.moved.connect(self._truncate)
        self.truncation.reset_asked.connect(lambda: self._truncate(1.0))
        self.weights.activated.connect(self._choose_weights)

    # what a person does

    @property
    def rows(self) -> list[DirectionSlider]:
        """The sliders' rows, from top to bottom."""
        return self.bank.rows

    @property
    def z(self) -> np.ndarray | None:
        """(dim,) float32: the input of the image that is asked for; None before there is one."""
        if self.position is None or self._prior is None:
            return None
        return self.position.inputs(self._prior.limit)[0]

    def draw(self) -> None:
        """A fresh z; locked coordinates stay."""
        self.explorer.ask(Draw(int(self._dice.integers(2**63))), self.name)

    def reset_all(self) -> None:
        """Back to the sample that z was moved from; locked coordinates stay."""
        if self.position is not None:
            self.position.reset(self.bank.locked())
            self._moved()

    def receive(self, z: np.ndarray) -> None:
        """Take a sample that another panel sends, to the bit."""
        z = np.asarray(z)
        if self.position is None:
            self._sent = z
        elif z.shape == self.position.z.shape:
            self.position.arrive(z)
            self.position.truncation = 1.0
            self._moved()
        else:
            self.studio.message.emit("That sample belongs to another generator.")

    def _move(self, index: int, coordinate: float) -> None:
        if self.position is not None and self._prior is not None:
            self.position.move(self.bank.vectors[index], coordinate * self._prior.std, gesture=self.rows[index].key)
            self._moved()

    def _reset_one(self, index: int) -> None:
        if self.position is not None:
            vector = self.bank.vectors[index]
            self.position.move(vector, float(vector @ self.position.origin))
            self._moved()

    def _truncate(self, psi: float) -> None:
        if self.position is not None:
            self.position.truncation = psi
            self._moved()

    def _step(self, go: Callable[[Position], None]) -> None:
        if self.position is not None:
            go(self.position)
            self._moved()

    def _moved(self) -> None:
        """z has changed: ask for its image, read it out and tell the others."""
        self._render()
        z = self.z
        if z is not None:
            self.studio.show_sample(z)
        self._show_position()

    def _choose_weights(self) -> None:
        self.explorer.live = self.weights.currentData()

    def _find(self) -> None:
        if self.isVisible():
            self.explorer.ask(FindDirections(count=MOST_PRINCIPAL), self.name)

    def _render(self) -> None:
        z = self.z
        if z is not None and self.isVisible():
            self.explorer.ask(Render(z[None]), self.name)

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

    def _take_answers(self) -> None:
        for answer in self.explorer.take(self.name):
            if answer.prior is not None:
                self._take_prior(answer.prior)
            request = answer.asked.request
            if answer.error:
                self._take_error(answer)
            elif isinstance(request, Draw):
                self._take_draw(answer.value[0])
            elif isinstance(request, FindDirections):
                self.bank.set_principal(answer.value, answer.step)
            else:
                self._take_samples(answer, request.inputs[0])

    def _take_prior(self, prior: Prior) -> None:
        if prior != self._prior:
            if self.position is not None and len(self.position.z) != prior.dim:
                self.position = None
            self._prior = prior
            self.bank.set_prior(prior)

    def _take_error(self, answer: Answer) -> None:
        if answer.prior is not None and self.position is None:  # z was another G's, and does not fit this one
            self._begin()
        elif isinstance(answer.asked.request, FindDirections):
            self.studio.message.emit(answer.error)
        else:
            self._waiting.over()
            self.box.show_nothing(answer.error)

    def _take_draw(self, z: np.ndarray) -> None:
        if self.position is None:
            sent, self._sent = self._sent, None
            self.position = Position(sent if sent is not None and sent.shape == z.shape else z)
        else:
            self.position.draw(z, self.bank.locked())
        self._moved()

    def _take_samples(self, answer: Answer, z: np.ndarray) -> None:
        self._waiting.over()
        if answer.value.ndim == 4:
            caption = f"{'live' if answer.live else 'EMA'} weights after step {answer.step:,}"
            asked_at = None if answer.asked.again else answer.asked.at
            self.box.show_sample(as_bytes(answer.value)[0], z, caption, asked_at)
        else:
            self.box.show_nothing("G(z) = (" + ", ".join(f"{number:.3f}" for number in answer.value[0]) + ")")

    def _reopened(self) -> None:
        """Another G. z stays if it fits, so that two of them can be compared."""
        self.bank.forget()
        self._begin()

    def _begin(self) -> None:
        """Ask what a visible panel needs to know of G."""
        if not self.isVisible():
            return
        if self.position is None:
            self.explorer.ask(Draw(FIRST_SEED), self.name)
        else:
            self._render()
        if self.bank.needs_principal:
            self._find()

    # looks

    def _show_position(self) -> None:
        """Make sliders and buttons say where z stands."""
        position = self.position
        if position is not None:
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
        self.explorer.follow(self.name, True)
        self._begin()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.explorer.follow(self.name, False)

    # memory

    def save_state(self) -> dict[str, Any]:
        return {"sliders": self.bank.save_state(), "live": self.explorer.live}

    def load_state(self, state: dict[str, Any]) -> None:
        if isinstance(state.get("sliders"), dict):
            self.bank.load_state(state["sliders"])
        self.explorer.live = state.get("live") is True
