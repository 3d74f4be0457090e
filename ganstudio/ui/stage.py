"""The stage: one or two panels over the whole screen, in type that is read from the last row, and a clicker's keys."""

from collections.abc import Callable, Sequence
from math import inf
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCursor, QFont, QFontInfo, QKeyEvent, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QWidget

from ganstudio.experiment.scenes import scenes
from ganstudio.ui import theme
from ganstudio.ui.panel import Panel
from ganstudio.ui.perspectives import Perspective, arrange
from ganstudio.ui.widgets.blackout import Blackout
from ganstudio.ui.widgets.halo import Halo
from ganstudio.ui.widgets.stage_bar import StageBar

if TYPE_CHECKING:
    from ganstudio.ui.main_window import MainWindow

NAME = "stage"
"""Of its entry among the perspectives."""
IMAGES, LINE, PLANE = ("samples", "losses"), ("density",), ("plane", "convergence")
"""What is shown at first, by what kind of data there are."""
LETTERS = 1 / 45
"""Height of the letters as a share of the screen's: 24 pixels of 1080."""
HINT_MS = 6000
"""How long the bar stays after the pointer has moved to the lower edge, or the stage was entered."""
SURE_SECONDS = 5.0
"""Within which a key must be pressed again where that is asked for."""
SETTLE_MS, GIVEN_BACK_SECONDS = 100, 3.0
"""How long after its last resizing the window is laid out once more, and when that belongs to leaving the stage."""
EDGE = 0.94
"""From this share of the height on downwards the pointer brings up the bar."""
HINTS = {
    "PgDn · PgUp": "on · back",
    "Ctrl+PgDn · Ctrl+PgUp": "next · previous scene",
    "Space": "train or pause",
    "B": "black-out",
    "H": "halo",
    "I": "this bar",
    "Esc": "leave",
}
KEYS = {
    "PgDn · PgUp": "The scene goes on, then the next one · back, then the one before (a clicker's keys)",
    "F5": "The scene from its beginning (a clicker's key)",
    ". or B": "Black-out, and back (a clicker's key); letters keep their meaning in a panel that has the focus",
    "H": "Halo around the pointer",
    "I": "The bar with panels and keys: show it, or hide it",
    "Esc": "Leave the stage",
}
"""For the sheet of all keys."""


