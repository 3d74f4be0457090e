"""The main window: docks, menus, toolbar, status bar, and the memory of how they stood."""

import base64
import sys
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QByteArray, QEvent, Qt
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDockWidget,
    QMainWindow,
    QMenu,
    QMessageBox,
    QTabWidget,
)

from ganstudio import __version__
from ganstudio.experiment import files as experiment_files
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.resources import resource
from ganstudio.training.events import Event
from ganstudio.training.status import Status
from ganstudio.ui import actions, theme
from ganstudio.ui.bridge import Bridge
from ganstudio.ui.files import Files
from ganstudio.ui.icons import icon
from ganstudio.ui.panels.panel import Panel, panel_classes
from ganstudio.ui.perspectives import PERSPECTIVES, arrange, perspective
from ganstudio.ui.press import EnterPresses
from ganstudio.ui.settings import Settings
from ganstudio.ui.studio import Studio
from ganstudio.ui.widgets.banner import Banner
from ganstudio.ui.widgets.keys import KeySheet
from ganstudio.ui.widgets.palette import CommandPalette
from ganstudio.ui.widgets.status_bar import StudioStatusBar

LAYOUT_VERSION = 1
STATUS_SECONDS = 0.4
MENUS = ("File", "Edit", "Train", "View", "Help")


