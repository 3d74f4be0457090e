"""The Directions panel: sliders that move z, and what G makes of it beside them."""

from collections import deque
from typing import Any, ClassVar

import numpy as np
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QHideEvent, QImage, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QMenu, QVBoxLayout

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.keepsakes import Favourite
from ganstudio.latent.parcel import Parcel
from ganstudio.latent.position import Position
from ganstudio.latent.requests import Answer, Prior, as_bytes
from ganstudio.ui.exploring import Exploration
from ganstudio.ui.exploring_panel import ExploringPanel
from ganstudio.ui.own_undo import OwnUndo
from ganstudio.ui.side_render import SideRender
from ganstudio.ui.slider_preview import SliderPreview, Sweep
from ganstudio.ui.studio import Studio
from ganstudio.ui.waiting import Waiting
from ganstudio.ui.widgets.direction_controls import DirectionControls
from ganstudio.ui.widgets.direction_menu import direction_menu
from ganstudio.ui.widgets.direction_slider import DirectionSlider
from ganstudio.ui.widgets.favourite_strip import FavouriteStrip, png_of
from ganstudio.ui.widgets.film_strip import FRAMES, FilmStrip
from ganstudio.ui.widgets.sample_box import SMALL, SampleBox
from ganstudio.ui.widgets.sample_drag import TakesSamples, image_of, pasted
from ganstudio.ui.widgets.slider_bank import SliderBank

TRUNCATION = -1
"""Key of the truncation slider; the others have their numbers."""
CLOUD, CLOUD_SEED = 512, 1
"""Samples around a point, and their seed."""
LEAST_BESIDE = 620
"""Pixels of width from which sliders and image fit beside each other."""
LOW, LEAST_LOW = 500, 470
"""Pixels of height below which one above the other leaves both too little, and of width from which they are beside
each other then."""
TALL = 0.85
"""Width over height from which they are beside each other."""
SLIDERS, IMAGE = 5, 6
"""How they share it."""


