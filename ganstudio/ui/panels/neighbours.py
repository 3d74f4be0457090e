"""The Neighbours panel: beside samples the training data nearest to them, and whether they are nearer than usual."""

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.neighbours import Distances, Neighbours
from ganstudio.latent.parcel import Parcel
from ganstudio.latent.requests import Answer, Draw, Prior
from ganstudio.ui.exploring_panel import ExploringPanel
from ganstudio.ui.neighbour_rows import MOST, ChangeRows, NeighbourRows, Row, RowTitle
from ganstudio.ui.neighbour_search import NeighbourSearch
from ganstudio.ui.theme import tool_buttons
from ganstudio.ui.waiting import Waiting
from ganstudio.ui.widgets import neighbour_words as words_of
from ganstudio.ui.widgets.controls import button, row
from ganstudio.ui.widgets.fitting_label import FittingLabel
from ganstudio.ui.widgets.neighbour_cells import SAMPLE, Cell
from ganstudio.ui.widgets.neighbour_view import NeighbourView
from ganstudio.ui.widgets.sample_drag import TakesSamples, copy, pasted

if TYPE_CHECKING:
    from ganstudio.probes.generator import GeneratorFrame
    from ganstudio.ui.studio import Studio

FIRST_SEED = 0
"""Of the sample that is shown before the Directions panel has one: the same that it begins with."""
NOTHING = "Drop samples or pictures here, add random ones, or follow the current sample."


