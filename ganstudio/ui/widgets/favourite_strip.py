"""A strip of favourite samples: thumbnails to come back to, to be named, carried elsewhere, saved and loaded."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QIcon,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.keepsakes import Favourite
from ganstudio.latent.parcel import Parcel
from ganstudio.latent.position import Position
from ganstudio.ui.studio import Studio
from ganstudio.ui.widgets.action_button import ActionButton
from ganstudio.ui.widgets.controls import button
from ganstudio.ui.widgets.sample_drag import TakesSamples, copy, image_of, pixels_of, start_drag
from ganstudio.ui.widgets.sentence import draw_sentence

if TYPE_CHECKING:
    from ganstudio.latent.requests import Prior

THUMBNAIL = 48
"""Pixels of a side."""
CELL = QSize(76, 70)
HEIGHT = 86
"""Pixels of the strip, with its scroll bar."""
EMPTY = "Samples that you keep (F) stand here"
FILES = "Favourites and named directions (*.json)"


class FavouriteStrip(QWidget):
    """The favourites in ``studio.keepsakes`` that fit the open G. ``keep`` is asked for the present sample.

    Keys in the list: ← → choose, Enter goes there, F2 renames, Delete removes, Ctrl+C copies.
    """

    chosen = Signal(object)
    """A person wants to go to this ``Favourite``."""

    def __init__(self, studio: Studio, owner: QWidget, keep: Callable[[], object]):
        super().__init__()
        self._studio, self._box = studio, studio.keepsakes
        self._prior: Prior | None = None
        self.keep = ActionButton(owner, "Keep", "star", "Keep this sample among the favourites", keep, keys="F")
        self.more = button("⋯", "More about favourites", "Save, load, rename or remove favourites", self._show_menu)
        self.list = _List(self)
        buttons = QVBoxLayout()
        buttons.setSpacing(2)
        buttons.addWidget(self.keep)
        buttons.addWidget(self.more)
        buttons.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(buttons)
        layout.addWidget(self.list, 1)
        self.setFixedHeight(HEIGHT)
        self.list.itemClicked.connect(lambda item: self._go(item))
        self.list.itemChanged.connect(self._rename)
        self._box.changed.connect(self.refresh)
        TakesSamples(self.list.viewport(), self._take_drop, refused=studio.trouble.emit)
        self.refresh()

    def set_prior(self, prior: "Prior") -> None:
        """Which z fit the open G, and how far they reach."""
        if prior != self._prior:
            self._prior = prior
            self.refresh()

    @property
    def favourites(self) -> list[Favourite]:
        """Those that are shown, from left to right."""
        return [self.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.list.count())]

    def refresh(self) -> None:
        """Show what is kept now."""
        row = self.list.currentRow()
        self.list.blockSignals(True)
        self.list.clear()
        for number, favourite in enumerate(self._box.favourites):
            if self._prior is not None and favourite.z.shape == (self._prior.dim,):
                self.list.addItem(_item(favourite, number))
        self.list.blockSignals(False)
        self.list.setCurrentRow(min(row, self.list.count() - 1))

    # what a person does

    def _go(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    def _rename(self, item: QListWidgetItem) -> None:
        favourite = item.data(Qt.ItemDataRole.UserRole)
        if item.text() != favourite.title:
            self._box.rename_favourite(favourite, item.text())

    def _take_drop(self, parcel: Parcel, at: QPoint) -> None:
        """Keep samples that are dropped here."""
        if parcel.inputs is None:
            self._studio.message.emit("That picture has no z of its own; Invert finds one for it.")
        elif self._prior is None or parcel.inputs.shape[1] != self._prior.dim:
            self._studio.message.emit("That sample belongs to another generator.")
        else:
            for number, z in enumerate(parcel.inputs):
                picture = b"" if parcel.images is None else png_of(image_of(parcel.images[number]))
                self._box.add_favourite(Favourite(z, picture=picture))

    def remove(self) -> None:
        """Let go of the one that is chosen; the window's Undo brings it back."""
        item = self.list.currentItem()
        if item is not None:
            self._box.remove_favourite(item.data(Qt.ItemDataRole.UserRole))
            self._studio.message.emit("Removed; Edit → Undo brings it back.")

    def go(self) -> None:
        """To the one that is chosen."""
        self._go(self.list.currentItem())

    def copy(self) -> None:
        """Put the one that is chosen on the clipboard."""
        parcel = self._parcel()
        if parcel is not None:
            copy(parcel)
            self._studio.message.emit("The favourite is on the clipboard: its image and its z.")

    def carry(self) -> None:
        """Let the mouse carry the one that is chosen away."""
        parcel = self._parcel()
        if parcel is not None:
            start_drag(self.list, parcel)

    def _parcel(self) -> Parcel | None:
        item = self.list.currentItem()
        if item is None or self._prior is None:
            return None
        favourite = item.data(Qt.ItemDataRole.UserRole)
        inputs = Position(favourite.z, favourite.truncation).inputs(self._prior.limit)
        image = QImage.fromData(favourite.picture)
        return Parcel(inputs, None if image.isNull() else pixels_of(image)[None])

    def save(self) -> None:
        """Ask for a file, and write all that is kept there."""
        path, _ = QFileDialog.getSaveFileName(self, "Save favourites and directions", "favourites.json", FILES)
        if path:
            self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        """Write all that is kept; says so when that cannot be."""
        try:
            self._box.save_to(path)
        except StudioError as error:
            self._studio.trouble.emit(f"{error}.")
        else:
            self._studio.message.emit(f"Saved {path}.")

    def load(self) -> None:
        """Ask for a file, and keep what it has besides."""
        path, _ = QFileDialog.getOpenFileName(self, "Load favourites and directions", "", FILES)
        if path:
            self.load_from(Path(path))

    def load_from(self, path: Path) -> None:
        """Keep what a file has besides; says so when it cannot be read."""
        try:
            count = self._box.load_from(path)
        except StudioError as error:
            self._studio.trouble.emit(f"{error}.")
        else:
            self._studio.message.emit(f"{count} more from {path.name}." if count else f"{path.name} has nothing new.")

    def _show_menu(self) -> None:
        self.menu().popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def menu(self) -> QMenu:
        """What can be done with the chosen one, and with all."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        item = self.list.currentItem()
        for words, run in (
            ("Go there\tEnter", self.go),
            ("Rename…\tF2", lambda: self.list.editItem(item)),
            ("Copy\tCtrl+C", self.copy),
            ("Remove\tDelete", self.remove),
        ):
            menu.addAction(words, run).setEnabled(item is not None)
        menu.addSeparator()
        menu.addAction("Save favourites and directions…", self.save)
        menu.addAction("Load favourites and directions…", self.load)
        return menu

    def restyle(self) -> None:
        """Follow a change of theme."""
        self.keep.restyle()


class _List(QListWidget):
    """One row of thumbnails."""

    def __init__(self, strip: FavouriteStrip):
        super().__init__()
        self._strip = strip
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setIconSize(QSize(THUMBNAIL, THUMBNAIL))
        self.setGridSize(CELL)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setDragEnabled(True)
        self.setAccessibleName("Favourites")
        self.setToolTip("Favourites: a click goes there; F2 renames, Delete removes, drag one to another panel")

    def startDrag(self, actions: Qt.DropAction) -> None:
        self._strip.carry()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._strip.menu().popup(event.globalPos())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and event.matches(QKeySequence.StandardKey.Copy):
            event.accept()  # of the favourite, not of the panel's sample
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._strip.go()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._strip.remove()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._strip.copy()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.count():
            draw_sentence(QPainter(self.viewport()), self.viewport().rect(), EMPTY)


def png_of(image: QImage) -> bytes:
    """A picture as the bytes of a PNG file."""
    buffer = QBuffer()
    image.save(buffer, "PNG")
    return buffer.data().data()


def _item(favourite: Favourite, number: int) -> QListWidgetItem:
    item = QListWidgetItem(favourite.title)
    image = QImage.fromData(favourite.picture)
    if image.isNull():
        image = QImage(1, 1, QImage.Format.Format_RGB888)
        image.fill(QColor("grey"))
    # By a whole factor where that fits, and without smoothing: pixels are what a small G has.
    item.setIcon(
        QIcon(QPixmap.fromImage(image.scaled(THUMBNAIL * 2, THUMBNAIL * 2, Qt.AspectRatioMode.KeepAspectRatio)))
    )
    item.setData(Qt.ItemDataRole.UserRole, favourite)
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
    words = favourite.title or f"Favourite {number + 1}"
    item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
    truncation = "" if favourite.truncation == 1 else f"\nTruncation ψ = {favourite.truncation:.2f}"
    item.setToolTip(f"{words}{truncation}\nA click goes there; F2 renames, Delete removes")
    return item
