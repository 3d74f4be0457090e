"""The main window: what stands in it, and what a person does with it."""

from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QIcon, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QMenu,
    QMessageBox,
    QTabWidget,
    QWidget,
)

from ganstudio import __version__
from ganstudio.experiment import files as experiment_files
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.resources import resource
from ganstudio.runs.reel import BUDGET, Reel
from ganstudio.ui import actions, memory, menus, theme
from ganstudio.ui.bridge import Bridge
from ganstudio.ui.files import Files
from ganstudio.ui.locating import Locating
from ganstudio.ui.panel import Panel
from ganstudio.ui.panel_set import PanelSet
from ganstudio.ui.perspectives import arrange, perspective
from ganstudio.ui.press import EnterPresses
from ganstudio.ui.recording import Recording
from ganstudio.ui.resting import Resting
from ganstudio.ui.scenes import ScenePlayer
from ganstudio.ui.settings import Settings
from ganstudio.ui.stage import KEYS as STAGE_KEYS
from ganstudio.ui.stage import Stage
from ganstudio.ui.studio import Studio
from ganstudio.ui.telling import Telling
from ganstudio.ui.timeline import Timeline
from ganstudio.ui.widgets import timeline
from ganstudio.ui.widgets.banner import Banner
from ganstudio.ui.widgets.keys import KeySheet
from ganstudio.ui.widgets.palette import CommandPalette
from ganstudio.ui.widgets.scene_bar import SceneBar
from ganstudio.ui.widgets.status_bar import StudioStatusBar
from ganstudio.ui.widgets.timeline_bar import TimelineBar