class NeighboursPanel(ExploringPanel):
    """Follows the sample of the Directions panel; others are dropped or pasted into it."""

    name: ClassVar[str] = "neighbours"
    title: ClassVar[str] = "Neighbours"
    description: ClassVar[str] = "The training images or points nearest to a sample: has the generator memorised any?"
    keys: ClassVar[dict[str, str]] = {
        "← → ↑ ↓": "Choose a picture",
        "Enter or click": "See it large beside its sample, and where they differ",
        "Escape": "Back to the table",
        "Delete": "Take the sample out",
        "R": "Add a random sample",
        "E": "Explore the sample in Directions",
        "U": "Take D's features as they are now",
        "Ctrl+C · Ctrl+V": "Copy the picture · add what was copied",
    }
    order: ClassVar[int] = 55

    def __init__(self, studio: "Studio"):
        super().__init__(studio)
        self.explorer = studio.explorer
        self.search = NeighbourSearch(studio, self.name)
        self.rows = NeighbourRows()
        self.neighbours: Neighbours | None = None
        """What is shown."""
        self.distances: Distances | None = None
        self._prior: Prior | None = None
        self._dice = np.random.default_rng()
        self._close_up_of: Cell | None = None
        self._build()
        self._connect()
        self._waiting = Waiting(studio, self.view.show_sentence, "The training data are being searched…")

    # building

    def _build(self) -> None:
        self.follow = button(
            "Current sample", "Follow the current sample", "Follow the sample in the Directions panel", self._toggle
        )
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.random = button("Random", "Add a random sample", "Add a random sample (R)", self.add_random)
        self.paste_button = button(
            "Paste", "Paste samples", "Add the samples or the picture on the clipboard (Ctrl+V)", self.paste
        )
        self.clear_button = button("Clear", "Take all samples out", "Take all but the current sample out", self.clear)
        self.status = FittingLabel()
        self.status.setAccessibleName("Whose samples these are")
        self.status.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.refresh_button = button(
            "Refresh D", "Refresh D's features", "Look through the eyes of D as it is now (U)", self.refresh
        )
        self.view = NeighbourView()
        self.table = self.view.table
        controls = row(self.follow, self.random, self.paste_button, self.clear_button, self.status, self.refresh_button)
        controls.setStretchFactor(self.status, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(controls)
        layout.addWidget(self.view, 1)
        self.restyle()
        self._show_buttons()

    def _connect(self) -> None:
        studio = self.studio
        self.explorer.answered.connect(self._take_draws)
        self.explorer.reopened.connect(self._reopened)
        self.explorer.live_changed.connect(self._live_changed)
        studio.sample_shown.connect(self._follow_sample)
        studio.neighbours_wanted.connect(self.add)
        studio.status_changed.connect(self._show_step)
        self.search.found.connect(self._take_found)
        self.search.compared.connect(self._take_compared)
        self.search.failed.connect(self._fail)
        self.search.prior_known.connect(self._take_prior)
        self.table.removed.connect(self.remove)
        self.table.menu_wanted.connect(self._menu)
        TakesSamples(self, lambda parcel, at: self.add(parcel), refused=studio.trouble.emit, pictures=True)
        for keys, run in (
            (QKeySequence("R"), self.add_random),
            (QKeySequence("E"), self.explore),
            (QKeySequence("U"), self.refresh),
            (QKeySequence(QKeySequence.StandardKey.Copy), self.copy),
            (QKeySequence(QKeySequence.StandardKey.Paste), self.paste),
        ):
            QShortcut(keys, self, run).setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # what a person does

    def add(self, parcel: Parcel) -> None:
        """Put samples into the table, each in a row; says so when there is no more room, or one does not fit."""
        if self.table.shows_points and parcel.inputs is None:
            self.studio.message.emit("These data are points: a picture has no neighbours among them.")
            return
        before = self.rows.added
        after = self.rows.with_parcel(parcel, self._prior.dim if self._prior is not None else None)
        if len(after) == MOST and len(after) < len(before) + len(parcel):
            self.studio.message.emit(f"The table has room for {MOST} samples beside the current one.")
        elif len(after) < len(before) + len(parcel):
            self.studio.message.emit("That sample belongs to another generator.")
        if len(after) > len(before):
            self._change("add samples", after)

    def add_random(self) -> None:
        """Draw a sample and add it."""
        if self.studio.experiment is not None and len(self.rows.added) < MOST:
            self.explorer.ask(Draw(int(self._dice.integers(2**63))), f"{self.name}.random")

    def paste(self) -> None:
        """Add what is on the clipboard: samples, or a picture of another program."""
        try:
            parcel = pasted(pictures=True)
        except StudioError as error:
            self.studio.trouble.emit(f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return
        if parcel is None:
            self.studio.message.emit("There is neither a sample nor a picture on the clipboard.")
        else:
            self.add(parcel)

    def copy(self) -> None:
        """Put the chosen picture on the clipboard, a sample with its z; the first sample where none is chosen."""
        cell = self.view.chosen
        if self.table.has(cell):
            copy(self.table.parcel(cell))
            what = "point’s z" if self.table.shows_points else "picture"
            self.studio.message.emit(f"The {what} is on the clipboard.")

    def remove(self, index: int) -> None:
        """Take a row out; of the current sample: follow it no longer."""
        title = self.table.titles[index] if index < len(self.table.titles) else None
        if title is not None and title.row is not None:
            self._change("take a sample out", self.rows.without(title.row))
        elif title is not None:
            self.follow.setChecked(False)
            self._toggle()

    def clear(self) -> None:
        """Take all rows but the current sample out."""
        if self.rows.added:
            self._change("take all samples out", ())

    def refresh(self) -> None:
        """Take D's features as they are now."""
        self.search.refresh()

    def explore(self) -> None:
        """Send the chosen row's sample to the Directions panel."""
        cell = self.view.chosen
        if cell.row < len(self.table.titles):
            z = self.table.titles[cell.row].z
            if z is None:
                self.studio.message.emit("This picture has no z; the Invert panel looks for one.")
            else:
                self.studio.sample_chosen.emit(z)

    def menu(self, cell: Cell) -> QMenu:
        """What can be done with a picture."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if cell.group != SAMPLE and not self.table.shows_points:
            menu.addAction("See it large\tEnter", lambda: self.view.open(cell))
            menu.addAction("Find its own neighbours", lambda: self.add(self.table.parcel(cell)))
        else:
            menu.addAction("Explore this sample\tE", lambda: (self.table.choose(cell), self.explore()))
            menu.addAction("Take it out\tDelete", lambda: self.remove(cell.row))
        menu.addSeparator()
        menu.addAction("Copy\tCtrl+C", lambda: copy(self.table.parcel(cell)))
        return menu

    def _menu(self, cell: Cell, at: QPoint) -> None:
        self.menu(cell).popup(at)

    def _change(self, words: str, after: tuple[Row, ...]) -> None:
        self.studio.undo_stack.push(ChangeRows(words, self._show_rows, self.rows.added, after))

    def _show_rows(self, rows: tuple[Row, ...]) -> None:
        self.rows.added = rows
        self.view.close_close_up()
        self._want()

    # what is searched for

    def _toggle(self) -> None:
        self.rows.following = self.follow.isChecked()
        self.view.close_close_up()
        self._want()

    def _follow_sample(self, z: np.ndarray) -> None:
        """The Directions panel shows another sample."""
        self.rows.current = np.asarray(z, np.float32)
        if self.rows.following:
            self._want()

    def _want(self) -> None:
        """Have the neighbours of all rows looked for."""
        self._show_buttons()
        if not self.isVisible():
            return
        dim = None if self._prior is None else self._prior.dim
        if self.rows.following and (self.rows.current is None or dim not in (None, len(self.rows.current))):
            self.explorer.ask(Draw(FIRST_SEED), f"{self.name}.first")
        inputs, images, titles = self.rows.asked(dim)
        self.search.want(inputs, images, titles)
        if not titles and not self.rows.following:
            self._show_nothing(NOTHING)

    def _take_draws(self) -> None:
        for answer in self.explorer.take(f"{self.name}.random"):
            if not answer.error:
                self.add(Parcel(inputs=answer.value))
        for answer in self.explorer.take(f"{self.name}.first"):
            if answer.error:
                self._fail(answer.error)
            else:
                self._follow_sample(answer.value[0])

    def _take_prior(self, prior: Prior) -> None:
        """Samples of a G with another input do not fit this one."""
        self._prior = prior
        z = [one.z for one in self.rows.added if one.z is not None]
        if any(len(one) != prior.dim for one in [*z, self.rows.current] if one is not None):
            self._want()

    # what is found

    def _take_found(self, answer: Answer, titles: list[RowTitle]) -> None:
        found, before = answer.value, self.neighbours
        titles = titles[: len(found.samples)]  # among points there are no pictures
        self._waiting.over()
        same = [one.words for one in titles] == [one.words for one in self.table.titles]
        if found.features is None and before is not None and before.features is not None and same:
            return  # what is on screen is complete, and so will be what comes soon
        self.neighbours = found
        self.status.say(answer.weights, answer.briefly)
        self.table.pending = f"D looks at the training {'points' if found.points else 'images'}…"
        self._show_step()
        self.view.show_neighbours(found, titles)
        self._show_buttons()

    def _take_compared(self, answer: Answer) -> None:
        self.distances = answer.value
        self.view.show_distances(answer.value)

    @property
    def _stale(self) -> bool:
        """Whether D has learned since its features were taken."""
        found = self.neighbours
        return found is not None and found.features is not None and found.features.step != self.studio.status.step

    def _show_step(self, _: object = None) -> None:
        """Say whose features are shown."""
        found = self.neighbours
        if found is None or not self.isVisible():
            return
        head = words_of.FEATURES if found.features is None else words_of.head_of_features(found.features, self._stale)
        heads = words_of.PLANE[found.samples.shape[1]] if found.points else words_of.PIXELS, head
        if heads != self.table.heads:
            self.table.heads = heads
            self.table.update()
            self._show_buttons()

    def _fail(self, sentence: str) -> None:
        self._waiting.over()
        self._show_nothing(f"{sentence[:1].upper()}{sentence[1:]}{'' if sentence.endswith('.') else '.'}")

    def _show_nothing(self, sentence: str) -> None:
        self.neighbours = None
        self.view.show_sentence(sentence)
        self.status.say("")
        self._show_buttons()

    def _reopened(self) -> None:
        """Another G, and perhaps other data."""
        self.search.begin_anew()
        self._prior = self.distances = None
        self._show_nothing("")
        self.view.show_distances(None)
        self._waiting.again()
        self._want()

    # the past

    def show_frame(self, frame: "GeneratorFrame") -> None:
        """Samples as G made them then; D is that of now."""
        super().show_frame(frame)
        self.search.look_again()

    def show_past(self, step: int | None) -> None:
        super().show_past(step)
        if step is None:
            self.search.look_again()

    def _live_changed(self, _: bool) -> None:
        self.studio.ask_again(self)
        self.search.look_again()

    # looks

    def _show_buttons(self) -> None:
        self.clear_button.setEnabled(bool(self.rows.added))
        self.random.setEnabled(len(self.rows.added) < MOST)
        self.refresh_button.setEnabled(self._stale)

    def restyle(self) -> None:
        style = tool_buttons("2px 8px")
        for one in (self.follow, self.random, self.paste_button, self.clear_button, self.refresh_button):
            one.setStyleSheet(style)
        self.view.restyle()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.studio.shown_z is not None:
            self.rows.current = self.studio.shown_z
        self.search.set_active(True)
        self._want()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.search.set_active(False)

    # memory

    def save_state(self) -> dict[str, Any]:
        return {"follow": self.rows.following}

    def load_state(self, state: dict[str, Any]) -> None:
        self.follow.setChecked(state.get("follow") is not False)
        self._toggle()
