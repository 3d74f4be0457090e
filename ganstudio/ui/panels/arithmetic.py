"""The Arithmetic panel: A − B + C with means of samples, as in the DCGAN paper, and a direction to keep of it."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QLabel, QLayout, QVBoxLayout

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.arithmetic import SLOTS, USUAL, beyond
from ganstudio.latent.parcel import Parcel
from ganstudio.ui.exploring_panel import ExploringPanel
from ganstudio.ui.own_undo import OwnUndo
from ganstudio.ui.studio import Studio
from ganstudio.ui.summing import Summing
from ganstudio.ui.waiting import Waiting
from ganstudio.ui.widgets import sample_drag
from ganstudio.ui.widgets.arithmetic_bar import ArithmeticBar
from ganstudio.ui.widgets.equation import Equation
from ganstudio.ui.widgets.pool import PoolTiles
from ganstudio.ui.widgets.sample_tiles import SampleTiles
from ganstudio.ui.widgets.term_tiles import SlotTiles, slot_colour

LEAST = QSize(340, 190)
WORDY = 300
"""Pixels of height with room for the words below the sum."""
LARGER = 1.15
"""Size of the words below the sum, relative to the panel's font."""
INVITATION = "Fill {slots}: click samples below, or drop them from any grid. The result is {sum}."
SUM = "G(mean A − mean B + mean C)"