class MainWindow(QMainWindow):
    """Everything on screen. ``studio`` is what it shows; it holds no state of the training itself."""

    def __init__(self, studio: Studio, settings: Settings, runs_folder: Path):
        super().__init__()
        self.studio, self.settings, self.runs_folder = studio, settings, runs_folder
        studio.runs.place = runs_folder
        self.files = Files(self)
        self.shape: list[int] = []
        """Of one sample of the open data: (C, H, W), or (D,) for points."""
        self.fitting = False
        self.preset = ""
        """Name of the shipped preset that is open; empty for other experiments."""
        self.last_run = ""
        """Folder of the open trainer's newest save, or of the run it goes on from; empty before the first."""
        self._menus: dict[str, QMenu] = {name: self.menuBar().addMenu(name) for name in menus.MENUS}
        self.setWindowTitle("GAN Studio")
        self.setMinimumSize(960, 600)
        self.resize(1600, 1000)
        self.setAcceptDrops(True)
        # Else the first list of the toolbar has the keyboard at the start, and arrows would change it.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocus()
        self.setDockNestingEnabled(True)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setStatusBar(StudioStatusBar())
        self.banner = Banner(self)
        self.actions_by_name = actions.build(self)
        self.training_bar, self.perspectives = menus.fill_toolbar(self)
        menus.fill_scene_menu(self)
        self.player = ScenePlayer(self)
        self.scene_bar = SceneBar(self.player)
        self.addToolBarBreak()
        self.addToolBar(self.scene_bar)
        self.panels = PanelSet(studio, settings.get("panels", dict, {}), self._place)
        self.docks = {name: self._dock(name) for name in self.panels}
        reel = Reel(settings.get("reel_mb", int, BUDGET // 2**20) * 2**20)
        self.bridge = Bridge(studio, self.panels.built, reel=reel)
        self.timeline = Timeline(studio, self.bridge.past)
        self.timeline_bar = TimelineBar(self.timeline, self.actions_by_name)
        self.addToolBar(Qt.ToolBarArea.BottomToolBarArea, self.timeline_bar)
        self.banner.above = self.timeline_bar
        self.recording = Recording(self)
        self.stage = Stage(self)
        self.recent = menus.RecentMenu(self)
        self.enter = EnterPresses(self)
        self._connect()
        self.telling, self.resting, self.locating = Telling(self), Resting(self), Locating(self)
        self.restyle()
        memory.restore(self)
        self.scene_bar.hide()  # of a scene that was open at the last close

    # building

    def frame_parts(self) -> list[QWidget]:
        """What stands around the panels and a scene's caption."""
        return [self.menuBar(), self.training_bar, self.statusBar(), self.timeline_bar]

    def menu(self, name: str) -> QMenu:
        """A menu of the menu bar."""
        return self._menus[name]

    def _dock(self, name: str) -> QDockWidget:
        dock = QDockWidget(self)
        dock.setObjectName(f"dock-{name}")
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
        return dock

    def _place(self, panel: Panel) -> None:
        """Put a new panel into its dock. Behind another's tab it is hidden, so that it neither asks nor follows."""
        policy = panel.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # its tab may come up without moving the panels around it
        panel.setSizePolicy(policy)
        dock = self.docks[panel.name]
        dock.setWindowTitle(panel.title)
        dock.setToolTip(panel.description)
        dock.setWidget(panel)
        dock.visibilityChanged.connect(panel.setVisible)
        panel.restyle()

    def start_session(self) -> None:
        """Build what the first paint did without, the panels that are not in view, and start the worker."""
        self.panels.build(self.docks)
        menus.fill_view_menu(self)
        self.studio.session.start()

    def _connect(self) -> None:
        studio = self.studio
        studio.sample_chosen.connect(lambda _: self.bring_up("latent"))
        studio.neighbours_wanted.connect(lambda _: self.bring_up("neighbours"))
        studio.preset_chosen.connect(self._choose_preset)
        studio.runs.compare_wanted.connect(lambda _: self.bring_up("compare"))
        studio.path_chosen.connect(self.files.open_path)
        self.stage.changed.connect(self.actions_by_name["stage"].setChecked)
        studio.action_wanted.connect(lambda name: self.actions_by_name[name].trigger())
        studio.undo_stack.canUndoChanged.connect(self.actions_by_name["undo"].setEnabled)
        studio.undo_stack.canRedoChanged.connect(self.actions_by_name["redo"].setEnabled)
        for name in ("undo", "redo"):
            self.actions_by_name[name].setEnabled(False)

    # what a person does

    def open_experiment(self, experiment: Experiment, run: Path | None = None, preset: str = "") -> None:
        """Open an experiment; ``preset`` names it when it is a shipped one."""
        self.player.leave()
        self.begin(experiment, run, preset)

    def begin(self, experiment: Experiment, run: Path | None = None, preset: str = "") -> None:
        """Open an experiment, also one that a scene plays."""
        self.preset = preset
        self.actions_by_name["pretrained"].setChecked(run is not None and run == self.model(preset))
        self.studio.open(experiment, run)
        self.telling.show_choices()

    def open_preset(self, name: str, pretrained: bool = False) -> None:
        """Open a shipped preset, with fresh or with the shipped weights."""
        try:
            experiment = experiment_files.preset(name)
        except StudioError as error:
            self.banner.say(str(error))
            return
        model = self.model(name)
        self.open_experiment(experiment, model if pretrained and model.is_file() else None, name)

    def _choose_preset(self, name: str) -> None:
        """Open a preset that a person has chosen, and show the panels for its kind of data."""
        self.fitting = True
        self.open_preset(name)

    def show_fitting(self, shape: list[int]) -> None:
        """Data of this shape are open. Points (D,) are seen in Theory: go there once, and offer the way back."""
        before, chosen = self._fits(), self.fitting
        self.fitting, self.shape = False, shape
        in_train = self.perspectives.currentData() == "train"
        if len(shape) == 1 and chosen and in_train and not self.settings.get("points_in_train", bool, False):
            self.show_perspective("theory")
            words = "These data are points, so the panels are those of the Theory perspective now."
            self.banner.say(words, {"Back to Train": self._points_in_train}, danger=False)
        if before != self._fits():  # else the tab that a person has chosen stays in front
            self._raise_fitting()

    def _raise_fitting(self) -> None:
        """Of the tabs of Theory and Explore, show the one for the open data."""
        self.bring_up(self._fits())

    def _fits(self) -> str:
        """The panel that shows the open data, where the perspective has one for each kind; else an empty string."""
        arranged = self.perspectives.currentData()
        if len(self.shape) == 1 and arranged in ("theory", "explore"):
            return "density" if self.shape == [1] else "plane"
        return "samples" if len(self.shape) > 1 and arranged == "explore" else ""

    def _points_in_train(self) -> None:
        self.settings.set("points_in_train", True)
        self.show_perspective("train")

    @staticmethod
    def model(preset: str) -> Path:
        """Where the shipped weights of a preset lie, if there are any."""
        return resource("models", f"{preset}.safetensors")

    def toggle_pretrained(self) -> None:
        """Open the preset again, with the shipped weights or with fresh ones."""
        if self.preset:
            self.open_preset(self.preset, self.actions_by_name["pretrained"].isChecked())

    def restart(self) -> None:
        """Begin again from the seed."""
        if self.player.scene is not None:
            self.player.replay()
            return
        self.actions_by_name["pretrained"].setChecked(False)
        self.studio.restart()

    def show_perspective(self, name: str) -> None:
        """Arrange the panels for a purpose."""
        self.stage.leave()
        chosen = perspective(name)
        self.panels.build(chosen.panels)
        arrange(self, self.docks, chosen)
        self.perspectives.setCurrentIndex(self.perspectives.findData(chosen.name))
        self._raise_fitting()
        self.banner.raise_()

    def show_duel(self) -> None:
        """The Duel panel over the whole window, ready for the next key."""
        self.show_perspective("duel")
        self.panels["duel"].come_up()

    def reset_layout(self) -> None:
        """Put the panels of the chosen perspective back in place."""
        self.show_perspective(self.perspectives.currentData())

    def set_theme(self, choice: theme.Choice) -> None:
        """Light, dark, or as the system has it."""
        self.settings.set("theme", choice)
        theme.apply(QApplication.instance(), choice)
        self.restyle()

    def switch_theme(self) -> None:
        """To the other theme."""
        self.set_theme("light" if theme.is_dark() else "dark")

    def bring_up(self, panel: str) -> None:
        """Show a panel, in front of its tabs; nothing where there is none of that name."""
        if panel in self.docks:
            self.docks[panel].show()
            self.docks[panel].raise_()
            self.banner.raise_()

    def show_runs(self) -> None:
        """Bring up the runs, with the keyboard in their table."""
        self.bring_up("runs")
        self.panels["runs"].setFocus()

    def toggle_full_screen(self) -> None:
        """In and out of full screen."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def all_actions(self) -> list[QAction]:
        """Every action of the menus."""
        return [action for menu in self._menus.values() for action in menu.actions() if not action.isSeparator()]

    def show_palette(self) -> None:
        """The command palette, in the upper middle."""
        box = CommandPalette([action for action in self.all_actions() if action.menu() is None], self)
        box.move(self.mapToGlobal(self.rect().center()).x() - box.width() // 2, self.mapToGlobal(self.pos()).y() + 90)
        box.show()

    def show_keys(self) -> None:
        """All keys on one sheet."""
        panels = {panel.title: panel.keys for panel in self.panels.in_order() if panel.keys}
        panels |= {"Timeline bar": timeline.KEYS, "Stage": STAGE_KEYS}
        KeySheet({name: menu.actions() for name, menu in self._menus.items()}, panels, self).open()

    def show_about(self) -> None:
        """Version and licences."""
        QMessageBox.about(
            self,
            "About GAN Studio",
            f"<h3>GAN Studio {__version__}</h3><p>Train generative adversarial networks live, and change the game "
            "while it is played.</p><p>MIT licence. The data sets keep their own licences, listed in "
            f"<code>{resource('datasets', 'LICENSES.md')}</code>.</p>",
        )

    # looks and the end

    def restyle(self) -> None:
        """Follow a change of theme or type size."""
        self.setWindowIcon(QIcon(str(resource("icons", "app.svg"))))
        actions.tint(self.actions_by_name)
        self.scene_bar.restyle()
        self.timeline_bar.restyle()
        self.statusBar().restyle()
        self.banner.restyle()
        self.stage.bar.restyle()
        self.bridge.past.restyle()
        for panel in self.panels.built:
            panel.restyle()
        self.telling.show_choices()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.banner.place()
        menus.fit_toolbar(self, self.width())
        self.scene_bar.fit(self.height())
        self.timeline_bar.fit(self.height())
        self.stage.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # What has the keyboard had no use for it.
        if event.key() == Qt.Key.Key_Escape and self.timeline.position is not None:
            self.timeline.go_live()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        # The desktop switched between light and dark while the window follows it.
        if event.type() == QEvent.Type.ThemeChange and self.settings.get("theme", str, "system") == "system":
            theme.apply(QApplication.instance(), "system")
            self.restyle()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.stage.leave()
        self.timeline.pause()
        self.recording.close()
        self.bridge.stop()
        self.hide()
        self.studio.explorer.close()
        self.studio.session.close()
        for last in self.studio.session.events():
            self.telling.take_event(last)
        memory.remember(self)
        for panel in self.panels.built:
            panel.close()
        event.accept()

    # drag and drop

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.files.open_path(paths[0])
