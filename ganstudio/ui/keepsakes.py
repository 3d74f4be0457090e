"""Favourites and named directions of the open generator, as the window's panels see them; kept by themselves."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.keepsakes import Favourite, Keepsakes, NamedDirection, free_name
from ganstudio.runs.shelf import Shelf, read_keepsakes, shelf_of, write_keepsakes
from ganstudio.training.events import Event

if TYPE_CHECKING:
    from ganstudio.ui.studio import Studio

MERGE_SECONDS = 1.0
"""Changes of one strength that follow each other faster than this are undone as one."""
NO_PLACE = "Kept while this window is open: fresh weights have no run yet. Train, and it is saved with the run."


class KeepsakeBox(QObject):
    """Whatever changes is written at once, and can be undone as an edit is (Ctrl+Z).

    They belong to the weights: to the run that is open, else to the model file that was opened. Keepsakes of weights
    without either are written as soon as these have a run. Their z need not be as long as that of the open generator.
    """

    changed = Signal()
    """Something is kept, gone or called otherwise; or another generator is open, with its own."""

    def __init__(self, studio: "Studio"):
        super().__init__(studio)
        self._studio = studio
        self._kept = Keepsakes()
        self._shelf: Shelf | None = None
        self._folder: Path | None = None
        self._told = False  # that there is no place
        self.opening = 0
        """Counts the generators that were opened."""
        studio.event.connect(self._follow)

    @property
    def favourites(self) -> list[Favourite]:
        """In the order in which they came."""
        return list(self._kept.favourites)

    @property
    def directions(self) -> list[NamedDirection]:
        """In the order in which they came; their names differ."""
        return list(self._kept.directions)

    @property
    def file(self) -> Path | None:
        """Where they are kept; None while there is no place."""
        return self._shelf.file if self._shelf is not None else None

    # what a person does

    def add_favourite(self, favourite: Favourite) -> None:
        """Keep a sample; says so when there are too many."""
        try:
            after = replace(self._kept, favourites=(*self._kept.favourites, favourite))
        except StudioError as error:
            self._studio.trouble.emit(f"{error}.")
            return
        self._change("keep a sample", after)

    def remove_favourite(self, favourite: Favourite) -> None:
        """Keep one of ``favourites`` no longer; nothing when it is none of them."""
        rest = tuple(one for one in self._kept.favourites if one is not favourite)
        if len(rest) < len(self._kept.favourites):
            self._change("remove a favourite", replace(self._kept, favourites=rest))

    def rename_favourite(self, favourite: Favourite, title: str) -> None:
        """Give one of ``favourites`` another title."""
        titled = replace(favourite, title=free_name(title, ()))
        found = tuple(titled if one is favourite else one for one in self._kept.favourites)
        self._change("rename a favourite", replace(self._kept, favourites=found))

    def add_direction(self, direction: NamedDirection) -> NamedDirection:
        """Keep a direction. Answers it as it is kept: with a number in its name where that is taken."""
        self._change(f"keep “{direction.name}”", self._kept.with_direction(direction))
        return self._kept.directions[-1]

    def remove_direction(self, name: str) -> None:
        """Keep a direction no longer; nothing when there is none of this name."""
        rest = tuple(one for one in self._kept.directions if one.name != name)
        if len(rest) < len(self._kept.directions):
            self._change(f"remove “{name}”", replace(self._kept, directions=rest))

    def rename_direction(self, name: str, new: str) -> None:
        """Call a direction otherwise. Raises ``StudioError`` for no name, or one that is taken."""
        new = free_name(new, ())
        if new == name:
            return
        if any(one.name == new for one in self._kept.directions):
            raise StudioError(f"there is a direction called “{new}” already", "name")
        self._change(f"call it “{new}”", self._with(name, lambda one: replace(one, name=new)))

    def set_strength(self, name: str, strength: float) -> None:
        """How far along it z moves for its attribute to come about; each call is written, so not for every move."""
        changed = self._with(name, lambda one: replace(one, strength=strength))
        self._change(f"strength of “{name}”", changed, gesture=name)

    def _with(self, name: str, change: Callable[[NamedDirection], NamedDirection]) -> Keepsakes:
        found = tuple(change(one) if one.name == name else one for one in self._kept.directions)
        return replace(self._kept, directions=found)

    def save_to(self, path: Path) -> None:
        """Write all of it to a file of its own. Raises ``StudioError`` naming it when that cannot be."""
        write_keepsakes(path, self._kept)

    def load_from(self, path: Path) -> int:
        """Keep what a file has besides, and answer how many that are. Raises ``StudioError`` naming a damaged file."""
        merged = self._kept.merged(read_keepsakes(path))
        more = len(merged) - len(self._kept)
        if more:
            self._change(f"load {path.name}", merged)
        return more

    # keeping

    def _change(self, text: str, after: Keepsakes, gesture: str = "") -> None:
        if self._shelf is None and not self._told:
            self._told = True
            self._studio.message.emit(NO_PLACE)
        self._studio.undo_stack.push(_Change(self, text, self._kept, after, gesture))

    def put(self, kept: Keepsakes, opening: int) -> None:
        """Have exactly this; nothing when another generator has been opened since."""
        if opening == self.opening:
            self._kept = kept
            self._write()
            self.changed.emit()

    def _write(self) -> None:
        if self._shelf is None:
            return
        try:
            self._kept = self._shelf.write(self._kept)
        except StudioError as error:
            self._studio.trouble.emit(f"Favourites and directions are not saved: {error}.")

    def _follow(self, event: Event) -> None:
        if event.kind == "opened":
            self._open()
        elif event.kind == "saved" and self._studio.runs.folder not in (None, self._folder):
            self._move()

    def _open(self) -> None:
        """Other weights are open."""
        studio = self._studio
        self._folder, self._told = studio.runs.folder, False
        self.opening += 1
        self._shelf = shelf_of(studio.run, self._folder, studio.runs.place)
        self._kept = Keepsakes()
        try:
            if self._shelf is not None:
                self._kept = self._shelf.read()
        except StudioError as error:
            studio.trouble.emit(f"Favourites and directions cannot be read. {error}.")
        self.changed.emit()

    def _move(self) -> None:
        """The weights have got a run of their own: what was kept goes with them."""
        self._folder = self._studio.runs.folder
        self._shelf = shelf_of(None, self._folder, self._studio.runs.place)
        if len(self._kept):
            self._write()


class _Change(QUndoCommand):
    """From what to what."""

    def __init__(self, box: KeepsakeBox, text: str, before: Keepsakes, after: Keepsakes, gesture: str):
        super().__init__(text)
        self._box, self._opening = box, box.opening
        self._before, self._after, self._gesture = before, after, gesture
        self._time = monotonic()

    def redo(self) -> None:
        self._box.put(self._after, self._opening)

    def undo(self) -> None:
        self._box.put(self._before, self._opening)

    def id(self) -> int:
        """Changes of the same strength may merge."""
        return hash(("keepsake", self._gesture)) & 0x7FFFFFFF if self._gesture else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        assert isinstance(other, _Change)
        if other._gesture != self._gesture or other._time - self._time > MERGE_SECONDS:
            return False
        self._after, self._time = other._after, other._time
        return True