class ArithmeticPanel(ExploringPanel):
    """Works on any weights there are, on images and on points."""

    name: ClassVar[str] = "arithmetic"
    title: ClassVar[str] = "Arithmetic"
    description: ClassVar[str] = "A − B + C with means of samples, and the difference kept as a named direction"
    keys: ClassVar[dict[str, str]] = {
        "R": "Other samples to pick from",
        "1 · 2 · 3": "Put the sample under the mouse, or the chosen one, into A · B · C; with none, fill it next",
        "Click or Enter": "Put it into the framed slot",
        "Delete": "Remove the sample; on a mean, all samples of the slot",
        "Shift+Delete": "Empty all slots",
        "X": "Exchange A and B",
        "N": "Other noise about the result",
        "K": "Keep A − B as a named direction",
        "E or double click": "Explore the sample in Directions",
        "Ctrl+Z · Ctrl+Shift+Z or Alt+← · Alt+→": "Take back · do again",
        "← → ↑ ↓": "Choose a sample",
        "Ctrl+C · Ctrl+V": "Copy the sample with its z · put copied ones into the framed slot",
    }
    order: ClassVar[int] = 52

    def __init__(self, studio: Studio):
        super().__init__(studio)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # its keys act while it has the focus
        self.explorer = studio.explorer
        self.summing = Summing(studio, self.name)
        self.bar = ArithmeticBar(self, self.summing)
        self.equation = Equation()
        self.slots = self.equation.slots
        self.pool = PoolTiles()
        self._filling = 0
        self._clicked = -1  # sample of the pool that a click has just put somewhere: a double click takes that back
        self._build()
        self._connect()
        self._add_keys()
        OwnUndo(self, self.summing.back, self.summing.forward)
        self._waiting = Waiting(studio, self.equation.say, "The generator is being copied…")
        self._show_terms()

    # building

    def _build(self) -> None:
        self.reading = QLabel()
        self.reading.setWordWrap(True)
        self.reading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(4)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        layout.addWidget(self.bar)
        layout.addWidget(self.equation, 1)
        layout.addWidget(self.reading)
        layout.addWidget(self.pool)

    def minimumSizeHint(self) -> QSize:
        return LEAST

    def _connect(self) -> None:
        studio, summing = self.studio, self.summing
        summing.changed.connect(self._show_terms)
        summing.summed.connect(self._show_sum)
        summing.drawn.connect(self._show_pool)
        summing.failed.connect(self._show_failure)
        summing.refused.connect(studio.message)
        self.bar.named.connect(self._keep)
        self.bar.left.connect(self.setFocus)
        self.explorer.live_changed.connect(lambda _: studio.ask_again(self))
        self.explorer.reopened.connect(self._reopened)
        for tiles in self.slots:
            tiles.accept(studio.trouble.emit)
            tiles.clicked.connect(lambda _, slot=tiles.slot: self.fill(slot))
            tiles.focused.connect(lambda slot=tiles.slot: self.fill(slot))
            tiles.removed.connect(lambda tile, slot=tiles.slot: self._remove(slot, tile))
            tiles.dropped.connect(lambda parcel, slot=tiles.slot: self.receive(slot, parcel))
        for tiles in self._tiles():
            tiles.double_clicked.connect(lambda tile, tiles=tiles: self._explore(tiles, tile))
        self.pool.clicked.connect(self._pick)

    def _add_keys(self) -> None:
        keys: dict[str, Callable[[], object]] = {
            "E": lambda: self._explore(*self._current()),
            "Del": self._delete,
            "Ctrl+C": self._copy,
            "Ctrl+V": self._paste,
            **{str(slot + 1): lambda slot=slot: self._send(slot) for slot in range(3)},
        }
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _tiles(self) -> list[SampleTiles]:
        return [*self.equation.parts, self.pool]

    # what a person does

    def receive(self, slot: int, parcel: Parcel) -> None:
        """Put samples that were dropped or pasted into A, B or C (0…2)."""
        if self.summing.receive(slot, parcel):
            self._move_on(slot)

    def fill(self, slot: int) -> None:
        """Have the next picks go into this slot."""
        self._filling = slot
        for tiles in self.slots:
            tiles.fill(tiles.slot == slot)

    def _pick(self, tile: int) -> None:
        """A sample of the pool into the slot that is filled."""
        if tile >= 0:
            self._clicked = -1
            if self._put(self._filling, self.pool, tile):
                self._clicked = tile

    def _put(self, slot: int, tiles: SampleTiles, tile: int) -> bool:
        if tiles.inputs is None or not self.summing.add(slot, tiles.inputs[tile : tile + 1]):
            return False
        self._move_on(slot)
        return True

    def _move_on(self, slot: int) -> None:
        """With as many samples as in the paper, go on with the next slot that has fewer."""
        counts = [len(samples) for samples in self.summing.terms.slots]
        if counts[slot] == USUAL and self._filling == slot:
            self.fill(next((later for later in (1, 2, 0) if counts[later] < USUAL), slot))

    def _current(self) -> tuple[SampleTiles | None, int]:
        """The sample under the mouse, else the chosen one where the keyboard is."""
        seen = [tiles for tiles in self._tiles() if tiles.isVisible()]
        for tiles in sorted(seen, key=lambda tiles: not tiles.underMouse()):
            if tiles.current >= 0:
                return tiles, tiles.current
        return None, -1

    def _send(self, slot: int) -> None:
        tiles, tile = self._current()
        if tiles is None:
            self.fill(slot)
        else:
            self._put(slot, tiles, tile)

    def _explore(self, tiles: SampleTiles | None, tile: int) -> None:
        if tiles is None or tiles.inputs is None:
            return
        if tiles is self.pool and tile == self._clicked:
            self.summing.back()  # the first click of the two
        self._clicked = -1
        self.studio.sample_chosen.emit(tiles.inputs[tile])

    def _remove(self, slot: int, tile: int) -> None:
        self.summing.do(lambda terms: terms.without(slot, tile))
        self.fill(slot)

    def _delete(self) -> None:
        tiles, tile = self._current()
        if isinstance(tiles, SlotTiles) and tiles.removable(tile):
            self._remove(tiles.slot, tile)
        elif isinstance(tiles, SlotTiles):  # its mean: all that it is the mean of
            self.summing.do(lambda terms: terms.cleared(tiles.slot))
            self.fill(tiles.slot)

    def _copy(self) -> None:
        tiles, tile = self._current()
        if tiles is None:
            tiles, tile = next((one for one in (self.equation.result, self.equation.plane) if one.total), None), -1
        parcel = None if tiles is None else tiles.parcel([tile] if tile >= 0 else list(range(tiles.total)))
        if parcel is not None:
            sample_drag.copy(parcel)
            words = "The sample is" if len(parcel) == 1 else f"{len(parcel)} samples are"
            self.studio.message.emit(f"{words} on the clipboard{', with z' if parcel.inputs is not None else ''}.")

    def _paste(self) -> None:
        try:
            parcel = sample_drag.pasted()
        except StudioError as error:
            self.studio.trouble.emit(f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return
        if parcel is None:
            self.studio.message.emit("There is no sample on the clipboard; copy one with Ctrl+C.")
        else:
            self.receive(self._filling, parcel)

    def _keep(self, name: str) -> None:
        kept = self.summing.keep(name)
        if kept is not None:
            self.bar.close_name(clear=True)
            self.studio.message.emit(f"“{kept.name}” is kept: it is among the named directions in Directions.")

    # what is shown

    def _show_terms(self) -> None:
        """Make buttons, words and frames fit the terms."""
        summing, terms = self.summing, self.summing.terms
        there = summing.prior is not None
        self.bar.show_state(there)
        self.fill(self._filling)
        self._badge_pool()
        if there:
            empty = [SLOTS[slot] for slot in range(3) if not terms.slots[slot]]
            invitation = INVITATION.format(slots=listed(empty), sum=SUM)
            if len(terms):
                self.equation.invite(invitation)
            else:
                self._waiting.over()
                self.equation.say(invitation)
        self.reading.setText(self._words())

    def _words(self) -> str:
        """What there is to know about the result."""
        terms, prior = self.summing.terms, self.summing.prior
        if prior is None or not terms.complete:
            return "Means of three samples are steadier than single ones (Radford et al. 2016, section 6.3.2)."
        length = float(np.linalg.norm(np.clip(terms.sum, -prior.limit, prior.limit)))
        words = f"|z| = {length:.1f}; samples of the prior have about {prior.std * prior.dim**0.5:.1f}."
        outside = beyond(terms.sum, prior.limit)
        if outside:
            words += (
                f" {outside} of {prior.dim} numbers lay outside the prior's ±{prior.limit:.3g} and were clipped to it."
            )
        made = self.summing.weights
        return f"{words} {made[:1].upper()}{made[1:]}." if made else words

    def _show_sum(self, terms: Any, rows: Any, samples: np.ndarray) -> None:
        self._waiting.over()
        self.equation.show_sum(terms, rows, samples)
        self.reading.setText(self._words())

    def _show_pool(self, inputs: np.ndarray, samples: np.ndarray) -> None:
        self._waiting.over()
        self.pool.show_samples(samples, inputs)
        self._badge_pool()

    def _badge_pool(self) -> None:
        """Mark the samples that stand in a slot."""
        inputs, badges = self.pool.inputs, {}
        if inputs is not None:
            tiles = {z.tobytes(): tile for tile, z in enumerate(inputs)}
            for slot, samples in enumerate(self.summing.terms.slots):
                for z in samples:
                    tile = tiles.get(z.tobytes())
                    if tile is not None:
                        badges[tile] = (SLOTS[slot], slot_colour(slot))
        self.pool.badge(badges)

    def _reopened(self) -> None:
        """Another G: nothing that is shown is its."""
        self.pool.show_samples(None, None)
        self.equation.say("")
        self._waiting.again()

    def _show_failure(self, sentence: str) -> None:
        self._waiting.over()
        self.equation.say(sentence)

    # looks

    def restyle(self) -> None:
        self.bar.restyle()
        font = self.font()
        font.setPointSizeF(LARGER * font.pointSizeF())
        self.reading.setFont(font)
        self._badge_pool()
        for widget in (self.equation, *self._tiles()):
            widget.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.reading.setVisible(self.height() >= WORDY)
        self.pool.fit(self.width(), self.height())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.summing.wake(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.summing.wake(False)


def listed(words: list[str]) -> str:
    """A, B and C."""
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)
