"""A flat button over an action of its panel."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QToolButton, QWidget

from ganstudio.ui.icons import icon
from ganstudio.ui.theme import type_scale

ICON = 18
"""Pixels of an icon's side, with type of the usual size."""


class ActionButton(QToolButton):
    """Runs something when clicked, or by its keys while the focus is in ``owner``.

    ``wordy``: the text stands beside the icon.
    """

    def __init__(
        self,
        owner: QWidget,
        text: str,
        icon_name: str,
        tip: str,
        run: Callable[[], object],
        *,
        keys: QKeySequence.StandardKey | str = "",
        wordy: bool = False,
    ):
        super().__init__()
        self._icon_name = icon_name
        action = QAction(text, owner)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        label = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{tip} ({label})" if label else tip)
        action.triggered.connect(lambda _=False: run())
        owner.addAction(action)
        self.setDefaultAction(action)
        self.setAutoRaise(True)
        self.setAccessibleName(text)
        if wordy:
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.restyle()

    def set_enabled(self, enabled: bool) -> None:
        """Whether button and keys act."""
        self.defaultAction().setEnabled(enabled)

    def set_icon(self, name: str) -> None:
        """Show another icon: the action does the opposite now."""
        self._icon_name = name
        self.restyle()

    def restyle(self) -> None:
        """Draw the icon in the theme's colours, as large as the type asks for."""
        side = round(ICON * type_scale())
        self.setIconSize(QSize(side, side))
        self.defaultAction().setIcon(icon(self._icon_name))
