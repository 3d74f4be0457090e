"""The toolbar, and the menus whose entries follow from what there is: perspectives, panels, themes, recent files."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QMenu, QToolBar, QToolButton

from ganstudio.experiment.files import headline
from ganstudio.experiment.scenes import scenes
from ganstudio.ui import actions
from ganstudio.ui.perspectives import PERSPECTIVES

if TYPE_CHECKING:
    from ganstudio.ui.main_window import MainWindow

ALL_WORDS = 1180
"""Pixels of the window's width from which there is room for the words of all buttons of the toolbar."""
PLAIN = ("stop", "step", "restart")
"""Buttons of the toolbar whose icons say enough."""
MENUS = ("File", "Edit", "Train", "Timeline", "Scenes", "View", "Help")


def fill_toolbar(window: "MainWindow") -> tuple[QToolBar, QComboBox]:
    """The toolbar with its buttons, and the list of perspectives at its end."""
    bar = window.addToolBar("Training")
    bar.setObjectName("training")
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    bar.setMovable(False)
    for name in actions.TOOLBAR:
        if name:
            bar.addAction(window.actions_by_name[name])
        else:
            bar.addSeparator()
    bar.addSeparator()
    perspectives = QComboBox()
    perspectives.setAccessibleName("Perspective")
    perspectives.setToolTip("Arrangement of the panels (Ctrl+1, Ctrl+2, …)")
    for one in PERSPECTIVES:
        perspectives.addItem(one.title, one.name)
    perspectives.activated.connect(lambda _: window.show_perspective(perspectives.currentData()))
    stage = QToolButton()
    stage.setDefaultAction(window.actions_by_name["stage"])
    stage.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    bar.addWidget(perspectives)
    bar.addWidget(stage)
    return bar, perspectives


def fit_toolbar(window: "MainWindow", width: int) -> None:
    """Leave words away where the end of the toolbar would be out of sight: perspectives and stage."""
    style = Qt.ToolButtonStyle
    for name in PLAIN:
        shown = window.training_bar.widgetForAction(window.actions_by_name[name])
        shown.setToolButtonStyle(style.ToolButtonTextBesideIcon if width >= ALL_WORDS else style.ToolButtonIconOnly)


def fill_view_menu(window: "MainWindow") -> None:
    """Perspectives, panels and themes."""
    menu, first = window.menu("View"), window.actions_by_name["reset-layout"]
    for index, one in enumerate(PERSPECTIVES):
        action = QAction(f"{one.title} perspective", window)
        action.setShortcut(f"Ctrl+{index + 1}")
        action.setStatusTip(one.description)
        action.triggered.connect(lambda _=False, name=one.name: window.show_perspective(name))
        menu.insertAction(first, action)
    menu.insertSeparator(first)
    for index, panel in enumerate(window.panels.in_order()):
        action = window.docks[panel.name].toggleViewAction()
        action.setStatusTip(panel.description)
        # A panel that a perspective hides waits as a tab behind others.
        action.triggered.connect(lambda shown, name=panel.name: window.bring_up(name) if shown else None)
        if index < 10:
            action.setShortcut(f"Alt+{(index + 1) % 10}")
        menu.insertAction(first, action)
    menu.insertSeparator(first)
    bar = window.timeline_bar.toggleViewAction()
    bar.setStatusTip("The run's steps along the lower edge: drag to look back")
    menu.insertAction(first, bar)
    themes = menu.addMenu("Theme")
    for choice, title in (("system", "Follow the system"), ("light", "Light"), ("dark", "Dark")):
        themes.addAction(title, lambda choice=choice: window.set_theme(choice))


def fill_scene_menu(window: "MainWindow") -> None:
    """The shipped scenes, above what is done with the one that is open."""
    menu, first = window.menu("Scenes"), window.menu("Scenes").actions()[0]
    for name, path in scenes().items():
        title, description = headline(path)
        action = QAction(f"Play “{title}”", window)
        action.setStatusTip(description)
        action.triggered.connect(lambda _=False, name=name: window.player.open(name))
        menu.insertAction(first, action)


class RecentMenu(QMenu):
    """The files and folders opened lately, above "Save experiment" in the File menu."""

    def __init__(self, window: "MainWindow"):
        super().__init__("Open recent", window)
        self._window = window
        window.menu("File").insertMenu(window.actions_by_name["save"], self)
        self.fill()

    def fill(self) -> None:
        """Renew the list."""
        self.clear()
        studio = self._window.studio
        studio.recent = self._window.settings.get("recent", list, [])
        for path in studio.recent:
            self.addAction(str(path), lambda path=path: self._window.files.open_path(Path(path)))
        self.setEnabled(not self.isEmpty())
