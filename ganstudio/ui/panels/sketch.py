"""The Sketch panel: paint on an image what it shall look like, and G finds images of its own that do (iGAN)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QVBoxLayout

from ganstudio.latent.edits import Edits, Page
from ganstudio.latent.parcel import Parcel
from ganstudio.latent.sketching import CANDIDATES, MORPH_STEPS, FindSketched
from ganstudio.ui.edited_image import EditedImage
from ganstudio.ui.exploring_panel import ExploringPanel
from ganstudio.ui.own_undo import OwnUndo
from ganstudio.ui.sketch_morph import Morph
from ganstudio.ui.sketch_samples import SketchSamples
from ganstudio.ui.sketch_search import SketchSearch
from ganstudio.ui.studio import Studio
from ganstudio.ui.waiting import Waiting
from ganstudio.ui.widgets.easel_tools import TOOLS
from ganstudio.ui.widgets.paint_box import MOST
from ganstudio.ui.widgets.sketch_view import HOW, SketchView

COLUMNS = 4
LEAST_BESIDE = 560
"""Pixels of width from which the candidates fit beside the easel."""
LOW, LEAST_LOW = 500, 440
"""Pixels of height below which one above the other leaves both too little, and of width from which they are beside
each other then."""


class SketchPanel(ExploringPanel):
    """An easel over an image of G, and the images that G can make of what is asked for."""

    name: ClassVar[str] = "sketch"
    title: ClassVar[str] = "Sketch"
    description: ClassVar[str] = "Paint on an image, and G finds images that look like that"
    keys: ClassVar[dict[str, str]] = {
        "B E I L W": "Paint · erase · pick a colour · draw edges · drag",
        "← → ↑ ↓ · Space": "Move the brush · press it on the image",
        "[ · ] or wheel": "Smaller · larger brush",
        "C · 1 2 3 4 5 6 7 8": "Choose a colour · a recent one",
        "Ctrl+Z · Ctrl+Shift+Z": "Take back · make again",
        "Delete": "Clear the sketch",
        "Enter or click": "Choose a candidate",
        "M · Shift+M": "A step towards after · before",
        "U or double click": "Use the image: on to Directions",
        "A": "Search again with the weights of now",
        "R": "Another image to begin with",
        "Ctrl+C · Ctrl+V": "Copy · paste the image, with its z",
    }
    order: ClassVar[int] = 53

    def __init__(self, studio: Studio):
        super().__init__(studio)
        self.explorer = studio.explorer
        self.image = EditedImage(studio, self.name)
        self.search = SketchSearch(studio.explorer, self.name)
        self.morph = Morph(studio.explorer, f"{self.name}.morph")
        self.view = SketchView(
            self,
            {
                "undo": self.take_back,
                "redo": self.make_again,
                "clear": self.clear,
                "draw": self.image.draw,
                "use": self.use,
                "again": self.search_again,
            },
        )
        self.easel, self.grid, self.tools, self.box = self.view.easel, self.view.grid, self.view.tools, self.view.box
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.samples = SketchSamples(studio, self.image, self.easel, self.grid, self.parcel)
        self.samples.take_over(self)
        self._connect()
        self._set_keys()
        OwnUndo(self, self.take_back, self.make_again)
        self._show_state()
        self._waiting = Waiting(studio, self.easel.show_sentence, "The generator is being copied…")

    def _connect(self) -> None:
        self.explorer.answered.connect(self._take_answers)
        self.explorer.reopened.connect(self._reopened)
        self.explorer.live_changed.connect(lambda _: self.studio.ask_again(self))
        self.image.turned.connect(self._turn)
        self.image.painted.connect(self._show_picture)
        self.image.failed.connect(self._say)
        self.search.changed.connect(self._show_candidates)
        self.morph.made.connect(self._show_picture)
        easel, grid, view = self.easel, self.grid, self.view
        easel.begun.connect(self._begin_gesture)
        easel.edited.connect(self._edit)
        easel.ended.connect(self._end_gesture)
        easel.given_up.connect(self._give_up)
        easel.picked.connect(self._pick)
        self.box.chosen.connect(self._take_colour)
        self._take_colour(self.box.colour)
        view.morph.moved.connect(lambda _: self._show_picture())
        view.weighed.connect(self._search)
        grid.clicked.connect(self.choose)
        grid.double_clicked.connect(lambda _: self.use())
        grid.told.connect(self.studio.message)
        grid.caption = self._caption
        grid.samples.inputs = self._inputs

    def _set_keys(self) -> None:
        keys: dict[str, Callable[[], object]] = {
            "C": self.box.ask,
            "[": lambda: self.easel.resize_brush(-1),
            "]": lambda: self.easel.resize_brush(1),
            "M": lambda: self._step_morph(1),
            "Shift+M": lambda: self._step_morph(-1),
        }
        keys |= {key: lambda name=name: self.tools.choose(name) for name, (_, key, _) in TOOLS.items()}
        keys |= {str(index + 1): lambda index=index: self.box.choose_recent(index) for index in range(MOST)}
        for key, run in keys.items():
            QShortcut(QKeySequence(key), self, run).setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # edits

    @property
    def page(self) -> Page | None:
        """What is edited and what is asked of it; None while there is no image."""
        return self.image.page

    def _begin_gesture(self) -> None:
        if self.image.sheet is not None:
            self.image.sheet.begin()

    def _edit(self, edits: Edits) -> None:
        if self.image.sheet is not None:
            self.image.sheet.put(replace(self.image.sheet.page, edits=edits))
            self._search()

    def _end_gesture(self) -> None:
        if self.easel.tool == "paint":
            self.box.keep()
        self._show_state()

    def _give_up(self) -> None:
        if self.image.sheet is not None:
            self.image.sheet.cancel()
            self._show_edits()

    def take_back(self) -> None:
        """Undo the last stroke, or the last change of the image."""
        if not self.easel.give_up() and not self.image.step(forward=False):
            self._show_edits()

    def make_again(self) -> None:
        """Redo what was taken back."""
        if not self.easel.give_up() and not self.image.step(forward=True):
            self._show_edits()

    def clear(self) -> None:
        """Ask for nothing any more."""
        sheet = self.image.sheet
        if sheet is not None and not sheet.page.edits.empty:
            sheet.begin()
            sheet.put(replace(sheet.page, edits=Edits.none(*sheet.page.edits.shape)))
            self._show_edits()

    def _show_edits(self) -> None:
        """Other edits of the same image."""
        if self.page is not None:
            self.easel.show_edits(self.page.edits)
            self._search()

    def _take_colour(self, colour: np.ndarray) -> None:
        self.easel.colour = colour

    def _pick(self, colour: np.ndarray) -> None:
        self.box.take(colour)
        self.tools.choose("paint")

    # the search

    def _search(self) -> None:
        """Search for what is asked for, if anything is."""
        page = self.page
        if page is not None and self.isVisible():
            if page.edits.empty and page.picture is None:
                self.search.forget()
            else:
                self.search.ask(page, self.view.weights)
        self._show_state()

    def search_again(self) -> None:
        """Search with the weights that G has now, from the candidates that there are."""
        self._search()

    def choose(self, rank: int) -> None:
        """Show this candidate in place of the image."""
        self.view.morph.show_value(MORPH_STEPS)
        self.search.choose(rank)

    def use(self) -> None:
        """Send the image that is shown to the Directions panel, and edit that one from now on."""
        z, page = self.z, self.page
        if z is not None and page is not None and self.search.candidates is not None:
            self.image.put(Page(Edits.none(*page.edits.shape), z.copy()), follows=True)
            self.studio.sample_chosen.emit(z.copy())
            self.studio.message.emit("The image is in the Directions panel.")

    # what is shown

    @property
    def z(self) -> np.ndarray | None:
        """(dim,) float32: the input of the image on the canvas; None when it has none."""
        chosen, page = self.search.chosen, self.page
        if chosen is None:
            return None if page is None else page.z
        if self._on_the_way and self.morph.inputs is not None:
            return self.morph.inputs[self.view.morph.value]
        return chosen[0]

    @property
    def _on_the_way(self) -> bool:
        """Whether the slider stands before the candidate."""
        return self.page is not None and self.page.z is not None and self.view.morph.value < MORPH_STEPS

    def _turn(self) -> None:
        """The page is about another image."""
        page = self.page
        if page is None:
            return
        self._waiting.over()
        self.box.set_channels(page.edits.shape[2])
        self.view.morph.show_value(MORPH_STEPS)
        self.search.forget()
        self._show_picture()
        self._show_edits()

    def _show_picture(self) -> None:
        """The canvas shows the candidate, the image before it, or one between them."""
        shown = self._shown()
        if shown is not None:
            self._waiting.over()
            self.easel.show_picture(shown)
        self._show_state()

    def _shown(self) -> np.ndarray | None:
        chosen, page, prior = self.search.chosen, self.page, self.image.prior
        if chosen is None or page is None:
            return self.image.pixels
        if not self._on_the_way or page.z is None or prior is None:
            return chosen[1]
        self.morph.between(page.z, chosen[0], prior)
        return chosen[1] if self.morph.images is None else self.morph.images[self.view.morph.value]

    def _step_morph(self, steps: int) -> None:
        if self.view.morph.isEnabled():
            self.view.morph.slider.setValue(self.view.morph.value + steps)

    def _show_candidates(self) -> None:
        found = self.search.candidates
        if found is None:
            self.grid.show_sentence(HOW)
        else:
            from ganstudio.probes.tiles import TileGrid  # torch is in: there is an answer

            tiles = TileGrid(len(found.images), *found.images.shape[1:3], COLUMNS)
            tiles.put(0, found.images)
            self.grid.show_tiles(tiles.published())
            self.grid.mark(frozenset({self.search.rank}))
        self._show_picture()

    def _caption(self, tile: int) -> str:
        found = self.search.candidates
        if found is None or tile >= len(found.errors):
            return ""
        return f"{tile + 1} of {len(found.errors)}  ·  error {found.errors[tile]:.3f}"

    def _inputs(self, tiles: list[int]) -> np.ndarray | None:
        found = self.search.candidates
        return None if found is None else found.inputs[tiles]

    def _show_state(self) -> None:
        """Make buttons and words say what is possible and what is going on."""
        sheet, found, view = self.image.sheet, self.search.candidates, self.view
        view.undo.set_enabled(sheet is not None and sheet.can_undo)
        view.redo.set_enabled(sheet is not None and sheet.can_redo)
        view.clear.set_enabled(sheet is not None and not sheet.page.edits.empty)
        view.fresh.set_enabled(sheet is not None)
        view.use.set_enabled(found is not None)
        view.again.set_enabled(found is not None)
        view.morph.setEnabled(found is not None and sheet is not None and sheet.page.z is not None)
        view.status.setText(self._sentence())

    def _sentence(self) -> str:
        search = self.search
        if self.image.sheet is None:
            return ""
        if search.share < 1:
            return f"Searching… {search.share:.0%}" + (f"   ·   {search.said}" if search.said else "")
        if search.candidates is not None:
            count = len(search.candidates.images)
            few = f"G finds only {count} different image{'s' * (count > 1)}   ·   " if count < CANDIDATES else ""
            return f"{few}Found in {search.candidates.iterations} iterations   ·   {search.said}"
        source = "the sample in Directions" if self.image.follows else "an image that came here"
        return search.said or f"On the canvas: {source}"

    def _say(self, sentence: str) -> None:
        """There is nothing to edit."""
        self._waiting.over()
        self.search.forget()
        self.easel.show_sentence(sentence)
        self.grid.show_sentence("")
        self._show_state()

    # what the explorer tells

    def _take_answers(self) -> None:
        for answer in self.explorer.take(self.morph.client):
            self.morph.take(answer)
        for answer in self.explorer.take(self.name):
            if isinstance(answer.asked.request, FindSketched):
                self.search.take(answer)
            else:
                self.image.take_answer(answer)

    def _reopened(self) -> None:
        self.search.forget()
        self.morph.forget()
        self._waiting.again()
        self.image.reopen()

    def parcel(self) -> Parcel | None:
        """The image on the canvas, with its z where it has one."""
        if self.page is None:
            return None
        z = self.z
        return Parcel(None if z is None else z[None], self.easel.picture[None])

    # keys, looks and memory

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # What had the keyboard had no use for it.
        if event.matches(QKeySequence.StandardKey.Copy):
            self.samples.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.samples.paste()
        elif event.key() == Qt.Key.Key_Delete:
            self.clear()
        else:
            super().keyPressEvent(event)

    def restyle(self) -> None:
        self.view.restyle()

    def minimumSizeHint(self) -> QSize:
        return QSize(340, 350)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        least = LEAST_LOW if self.height() < LOW else LEAST_BESIDE
        self.view.arrange(beside=self.width() >= max(least, self.height()))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.image.awake = True
        self.explorer.follow(self.name, True)
        self.image.begin()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.image.awake = False
        self.explorer.follow(self.name, False)
        self.search.stop()
        self._show_state()

    def save_state(self) -> dict[str, Any]:
        return self.view.save_state()

    def load_state(self, state: dict[str, Any]) -> None:
        self.view.load_state(state)