class MainWindow(QMainWindow):
    """Everything on screen. ``studio`` is what it shows; it holds no state of the training itself."""

    def __init__(self, studio: Studio, settings: Settings, runs_folder: Path):
        super().__init__()
        self.studio, self.settings, self.runs_folder = studio, settings, runs_folder
        self.files = Files(self)
        self.preset = ""
        """Name of the shipped preset that is open; empty for other experiments."""
        self.last_run = ""
        """Folder of the open trainer's newest save, or of the run it goes on from; empty before the first."""
        self._opened_at = 0.0
        self._status_at = 0.0
        self._menus: dict[str, QMenu] = {name: self.menuBar().addMenu(name) for name in MENUS}
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
        self._fill_toolbar()
        self.panels = {kind.name: kind(studio) for kind in panel_classes()}
        self.docks = {name: self._dock(panel) for name, panel in self.panels.items()}
        self._fill_view_menu()
        self.fill_recent()
        self.enter = EnterPresses(self)
        self.bridge = Bridge(studio, list(self.panels.values()))
        self._connect()
        self._restyle()
        self.restore_layout()

    # building

    def menu(self, name: str) -> QMenu:
        """A menu of the menu bar."""
        return self._menus[name]

    def _dock(self, panel: Panel) -> QDockWidget:
        dock = QDockWidget(panel.title, self)
        dock.setObjectName(f"dock-{panel.name}")
        dock.setWidget(panel)
        dock.setToolTip(panel.description)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
        return dock

    def _fill_toolbar(self) -> None:
        bar = self.addToolBar("Training")
        bar.setObjectName("training")
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        bar.setMovable(False)
        for name in actions.TOOLBAR:
            if name:
                bar.addAction(self.actions_by_name[name])
            else:
                bar.addSeparator()
        bar.addSeparator()
        self.perspectives = QComboBox()
        self.perspectives.setAccessibleName("Perspective")
        self.perspectives.setToolTip("Arrangement of the panels (Ctrl+1, Ctrl+2, …)")
        for one in PERSPECTIVES:
            self.perspectives.addItem(one.title, one.name)
        self.perspectives.activated.connect(lambda _: self.show_perspective(self.perspectives.currentData()))
        bar.addWidget(self.perspectives)

    def _fill_view_menu(self) -> None:
        menu, first = self._menus["View"], self.actions_by_name["reset-layout"]
        for index, one in enumerate(PERSPECTIVES):
            action = QAction(f"{one.title} perspective", self)
            action.setShortcut(f"Ctrl+{index + 1}")
            action.setStatusTip(one.description)
            action.triggered.connect(lambda _=False, name=one.name: self.show_perspective(name))
            menu.insertAction(first, action)
        menu.insertSeparator(first)
        for index, (name, dock) in enumerate(self.docks.items()):
            action = dock.toggleViewAction()
            action.setStatusTip(self.panels[name].description)
            action.setShortcut(f"Alt+{index + 1}" if index < 9 else "Alt+0")
            menu.insertAction(first, action)
        themes = menu.addMenu("Theme")
        for choice, title in (("system", "Follow the system"), ("light", "Light"), ("dark", "Dark")):
            themes.addAction(title, lambda choice=choice: self.set_theme(choice))

    def fill_recent(self) -> None:
        """Renew the list of recent files."""
        if not hasattr(self, "_recent"):
            self._recent = QMenu("Open recent", self)
            self._menus["File"].insertMenu(self.actions_by_name["save"], self._recent)
        self._recent.clear()
        self.studio.recent = self.settings.get("recent", list, [])
        for path in self.studio.recent:
            self._recent.addAction(str(path), lambda path=path: self.files.open_path(Path(path)))
        self._recent.setEnabled(not self._recent.isEmpty())

    def _connect(self) -> None:
        studio = self.studio
        studio.event.connect(self._take_event)
        studio.status_changed.connect(self._show_status)
        studio.edited.connect(lambda _: self._show_choices())
        studio.message.connect(lambda text: self.statusBar().showMessage(text, 6000))
        studio.trouble.connect(self.banner.say)
        studio.refused.connect(self._refuse)
        studio.sample_chosen.connect(lambda _: self._show_latent())
        studio.preset_chosen.connect(self.open_preset)
        studio.path_chosen.connect(self.files.open_path)
        studio.action_wanted.connect(lambda name: self.actions_by_name[name].trigger())
        studio.undo_stack.canUndoChanged.connect(self.actions_by_name["undo"].setEnabled)
        studio.undo_stack.canRedoChanged.connect(self.actions_by_name["redo"].setEnabled)
        for name in ("undo", "redo"):
            self.actions_by_name[name].setEnabled(False)

    # what a person does

    def open_experiment(self, experiment: Experiment, run: Path | None = None, preset: str = "") -> None:
        """Open an experiment; ``preset`` names it when it is a shipped one."""
        self.preset = preset
        self.actions_by_name["pretrained"].setChecked(run is not None and run == self.model(preset))
        self.studio.open(experiment, run)
        self._show_choices()

    def open_preset(self, name: str, pretrained: bool = False) -> None:
        """Open a shipped preset, with fresh or with the shipped weights."""
        try:
            experiment = experiment_files.preset(name)
        except StudioError as error:
            self.banner.say(str(error))
            return
        model = self.model(name)
        self.open_experiment(experiment, model if pretrained and model.is_file() else None, name)

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
        self.actions_by_name["pretrained"].setChecked(False)
        self.studio.restart()

    def show_perspective(self, name: str) -> None:
        """Arrange the panels for a purpose."""
        chosen = perspective(name)
        arrange(self, self.docks, chosen)
        self.perspectives.setCurrentIndex(self.perspectives.findData(chosen.name))

    def reset_layout(self) -> None:
        """Put the panels of the chosen perspective back in place."""
        self.show_perspective(self.perspectives.currentData())

    def set_theme(self, choice: theme.Choice) -> None:
        """Light, dark, or as the system has it."""
        self.settings.set("theme", choice)
        theme.apply(QApplication.instance(), choice)
        self._restyle()

    def switch_theme(self) -> None:
        """To the other theme."""
        self.set_theme("light" if theme.is_dark() else "dark")

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
        panels = {panel.title: panel.keys for panel in self.panels.values() if panel.keys}
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

    # what the session tells

    def _take_event(self, event: Event) -> None:
        status = self.statusBar()
        if event.kind == "failed":
            ways = {"Train on": self.studio.train, "Restart": self.restart}
            if "memory" in event.sentence and self.studio.experiment is not None:
                half = max(1, self.studio.experiment.batch_size // 2)
                ways = {f"Halve the batch to {half}": lambda: self.studio.edit("batch_size", half), **ways}
            self.banner.say(event.sentence, ways)
        elif event.kind == "refused" or event.kind == "warned":
            self.banner.say(event.sentence, danger=False)
        elif event.kind == "loading":
            status.showMessage(f"{event.sentence} {event.data.get('share', 0):.0%}", 3000)
        elif event.kind == "saved":
            # The run before is told to be saved only after the next has been opened.
            if event.time >= self._opened_at:
                self.last_run = str(event.data["path"])
            status.showMessage(event.sentence, 4000)
        elif event.kind == "opened":
            run = self.studio.run
            self._opened_at, self.last_run = event.time, str(run) if run is not None and run.is_dir() else ""
            self.setWindowTitle(f"{event.data['experiment'].title} — GAN Studio")
            status.showMessage(event.sentence, 5000)
            self._show_notes(event.data["experiment"], event.data.get("notes", []))
        elif event.kind in ("edited", "stepped", "paused", "stopped", "finished", "restored"):
            status.showMessage(event.sentence, 5000)

    def _show_notes(self, experiment: Experiment, notes: list[str]) -> None:
        """What there is to know about the data: it may matter of a person's own, and is background of shipped ones."""
        if notes and experiment.data.params.get("path"):
            self.banner.say(" ".join(notes), danger=False)
        elif notes:
            self.statusBar().showMessage(notes[0], 8000)

    def _refuse(self, _: str, sentence: str) -> None:
        """A field that is in view says by itself what it may be."""
        if self.panels["experiment"].visibleRegion().isEmpty():
            self.banner.say(sentence, danger=False)
        else:
            self.statusBar().showMessage(sentence, 8000)

    def _show_latent(self) -> None:
        """A sample was sent to the explorer: bring its panel up."""
        self.docks["latent"].show()
        self.docks["latent"].raise_()

    def _show_status(self, status: Status) -> None:
        now = perf_counter()
        changed = status.phase != getattr(self, "_phase", None)
        if not changed and now - self._status_at < STATUS_SECONDS:
            return
        self._status_at, self._phase = now, status.phase
        self.statusBar().show_status(status, self.bridge.view_share)
        if changed:
            self._show_choices()

    def _show_choices(self) -> None:
        """Make toggles and titles say what is."""
        running = self.studio.status.phase == "running"
        train = self.actions_by_name["train"]
        train.setText("Pause" if running else "Train")
        train.setIcon(icon("pause" if running else "train", theme.colours().accent))
        saturating = self.actions_by_name["saturating"]
        saturating.setChecked(self.studio.saturating)
        experiment = self.studio.experiment
        saturating.setText(f"G's loss: {experiment.objective.kind if experiment is not None else 'non-saturating'}")
        pretrained = self.actions_by_name["pretrained"]
        shipped = bool(self.preset) and self.model(self.preset).is_file()
        pretrained.setEnabled(shipped)
        fresh = "Fresh weights" if self.studio.run is None else "The run's weights"
        pretrained.setText("Pretrained weights" if pretrained.isChecked() else fresh)
        tip = actions.tip("pretrained")
        pretrained.setToolTip(tip if shipped else f"{tip}. None are shipped for this experiment.")
        for name in ("step", "step-d", "step-g"):
            self.actions_by_name[name].setEnabled(not running)

    # looks and memory

    def _restyle(self) -> None:
        self.setWindowIcon(QIcon(str(resource("icons", "app.svg"))))
        actions.tint(self.actions_by_name)
        self.statusBar().restyle()
        for panel in self.panels.values():
            panel.restyle()
        self._show_choices()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.banner.place()

    def changeEvent(self, event: QEvent) -> None:
        # The desktop switched between light and dark while the window follows it.
        if event.type() == QEvent.Type.ThemeChange and self.settings.get("theme", str, "system") == "system":
            theme.apply(QApplication.instance(), "system")
            self._restyle()
        super().changeEvent(event)

    def restore_layout(self) -> None:
        """Stand as remembered; panels that the memory does not know are shown where they belong."""
        self.show_perspective(self.settings.get("perspective", str, PERSPECTIVES[0].name))
        geometry, state = (self.settings.get(name, str, "") for name in ("geometry", "layout"))
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
        if state:
            self.restoreState(QByteArray.fromBase64(state.encode()), LAYOUT_VERSION)
            known = self.settings.get("known_panels", list, [])
            for name in self.docks:
                if name not in known:
                    self.docks[name].show()
        remembered = self.settings.get("panels", dict, {})
        for name, panel in self.panels.items():
            if isinstance(remembered.get(name), dict):
                panel.load_state(remembered[name])

    def remember(self) -> None:
        """Write layout, choices, experiment and last run into the settings."""
        settings = self.settings
        settings.set("geometry", base64.b64encode(self.saveGeometry().data()).decode())
        settings.set("layout", base64.b64encode(self.saveState(LAYOUT_VERSION).data()).decode())
        settings.set("known_panels", list(self.docks))
        settings.set("perspective", self.perspectives.currentData())
        settings.set("panels", {name: panel.save_state() for name, panel in self.panels.items()})
        settings.set("preset", self.preset)
        settings.set("last_run", self.last_run)
        settings.set("pretrained", self.actions_by_name["pretrained"].isChecked())
        if self.studio.experiment is not None:
            settings.set("experiment", experiment_files.dumps(self.studio.experiment))
        sentence = settings.save()
        if sentence:
            print(sentence, file=sys.stderr)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.bridge.stop()
        self.hide()
        self.studio.explorer.close()
        self.studio.session.close()
        for last in self.studio.session.events():
            self._take_event(last)
        self.remember()
        event.accept()

    # drag and drop

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls()[:1]:
            self.files.open_path(Path(url.toLocalFile()))
