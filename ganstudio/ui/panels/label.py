"""The Label panel: click what has an attribute and what has not, and see the direction between them."""

from collections.abc import Callable
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout

from ganstudio.experiment.errors import StudioError
from ganstudio.ui.exploring_panel import ExploringPanel
from ganstudio.ui.labelling import COORDINATES, Labelling
from ganstudio.ui.own_undo import OwnUndo
from ganstudio.ui.studio import Studio
from ganstudio.ui.waiting import Waiting
from ganstudio.ui.widgets import sample_drag
from ganstudio.ui.widgets.film_strip import FRAMES, FilmStrip
from ganstudio.ui.widgets.label_bar import LabelBar, LabelVerdict
from ganstudio.ui.widgets.label_tiles import CandidateTiles, LabelledTiles, SideTiles

LEAST = QSize(340, 190)
LOW = 260
"""Pixels of height below which there is no room for the strip."""
NO_DIRECTION = "What the direction does to the sample in Directions appears here."
NO_IMAGES = "These samples are points: keep the direction, and see in Directions what it does."
FRAME_SHARE = 0.13
"""Of the panel's height, for a frame of the strip."""


class LabelPanel(ExploringPanel):
    """Works on any weights there are, on images and on points."""

    name: ClassVar[str] = "label"
    title: ClassVar[str] = "Label"
    description: ClassVar[str] = "A named direction from samples that have an attribute and samples that have not"
    keys: ClassVar[dict[str, str]] = {
        "R": "Other samples to be labelled",
        "Click, Enter or +": "The sample has the attribute",
        "Right or Shift+click, or −": "The sample has it not",
        "Delete": "Nothing is said of the sample",
        "Shift+Delete": "Nothing is said of any sample",
        "K": "Name the direction and keep it",
        "E or double click": "Explore the sample in Directions",
        "Ctrl+Z · Ctrl+Shift+Z, or Alt+← · Alt+→": "Take back · do again",
        "← → ↑ ↓": "Choose a sample",
        "Ctrl+C · Ctrl+V": "Copy the sample with its z · paste copied ones as having it, or as the side with the focus",
    }
    order: ClassVar[int] = 52

    def __init__(self, studio: Studio):
        super().__init__(studio)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # its keys act while it has the focus
        self.explorer = studio.explorer
        self.labelling = Labelling(studio, self.name)
        self.bar = LabelBar(self, self.labelling)
        self.grid = CandidateTiles()
        self.sides = (SideTiles(True), SideTiles(False))
        self.strip = FilmStrip()
        self.verdict = LabelVerdict()
        self._clicked: tuple[int, bool | None] = (
            -1,
            None,
        )  # the tile, and what was said of it before
        self._build()
        self._connect()
        self._add_keys()
        OwnUndo(self, self.labelling.back, self.labelling.forward, others=(self.verdict,))
        self._waiting = Waiting(studio, self.grid.say, "The generator is being copied…")
        self._show_labels()

    # building

    def _build(self) -> None:
        for side in self.sides:
            way = "Click" if side.has else "Right-click"
            side.sentence = f"{way} or drop three at least."
        self.strip.setToolTip(
            "The sample in Directions, moved along the direction found.\nA click sends it there as it is shown (← →)."
        )
        self.strip.setAccessibleName("What the direction does")
        right = QVBoxLayout()
        right.setSpacing(4)
        for side in self.sides:
            right.addWidget(side, 1)
        middle = QHBoxLayout()
        middle.setSpacing(8)
        middle.addWidget(self.grid, 8)
        middle.addLayout(right, 5)
        bottom = QHBoxLayout()
        bottom.setSpacing(12)
        bottom.addWidget(self.strip)
        bottom.addWidget(self.verdict, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(6)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        layout.addWidget(self.bar)
        layout.addLayout(middle, 1)
        layout.addLayout(bottom)

    def minimumSizeHint(self) -> QSize:
        return LEAST

    def _connect(self) -> None:
        studio, labelling = self.studio, self.labelling
        labelling.changed.connect(self._show_labels)
        labelling.page_drawn.connect(self._show_page)
        labelling.sides_drawn.connect(self._show_sides)
        labelling.strip_drawn.connect(self._show_strip)
        labelling.failed.connect(self._show_failure)
        labelling.refused.connect(studio.message)
        labelling.judged.connect(self.verdict.suggest)
        self.verdict.named.connect(self._keep)
        self.strip.chosen.connect(lambda sigmas: studio.sample_chosen.emit(labelling.at(sigmas)))
        self.explorer.live_changed.connect(lambda _: studio.ask_again(self))
        self.explorer.reopened.connect(self._reopened)
        studio.sample_shown.connect(lambda _: self.strip.show_value(labelling.coordinate))
        self.grid.clicked.connect(self._click)
        self.grid.double_clicked.connect(self._double_click)
        for tiles in self._tiles():
            tiles.said.connect(lambda tile, has, tiles=tiles: self._say(tiles, tile, has))
        for side in self.sides:
            side.double_clicked.connect(lambda tile, side=side: self._explore(side, tile))
            side.accept(studio.trouble.emit)
            side.removed.connect(lambda tile, side=side: self._say(side, tile, None))
            side.dropped.connect(lambda parcel, side=side: labelling.receive(side.has, parcel))

    def _add_keys(self) -> None:
        keys: dict[str, Callable[[], object]] = {
            "E": lambda: self._explore(*self._current()),
            "K": self.verdict.ask_name,
            "Ctrl+C": self._copy,
            "Ctrl+V": self._paste,
        }
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _tiles(self) -> list[LabelledTiles]:
        return [self.grid, *self.sides]

    # what a person does

    def _click(self, tile: int) -> None:
        if tile >= 0:
            self.grid.toggle(tile, True)

    def _say(self, tiles: LabelledTiles, tile: int, has: bool | None) -> None:
        if tiles.inputs is None or not 0 <= tile < len(tiles.inputs):
            return
        z = tiles.inputs[tile]
        before = self.labelling.labels.of(z)
        if tiles is self.grid:
            self._clicked = tile, before
        if has is not before:
            self.labelling.label(z, has)

    def _double_click(self, tile: int) -> None:
        clicked, before = self._clicked
        z = self.grid.inputs[tile] if self.grid.inputs is not None else None
        if clicked == tile and z is not None and self.labelling.labels.of(z) is not before:
            self.labelling.back()  # the first click of the two
        self._explore(self.grid, tile)

    def _explore(self, tiles: LabelledTiles | None, tile: int) -> None:
        if tiles is not None and tiles.inputs is not None:
            self._clicked = -1, None
            self.studio.sample_chosen.emit(tiles.inputs[tile])

    def _current(self) -> tuple[LabelledTiles | None, int]:
        """The sample under the mouse, else the chosen one where the keyboard is."""
        for tiles in sorted(self._tiles(), key=lambda tiles: not tiles.underMouse()):
            if tiles.current >= 0:
                return tiles, tiles.current
        return None, -1

    def _copy(self) -> None:
        tiles, tile = self._current()
        if tiles is None:
            tiles, tile = self.grid, -1
        parcel = tiles.parcel([tile] if tile >= 0 else list(range(tiles.total)))
        if parcel is not None:
            sample_drag.copy(parcel)
            words = "The sample is" if len(parcel) == 1 else f"{len(parcel)} samples are"
            self.studio.message.emit(f"{words} on the clipboard, with z.")

    def _paste(self) -> None:
        try:
            parcel = sample_drag.pasted()
        except StudioError as error:
            self.studio.trouble.emit(f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return
        if parcel is None:
            self.studio.message.emit("There is no sample on the clipboard; copy one with Ctrl+C.")
        else:
            self.labelling.receive(not self.sides[1].hasFocus(), parcel)

    def _keep(self, name: str) -> None:
        kept = self.labelling.keep(name)
        if kept is not None:
            self.verdict.clear_name()
            self.studio.message.emit(f"“{kept.name}” is kept: it is among the named directions in Directions.")

    # what is shown

    def _show_labels(self) -> None:
        """Make marks, counts, words and buttons fit the labels."""
        labelling = self.labelling
        self._mark()
        for side in self.sides:
            side.show_count(labelling.labels.count(side.has))
        self.bar.show_state()
        self.verdict.show_state(labelling)
        if labelling.found is None:
            self.strip.say(NO_DIRECTION)

    def _mark(self) -> None:
        z = self.grid.inputs
        said = {} if z is None else {tile: self.labelling.labels.of(one) for tile, one in enumerate(z)}
        self.grid.show_labels({tile: has for tile, has in said.items() if has is not None})

    def _show_page(self, inputs: np.ndarray, samples: np.ndarray) -> None:
        self._waiting.over()
        self.grid.show_samples(samples, inputs)
        self.bar.show_weights()
        self._mark()

    def _show_sides(self, *parts: tuple[np.ndarray, np.ndarray]) -> None:
        for side, (inputs, samples) in zip(self.sides, parts, strict=True):
            side.show_samples(samples, inputs)
            side.show_labels({})

    def _show_strip(self, inputs: np.ndarray, samples: np.ndarray) -> None:
        if self.labelling.found is None:
            return
        if samples.ndim != 4:
            self.strip.say(NO_IMAGES)
            return
        pictures = [sample_drag.image_of(one) for one in samples]
        self.strip.show_frames("The present sample along the direction, σ", pictures, COORDINATES, "σ")
        self.strip.show_value(self.labelling.coordinate)

    def _show_failure(self, sentence: str) -> None:
        self._waiting.over()
        self.grid.say(sentence)

    def _reopened(self) -> None:
        """Another G: nothing that is shown is its."""
        for tiles in self._tiles():
            tiles.show_samples(None, None)
        self._waiting.again()

    # looks

    def restyle(self) -> None:
        self.bar.restyle()
        self.verdict.restyle()
        for widget in (*self._tiles(), self.strip):
            widget.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        frame = int(min(max(FRAME_SHARE * self.height(), 36), 0.62 * self.width() / FRAMES))
        self.strip.setFixedWidth(FRAMES * (frame + 4))
        self.strip.setVisible(self.height() >= LOW)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.labelling.wake(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.labelling.wake(False)
