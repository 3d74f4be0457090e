"""The Walk panel: a path through samples, played and filmed; and a map of G over a plane of z."""

from typing import Any, ClassVar

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QMenu, QStackedWidget, QVBoxLayout, QWidget

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.parcel import Parcel
from ganstudio.latent.paths import Path, spherical_suits
from ganstudio.ui.exploring_panel import ExploringPanel
from ganstudio.ui.studio import Studio
from ganstudio.ui.theme import tool_buttons
from ganstudio.ui.waiting import Waiting
from ganstudio.ui.walk_anchors import WalkAnchors
from ganstudio.ui.walk_map import MapPage
from ganstudio.ui.walk_page import WalkPage
from ganstudio.ui.walk_saving import WalkSaving
from ganstudio.ui.widgets import sample_drag
from ganstudio.ui.widgets.action_button import ActionButton
from ganstudio.ui.widgets.controls import button, choice, select
from ganstudio.ui.widgets.walk_player import FPS
from ganstudio.ui.widgets.wrap import WrapLayout

WAYS = (("Spherical", True), ("Linear", False))
SECONDS = (("½ s", 0.5), ("1 s", 1.0), ("2 s", 2.0), ("4 s", 4.0))


class WalkPanel(ExploringPanel):
    """Nine random points of the prior at first; then whatever is dropped or pasted, from any grid."""

    name: ClassVar[str] = "walk"
    title: ClassVar[str] = "Walk"
    description: ClassVar[str] = "A path through samples, played and filmed; and a map of G over a plane of z"
    keys: ClassVar[dict[str, str]] = {
        "R": "Other random anchors",
        "K": "Play or pause the walk",
        "J · L": "One frame back · on",
        "M": "Walk or map",
        "← → ↑ ↓": "Choose an anchor; on the map: move the handle (Shift: far)",
        "Alt+← · Alt+→": "Move the anchor in the order",
        "Delete": "Remove the anchor",
        "Ctrl+C · Ctrl+V": "Copy the sample · go through the copied ones too (on the map: move the handle there)",
        "E or Enter": "Explore the sample in Directions",
        "A": "On the map: walk through the handle's sample too",
        "+ · − · 0": "On the map: zoom, show all",
    }
    order: ClassVar[int] = 51

    def __init__(self, studio: Studio):
        super().__init__(studio)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.explorer = studio.explorer
        self.anchors = WalkAnchors(studio)
        self._spherical: bool | None = None  # None: as suits the prior
        self.walk = WalkPage(self, studio)
        self.map = MapPage(studio)
        self.saving = WalkSaving(studio, self.walk, self.anchors.load)
        self._build()
        self._connect()
        self._waiting = Waiting(studio, self._say, "The generator is being copied…")

    # building

    def _build(self) -> None:
        self.to_walk = button("Walk", "Walk", "Play a path through the anchors (M)", lambda: self.show_map(False))
        self.to_map = button("Map", "Map", "A map of G over a plane of z (M)", lambda: self.show_map(True))
        pages = QButtonGroup(self)
        for one in (self.to_walk, self.to_map):
            one.setCheckable(True)
            pages.addButton(one)
        self.to_walk.setChecked(True)
        tip = "Nine other random points of the prior"
        self.renew = ActionButton(self, "New anchors", "random", tip, self.anchors.draw, keys="R", wordy=True)
        self.renew.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.way = choice(
            "Way between anchors",
            "Spherical: z turns from anchor to anchor and keeps its length, which suits a normal prior, whose z lie\n"
            "near a sphere. Linear: straight, which suits a uniform prior, whose cube a straight line never leaves.",
            WAYS,
            self._take_way,
        )
        self.loop = QCheckBox("Closed")
        self.loop.setToolTip("Go back from the last anchor to the first")
        self.loop.setAccessibleName("Closed walk")
        self.loop.clicked.connect(self._show_path)
        tip = f"Seconds from one anchor to the next, at {FPS} frames a second"
        self.pace = choice("Speed", tip, SECONDS, self._show_path)
        select(self.pace, 1.0)
        self.save = button("Save ▾", "Save or load", "Film, strip of frames, z; or load anchors", self._show_menu)
        top = QWidget()
        row = WrapLayout(top, 6)
        row.setContentsMargins(8, 6, 8, 6)
        for part in (self.to_walk, self.to_map, self.renew, self.way, self.loop, self.pace, self.save):
            row.addWidget(part)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.walk)
        self.pages.addWidget(self.map)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(top)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.saving)
        for keys, run in (
            ("M", lambda: self.show_map(not self.on_map)),
            ("J", lambda: self._step(-1)),
            ("L", lambda: self._step(1)),
            ("E", self.explore),
            ("A", self._add_from_map),
            ("Ctrl+C", self.copy),
            ("Ctrl+V", self.paste),
        ):
            QShortcut(QKeySequence(keys), self, run).setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.restyle()

    def _connect(self) -> None:
        self.explorer.reopened.connect(self._reopened)
        self.explorer.live_changed.connect(lambda _: self.studio.ask_again(self))
        self.anchors.changed.connect(self._show_path)
        self.anchors.ready.connect(self._activate)
        self.anchors.failed.connect(self._fail)
        self.anchors.placed.connect(self.walk.strip.select)
        self.walk.began.connect(lambda: self._waiting.over())
        self.walk.failed.connect(self._fail)
        self.map.explore.connect(self.explore)
        self.map.add.connect(self._add_from_map)
        strip = self.walk.strip
        strip.refused = self.studio.trouble.emit
        strip.removed.connect(self.anchors.remove)
        strip.moved.connect(self.anchors.move)
        strip.dropped.connect(self.anchors.take)
        strip.sent.connect(self._send)
        strip.menu_wanted.connect(self._menu)

    # what a person does

    def explore(self) -> None:
        """Send the sample in view to the Directions panel, which comes up."""
        self._send(self.walk.player.position)

    def _send(self, frame: int) -> None:
        z = self.map.z if self.on_map else (self.walk.z[frame] if frame < len(self.walk.z) else None)
        if z is not None:
            self.studio.sample_chosen.emit(z.copy())
            self.studio.message.emit("The sample is in the Directions panel.")

    def _step(self, frames: int) -> None:
        if not self.on_map and self.walk.path is not None:
            self.walk.player.step(frames)

    def _add_from_map(self) -> None:
        parcel, anchors = self.map.parcel(), self.anchors.z
        if self.on_map and parcel is not None and anchors is not None:
            self.anchors.take(parcel, len(anchors), False)

    @property
    def parcel(self) -> Parcel | None:
        """What Ctrl+C copies: the chosen anchor while the strip has the keyboard, else the frame or place in view."""
        if self.on_map:
            return self.map.parcel()
        strip = self.walk.strip
        return self.walk.parcel(strip.selected * self.each if strip.hasFocus() else self.walk.player.position)

    def copy(self) -> None:
        """Put the sample in view on the clipboard, with its z."""
        parcel = self.parcel
        if parcel is not None:
            sample_drag.copy(parcel)
            self.studio.message.emit("The sample is on the clipboard, with its z.")

    def paste(self) -> None:
        """Go through the samples of the clipboard too, after the chosen anchor; on the map: bring the handle there."""
        try:
            parcel = sample_drag.pasted()
        except StudioError as error:
            self.studio.trouble.emit(f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return
        if parcel is None:
            self.studio.message.emit("There is no sample on the clipboard; copy one with Ctrl+C.")
        elif self.on_map:
            self.map.take(parcel)
        else:
            self.anchors.take(parcel, self.walk.strip.selected + 1, False)

    def show_map(self, on: bool) -> None:
        """The map, or the walk."""
        self.pages.setCurrentWidget(self.map if on else self.walk)
        (self.to_map if on else self.to_walk).setChecked(True)
        for part in (self.way, self.loop, self.pace):
            part.setEnabled(not on)
        self._activate()
        (self.map.map if on else self.walk.strip).setFocus()

    @property
    def on_map(self) -> bool:
        """Whether the map is in view."""
        return self.pages.currentWidget() is self.map

    def _show_menu(self) -> None:
        self._popup(self.saving.menu(self), self.save.mapToGlobal(self.save.rect().bottomLeft()))

    def _menu(self, frame: int, at: QPoint) -> None:
        self._popup(self.menu(frame), at)

    def _popup(self, menu: QMenu, at: QPoint) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def menu(self, frame: int) -> QMenu:
        """What can be done with a frame of the strip (−1: with none)."""
        menu, anchors = QMenu(self), self.anchors
        anchor = self.walk.strip.anchor_of(frame) if frame >= 0 else None
        if frame >= 0:
            menu.addAction("Explore in Directions\tE", lambda: self._send(frame))
            menu.addAction("Copy\tCtrl+C", lambda: sample_drag.copy(self.walk.parcel(frame)))
            menu.addSeparator()
        if anchor is not None and anchors.z is not None:
            last = len(anchors.z) - 1
            menu.addAction("Earlier\tAlt+←", lambda: anchors.move(anchor, anchor - 1)).setEnabled(anchor > 0)
            menu.addAction("Later\tAlt+→", lambda: anchors.move(anchor, anchor + 1)).setEnabled(anchor < last)
            menu.addAction("Remove\tDelete", lambda: anchors.remove(anchor))
            menu.addSeparator()
        menu.addAction("Paste\tCtrl+V", self.paste)
        menu.addAction("New anchors\tR", anchors.draw)
        return menu

    # the path

    @property
    def each(self) -> int:
        """Frames from one anchor to the next."""
        return round(FPS * self.pace.currentData())

    def _take_way(self) -> None:
        self._spherical = self.way.currentData()
        self._show_path()

    def _show_path(self) -> None:
        anchors, prior = self.anchors.z, self.anchors.prior
        if anchors is not None and prior is not None:
            select(self.way, spherical_suits(prior) if self._spherical is None else self._spherical)
            path = Path(anchors, self.way.currentData(), self.loop.isChecked())
            self.walk.show_path(path, self.each, prior.limit)
            self.map.show_path(path, prior)

    # what becomes of G

    def _fail(self, sentence: str) -> None:
        self._waiting.over()
        self._say(sentence)

    def _say(self, sentence: str) -> None:
        self.walk.say(sentence)
        self.map.say(sentence)

    def _reopened(self) -> None:
        """Another G. Anchors that a person chose stay if they fit, so that two G can be compared."""
        self.walk.set_active(False)
        self.map.set_active(False)
        if self.isVisible():
            self.anchors.ask()

    def _activate(self) -> None:
        if self.walk.path is None:
            self._show_path()
        self.walk.set_active(self.isVisible() and not self.on_map)
        self.map.set_active(self.isVisible() and self.on_map)

    # looks and memory

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 190)

    def restyle(self) -> None:
        self.renew.restyle()
        for one in (self.to_walk, self.to_map, self.save):
            one.setStyleSheet(tool_buttons("3px 10px"))
        self.walk.restyle()
        self.map.restyle()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.anchors.ask()  # G may be another one than when it was hidden; once it answers, all goes on

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.walk.set_active(False)
        self.map.set_active(False)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.saving.film.close()
        super().closeEvent(event)

    def save_state(self) -> dict[str, Any]:
        return {
            "seed": self.anchors.seed,
            "spherical": self._spherical,
            "closed": self.loop.isChecked(),
            "seconds": self.pace.currentData(),
            "end": self.walk.player.mode.currentData(),
            "map": self.on_map,
        }

    def load_state(self, state: dict[str, Any]) -> None:
        seed, spherical = state.get("seed"), state.get("spherical")
        if type(seed) is int and 0 <= seed < 2**62:
            self.anchors.seed = seed
        if spherical is None or type(spherical) is bool:
            self._spherical = spherical
        self.loop.setChecked(state.get("closed") is True)
        select(self.pace, state.get("seconds"))
        select(self.walk.player.mode, state.get("end"))
        if state.get("map") is True:
            self.show_map(True)
        self._show_path()