class Stage(QObject):
    """Takes the window over while it is ``on``, and gives it back as it stood."""

    changed = Signal(bool)
    """It was entered, or left."""

    def __init__(self, window: "MainWindow"):
        super().__init__(window)
        self._window = window
        self.on = False
        self.panels: tuple[str, ...] = ()
        """Names of those that are shown, one or two."""
        self._layout = QByteArray()
        self._font = QFont()
        self._was_full = False
        self._left_at = self._warned_at = -inf
        self._hidden: list[QWidget] = []
        self._borrowed: list[QAction] = []
        self.halo, self.blackout = Halo(window), Blackout(window)
        self.blackout.clicked.connect(self.toggle_blackout)
        names = ("scene-previous", "scene-next", "train", "stage-halo", "stage-black", "stage")
        self.bar = StageBar(window, [window.actions_by_name[name] for name in names], HINTS)
        self.bar.chosen.connect(self.show_panels)
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(HINT_MS)
        self._resting.timeout.connect(self._rest)

        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLE_MS)
        self._settling.timeout.connect(self._settle)

    # in and out

    def toggle(self) -> None:
        """Enter or leave."""
        if self.on:
            self.leave()
        else:
            self.enter()

    def enter(self, panels: Sequence[str] = ()) -> None:
        """Take the window over with these panels: by default the open scene's, or those last shown, or what fits."""
        if self.on:
            return
        window, application = self._window, QApplication.instance()
        self.on = True
        self._layout, self._font = window.saveState(), application.font()
        self._was_full = window.isFullScreen()
        self._hidden = [one for one in window.frame_parts() if not one.isHidden()]
        for part in self._hidden:
            part.hide()
        window.setWindowState(window.windowState() | Qt.WindowState.WindowFullScreen)
        # The keys of a menu bar that is hidden do nothing, unless the window has them too.
        self._borrowed = [action for action in window.all_actions() if action not in window.actions()]
        window.addActions(self._borrowed)
        self._listen(True)
        self.bar.offer({panel.name: panel.title for panel in window.panels.in_order()})
        self.fit()
        self.show_panels(panels or self._fitting())
        self._show_bar(True)
        self._resting.start()
        window.setFocus()
        self.changed.emit(True)

    def leave(self) -> None:
        """Give the window back as it stood."""
        if not self.on:
            return
        window, application = self._window, QApplication.instance()
        self.on = False
        self._listen(False)
        for part in (self.halo, self.blackout):
            part.hide()
        self._show_bar(False)
        self._show_switches()
        theme.enlarge(application, 1.0, self._font)
        if not self._was_full:
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowFullScreen)
        for part in self._hidden:
            part.show()
        for action in self._borrowed:
            window.removeAction(action)
        for name in self.panels:
            window.docks[name].setTitleBarWidget(None)
        window.restoreState(self._layout)
        self._left_at = perf_counter()
        self._settling.start()
        window.restyle()
        self.changed.emit(False)

    def _settle(self) -> None:
        if not self.on:
            self._window.restoreState(self._layout)

    def _fitting(self) -> tuple[str, ...]:
        scene = self._window.player.scene
        if scene is not None and scene.panels:
            return tuple(scene.panels[:2])
        if self.panels:
            return self.panels
        shape = self._window.shape
        if len(shape) == 1:
            return LINE if shape == [1] else PLANE
        return IMAGES

    def show_panels(self, names: Sequence[str]) -> None:
        """Show one or two panels side by side; names of no panel are passed over."""
        known = tuple(dict.fromkeys(name for name in names if name in self._window.docks))[:2]
        if not known:
            return
        self.panels = known
        columns = tuple(((name,),) for name in known)
        window = self._window
        window.panels.build(known)
        arrange(window, window.docks, Perspective(NAME, "Stage", "", columns, (1,) * len(known), ((1,),) * len(known)))
        for name, dock in window.docks.items():
            if name in known and dock.titleBarWidget() is None:
                dock.setTitleBarWidget(QWidget())  # none: the panel speaks for itself
            elif name not in known:
                dock.setTitleBarWidget(None)
        self.bar.show_panels(known)
        self._raise()

    def fit(self) -> None:
        """Type and overlays for the window's present size."""
        if not self.on:
            # The desktop gives the window its size back in its own time: then the layout is restored once more.
            if perf_counter() - self._left_at < GIVEN_BACK_SECONDS:
                self._settling.start()
            return
        height = self._window.height()
        font = QFont(self._font)
        larger = max(1.5, LETTERS * height / QFontInfo(self._font).pixelSize())
        font.setPointSizeF(larger * QFontInfo(self._font).pointSizeF())
        if abs(larger - theme.type_scale()) > 0.02:
            theme.enlarge(QApplication.instance(), larger, font)
            self._window.restyle()
        self.bar.restyle()
        self.bar.place()
        self._leave_room()
        self.halo.fit(height)
        self.blackout.setGeometry(self._window.rect())
        self._raise()

    def _raise(self) -> None:
        for part in (self.bar, self.halo, self.blackout):
            part.raise_()

    # what a speaker does

    def toggle_halo(self) -> None:
        """Show the ring around the pointer, or hide it."""
        self.halo.follow(self._window.mapFromGlobal(QCursor.pos()))
        self.halo.setVisible(self.on and self.halo.isHidden())
        self._show_switches()

    def toggle_blackout(self) -> None:
        """Black, or the picture again."""
        self.blackout.setVisible(self.on and self.blackout.isHidden())
        self._raise()
        self._show_switches()

    def toggle_bar(self) -> None:
        """Show the bar until it is asked away, or hide it."""
        self._resting.stop()
        self._show_bar(self.on and self.bar.isHidden())
        self._raise()

    def _show_bar(self, shown: bool) -> None:
        self.bar.setVisible(shown)
        self._leave_room()

    def _leave_room(self) -> None:
        """The panels end above the bar while it is there: it covers nothing."""
        room = 0 if self.bar.isHidden() else self.bar.height()
        if self._window.contentsMargins().bottom() != room:
            self._window.setContentsMargins(0, 0, 0, room)

    def _show_switches(self) -> None:
        actions = self._window.actions_by_name
        actions["stage-halo"].setChecked(not self.halo.isHidden())
        actions["stage-black"].setChecked(not self.blackout.isHidden())

    def next_scene(self, by: int = 1) -> None:
        """Open the scene after the open one in the order of a lecture; the first one where none is open."""
        names = list(scenes())
        player = self._window.player
        here = names.index(player.name) if player.name in names else (-1 if by > 0 else len(names))
        if 0 <= here + by < len(names):
            player.open(names[here + by])
        else:
            self._window.studio.message.emit("That was the last scene." if by > 0 else "That was the first scene.")

    def on_with_it(self) -> None:
        """A clicker's forward key: the scene goes on; at its end, the next one.

        Where none is open it is asked for twice: a scene takes the place of what somebody may be exploring.
        """
        player, banner = self._window.player, self._window.banner
        if player.scene is not None and not player.ended:
            player.go_on()
        elif player.scene is not None or perf_counter() - self._warned_at < SURE_SECONDS:
            banner.hide()
            self.next_scene()
        else:
            self._warned_at = perf_counter()
            banner.say("Press again to open the first scene in place of what is open now.", danger=False)

    def back(self) -> None:
        """A clicker's backward key: to the beat before; from the first, to the scene before."""
        player = self._window.player
        if player.scene is None or (player.beat <= 0 and not self._window.studio.status.step):
            self.next_scene(-1)
        else:
            player.back()

    # keys and pointer, before any panel gets them

    def _listen(self, listening: bool) -> None:
        """Hear the pointer wherever it is in the window, and the keys wherever they go.

        Not by a filter over the whole application: that one is called for objects in the making too, and crashes.
        """
        application, handle = QApplication.instance(), self._window.windowHandle()
        if listening:
            application.focusChanged.connect(self._follow_focus)
            self._follow_focus(None, application.focusWidget())
            handle.installEventFilter(self)
        else:
            application.focusChanged.disconnect(self._follow_focus)
            self._follow_focus(application.focusWidget(), None)
            self._window.removeEventFilter(self)
            handle.removeEventFilter(self)

    def _follow_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None:
            old.removeEventFilter(self)
        # Without a focus keys go to the window itself.
        (new or self._window).installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._pointer(event.globalPosition().toPoint())
        elif isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            run = self._meaning(event)
            if run is not None and QApplication.activeModalWidget() is None:
                event.accept()
                # The override comes first, and keeps the key from being a shortcut.
                if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
                    run()
                return True
        return False

    def _meaning(self, event: QKeyEvent) -> Callable[[], object] | None:
        focus = QApplication.focusWidget()
        # Who types gets what is text; the keys of a clicker, which is in another hand, are none.
        if isinstance(focus, QLineEdit | QAbstractSpinBox) and event.key() < Qt.Key.Key_Escape:
            return None
        if event.modifiers() not in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            return None
        if Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z and _means_something(focus, event.key()):
            return None
        found = {
            Qt.Key.Key_PageDown: self.on_with_it,
            Qt.Key.Key_PageUp: self.back,
            Qt.Key.Key_F5: self._window.player.replay,
            Qt.Key.Key_B: self.toggle_blackout,
            Qt.Key.Key_Period: self.toggle_blackout,
            Qt.Key.Key_H: self.toggle_halo,
            Qt.Key.Key_I: self.toggle_bar,
            Qt.Key.Key_Escape: self._escape,
        }
        return found.get(event.key())

    def _escape(self) -> None:
        if not self.blackout.isHidden():
            self.toggle_blackout()
        elif self._window.timeline.position is not None:
            self._window.timeline.go_live()
        else:
            self.leave()

    def _pointer(self, at: QPoint) -> None:
        place = self._window.mapFromGlobal(at)
        self.halo.follow(place)
        if place.y() > EDGE * self._window.height() and self.blackout.isHidden():
            self._show_bar(True)
            self._raise()
            self._resting.start()

    def _rest(self) -> None:
        """The bar goes, unless somebody is using it."""
        if self.bar.underMouse() or self.bar.isAncestorOf(QApplication.focusWidget() or self._window):
            self._resting.start()
        else:
            self._show_bar(False)


def _means_something(focus: QWidget | None, key: int) -> bool:
    """Whether a letter is a key of the panel that has the focus: there it keeps its meaning."""
    panel = focus
    while panel is not None and not isinstance(panel, Panel):
        panel = panel.parentWidget()
    if panel is None:
        return False
    keys = [one.key() for one in panel.findChildren(QShortcut)]
    keys += [one for action in panel.actions() for one in action.shortcuts()]
    return QKeySequence(key) in keys
