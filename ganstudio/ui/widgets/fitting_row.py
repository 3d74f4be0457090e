"""Widgets side by side whose buttons give up their words where there is too little room."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QToolButton, QWidget

GAP = 4
"""Pixels between widgets."""
ROOM = 40
"""Pixels that a widget with a share has beyond the least before buttons have words."""
BESIDE, ALONE = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly


class FittingRow(QWidget):
    """Buttons with words beside their icons lose these words as it gets narrow, the last of them first."""

    def __init__(self, *parts: QWidget | tuple[QWidget, int] | None):
        """None takes what room is left, and so does a widget with its share of it."""
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        pairs = [part if isinstance(part, tuple) else (part, 0) for part in parts]
        self._shares = {one: share for one, share in pairs if one is not None}
        self._wordy = [one for one in self._shares if isinstance(one, QToolButton) and one.toolButtonStyle() == BESIDE]
        for one, share in pairs:
            if one is None:
                layout.addStretch(1)
            else:
                layout.addWidget(one, share)

    def fit(self) -> None:
        """Words on as many buttons as there is room for; to be called when what stands in the row has changed."""
        shown = [one for one in self._wordy if not one.isHidden()]
        for words in range(len(shown), -1, -1):
            for index, one in enumerate(shown):
                one.setToolButtonStyle(BESIDE if index < words else ALONE)
            if self._needed() <= self.width():
                return

    def _needed(self) -> int:
        """Pixels of width."""
        parts = [
            one.minimumSizeHint().width() + ROOM if share else max(one.sizeHint().width(), one.minimumWidth())
            for one, share in self._shares.items()
            if not one.isHidden()
        ]
        return sum(parts) + GAP * max(0, len(parts) - 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