class LatentPanel(ExploringPanel):
    """Explores G's input. Works on any weights there are: fresh, pretrained, in training, trained."""

    name: ClassVar[str] = "latent"
    title: ClassVar[str] = "Directions"
    description: ClassVar[str] = "Sliders through the latent space, and what G makes of it, whether it trains or rests"
    keys: ClassVar[dict[str, str]] = {
        "R": "A fresh sample; locked coordinates stay",
        "Shift+R": "Back to where you started from",
        "Ctrl+Z · Ctrl+Shift+Z or Alt+← · Alt+→": "To the place before · after",
        "← → PgUp PgDn": "Move the slider with the focus",
        "Delete · L": "Reset it · lock it",
        "F": "Keep the sample among the favourites",
        "Ctrl+C · Ctrl+V": "Copy the sample · take a copied one",
    }
    order: ClassVar[int] = 50

    def __init__(self, studio: Studio):
        super().__init__(studio)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # its keys act while it has the focus
        self.explorer = studio.explorer
        self.latencies: deque[float] = deque(maxlen=10_000)
        """Seconds from a person's move to the end of painting its image, one for each image that was painted."""
        self.bank = SliderBank()
        self.exploration = Exploration(studio, self.name, self.bank.locked, self.bank.sliders)
        self.controls = DirectionControls(self, self.exploration, self.bank)
        self.truncation = self.controls.truncation
        self.box = SampleBox(self, "Sample of the generator")
        self.box.view.painted = self.box.plane.painted = self.latencies.append
        self.strip = FilmStrip()
        self.favourites = FavouriteStrip(studio, self, self.keep)
        self.preview = SliderPreview(studio.explorer, f"{self.name}.strip", self.strip, self._sweep, self._pictures)
        self._cloud = SideRender(studio.explorer, f"{self.name}.cloud")
        self._has_cloud = False
        self._build()
        self._connect()
        self._take_keepsakes()
        self._show_position()
        self._waiting = Waiting(studio, self.box.show_nothing, "The generator is being copied…")

    # building

    def _build(self) -> None:
        self.weights = QComboBox()
        self.weights.addItem("EMA weights", False)
        self.weights.addItem("Live weights", True)
        self.weights.setAccessibleName("Weights of the generator")
        self.weights.setToolTip("G's running average (EMA), by which samples are usually judged, or G as it trains")
        self.box.bar.insertWidget(0, self.weights)
        self._right = right = QVBoxLayout()
        right.setSpacing(6)
        right.addWidget(self.box, 1)
        right.addWidget(self.strip)
        right.addWidget(self.favourites)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(8, 8, 8, 8)
        self._layout.setSpacing(12)
        self._layout.addWidget(self.controls, SLIDERS)
        self._layout.addLayout(right, IMAGE)

    def _connect(self) -> None:
        self.explorer.reopened.connect(self._reopened)
        self.explorer.live_changed.connect(self._show_live)
        self.studio.sample_chosen.connect(self.receive)
        self.studio.keepsakes.changed.connect(self._take_keepsakes)
        self.exploration.moved.connect(self._show_position)
        self.exploration.prior_changed.connect(self._take_prior)
        self.exploration.rendered.connect(self._take_samples)
        self.exploration.searched.connect(self._take_search)
        self.exploration.failed.connect(self._show_failure)
        self.bank.moved.connect(self._move)
        self.bank.changed.connect(self._show_position)
        self.bank.watched.connect(self.preview.watch)
        self.bank.menu_asked.connect(lambda index, at: self.menu(index).popup(at))
        self.preview.cleared.connect(self.box.plane.hide_trail)
        self.bank.choice.refused.connect(self.studio.message)
        self.truncation.moved.connect(self._truncate)
        self.truncation.watched.connect(lambda watched: self.preview.watch(TRUNCATION, watched))
        self.strip.chosen.connect(self._take_frame)
        self.favourites.chosen.connect(lambda kept: self.receive(kept.z, kept.truncation))
        self.box.message.connect(self.studio.message)
        self.box.trouble.connect(self.studio.trouble)
        self.weights.activated.connect(self._choose_weights)
        self._cloud.answered.connect(lambda answer: self.box.plane.show_cloud(answer.value))
        TakesSamples(self, self._take_drop, refused=self.studio.trouble.emit, hovering=self._highlight)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self, self.paste)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        # Favourites are taken back with the window's edits.
        OwnUndo(self, self.exploration.back, self.exploration.forward, others=(self.favourites,))

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

    def receive(self, z: np.ndarray, truncation: float = 1.0) -> None:
        """Take a sample that another panel sends, to the bit."""
        if not self.exploration.receive(z, truncation):
            self.studio.message.emit("That sample belongs to another generator.")

    def keep(self) -> None:
        """Keep the sample among the favourites."""
        position = self.position
        if position is not None and self.box.z is not None:
            z, picture = position.z.astype(np.float32), png_of(self.box.small_picture())
            self.studio.keepsakes.add_favourite(Favourite(z, position.truncation, "", picture))

    def paste(self) -> None:
        """Take a sample from the clipboard."""
        try:
            parcel = pasted()
        except StudioError as error:
            self.studio.trouble.emit(f"{error}.")
            return
        if parcel is None:
            self.studio.message.emit("There is no sample on the clipboard.")
        else:
            self._take_drop(parcel)

    def _take_drop(self, parcel: Parcel, at: QPoint | None = None) -> None:
        if parcel.inputs is None:
            self.studio.message.emit("That picture has no z of its own; Invert finds one for it.")
        else:
            self.receive(parcel.inputs[0])

    def _highlight(self, at: QPoint | None) -> None:
        self.box.highlight(at is not None)

    def _move(self, index: int, coordinate: float) -> None:
        self.preview.follow(index)
        if self.rows[index].slider.held:
            self._show_position()
        else:
            key = self.bank.directions[index].key
            self.exploration.move(self.bank.vectors[index], coordinate, gesture=key)

    def _truncate(self, psi: float) -> None:
        self.preview.follow(TRUNCATION)
        self.exploration.truncate(psi, "truncation")

    def menu(self, index: int) -> QMenu:
        """What can be done with a slider."""
        menu = direction_menu(
            self.rows[index], self.bank.directions[index], self.studio.keepsakes, self.studio.trouble.emit
        )
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _take_frame(self, value: float) -> None:
        """A frame of the film strip was chosen."""
        key = self.preview.key
        if key == TRUNCATION:
            self.exploration.truncate(value)
        elif key is not None:
            self.exploration.rest()
            self._move(key, value)
            self.exploration.rest()

    def _choose_weights(self) -> None:
        self.explorer.live = self.weights.currentData()

    # what the explorer tells

    def _take_prior(self, prior: Prior) -> None:
        self.bank.set_prior(prior)
        self.favourites.set_prior(prior)

    def _take_keepsakes(self) -> None:
        self.bank.choice.set_named(self.studio.keepsakes.directions)

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
        asked_at = None if answer.asked.again else answer.asked.at
        if answer.value.ndim == 4:
            self.box.show_sample(as_bytes(answer.value)[0], z, answer.weights, asked_at)
        else:
            if not self._has_cloud:
                self._has_cloud = True
                self._cloud.draw(CLOUD, CLOUD_SEED)
            self.box.show_point(answer.value[0], z, answer.weights, asked_at)

    def _reopened(self) -> None:
        """Another G. z stays if it fits, so that two of them can be compared."""
        self.bank.forget()
        self._has_cloud = False
        if self.isVisible():
            self._begin()

    def _begin(self) -> None:
        self.exploration.begin()
        if self.bank.choice.needs_principal and not self.bank.choice.is_finding:
            self.controls.find()

    # the film strip

    def _sweep(self, key: int) -> Sweep | None:
        """What a slider would do from end to end."""
        if self.z is None or key >= len(self.rows):
            return None
        if key == TRUNCATION:
            psis = np.linspace(0, 1, FRAMES)
            return Sweep("Truncation ψ", "", psis, self.exploration.truncated(psis), self.truncation.shown)
        reach, vector = self.bank.choice.reach, self.bank.vectors[key]
        sigmas = np.linspace(-reach, reach, FRAMES)
        inputs = self.exploration.along(vector, sigmas)
        return Sweep(self.bank.directions[key].name, "σ", sigmas, inputs, self.rows[key].shown)

    def _pictures(self, answer: Answer) -> list[QImage]:
        """The samples of an answer; points also show the way that they make."""
        if answer.value.ndim == 4:
            return [image_of(pixels) for pixels in as_bytes(answer.value)]
        self.box.plane.show_trail(answer.value)
        return [self.box.plane.picture(point, SMALL) for point in answer.value]

    # looks

    def _show_position(self) -> None:
        self.controls.show_position(self.position)
        self.preview.refresh()

    def _show_live(self, live: bool) -> None:
        self.studio.ask_again(self)
        self.weights.setCurrentIndex(self.weights.findData(live))

    def restyle(self) -> None:
        for part in (self.controls, self.box, self.favourites):
            part.restyle()
        self.preview.redraw()

    def minimumSizeHint(self) -> QSize:
        # The same both ways, lest the window be laid out anew because it has been laid out.
        margins, right = self._layout.contentsMargins(), self._right.minimumSize()
        width = max(self.controls.minimumSizeHint().width(), right.width())
        return QSize(width, right.height()).grownBy(margins)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Sliders and image beside each other in a wide panel, above each other in a tall one."""
        least = LEAST_LOW if self.height() < LOW else LEAST_BESIDE
        side_by_side = self.width() >= max(least, TALL * self.height())
        way = QBoxLayout.Direction.LeftToRight if side_by_side else QBoxLayout.Direction.BottomToTop
        if way != self._layout.direction():
            self._layout.setDirection(way)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.exploration.wake(True)
        self._cloud.follow(self._has_cloud)
        self._begin()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.exploration.wake(False)
        self._cloud.follow(False)
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
