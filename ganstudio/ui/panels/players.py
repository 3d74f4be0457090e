"""The players from inside: the layers of each, and whether gradients reach them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QLabel, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from ganstudio.ui.panel import Panel
from ganstudio.ui.studio import Studio
from ganstudio.ui.theme import colours
from ganstudio.ui.waiting import Waiting
from ganstudio.ui.widgets.layer_table import LayerTable

if TYPE_CHECKING:
    from ganstudio.probes.players import Gradients, PlayersFrame, PlayerTable

SIDE_BY_SIDE = 760
"""Pixels from which on the players stand beside each other, else below."""


class PlayerView(QWidget):
    """One player: its name, its totals, what can be said of its gradients, its layers."""

    def __init__(self, name: str):
        super().__init__()
        self._table: PlayerTable | None = None
        self.heading, self.verdict = QLabel(), QLabel()
        font = QFont(self.heading.font())
        font.setBold(True)
        self.heading.setFont(font)
        self.verdict.setWordWrap(True)
        self.verdict.setAccessibleName(f"Health of the {name}")
        self.verdict.setToolTip("What the last update says of each layer with weights")
        self.layers = LayerTable(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 2)
        column.setSpacing(2)
        column.addWidget(self.heading)
        column.addWidget(self.verdict)
        column.addWidget(self.layers, 1)

    def show_player(self, table: "PlayerTable", gradients: "Gradients") -> None:
        """Show a player as its last update left it."""
        if table is not self._table:
            self._table = table
            self.layers.layers.show_table(table)
        self.layers.layers.show_gradients(gradients)
        updates = f"{gradients.count:,} update{'s' * (gradients.count != 1)}"
        _set(self.heading, f"{table.player.capitalize()} · {table.weights:,} weights · {updates}")
        sentence, tint = self._judge(table, gradients)
        if _set(self.verdict, sentence):
            self.verdict.setStyleSheet(f"color: {tint}")

    def _judge(self, table: "PlayerTable", gradients: "Gradients") -> tuple[str, str]:
        shades = colours()
        for health, words, tint in (
            ("exploding", "explode in", shades.danger),
            ("vanishing", "hardly reach", shades.warning),
        ):
            names = [
                layer.name.partition(".")[0]
                for layer, found in zip(table.layers, gradients.health, strict=True)
                if found == health
            ]
            if names:
                more = f" and {len(names) - 3} more" if len(names) > 3 else ""
                return f"Gradients {words} layer{'s' * (len(names) > 1)} {', '.join(names[:3])}{more}.", tint
        if "healthy" in gradients.health:
            return "Gradients reach every layer.", shades.muted
        return "No update yet.", shades.muted

    def restyle(self) -> None:
        """Take the theme's colours."""
        self.verdict.setText("")  # with the next frame, in the new colour
        self.layers.viewport().update()


class PlayersPanel(Panel):
    """A table for each player, side by side where there is room."""

    name = "players"
    title = "Players"
    description = "Layers, shapes and weights of each player, and whether gradients reach them."
    probe = "players"
    order = 70

    def __init__(self, studio: Studio):
        super().__init__(studio)
        self.views: dict[str, PlayerView] = {}
        self._last: PlayersFrame | None = None
        self._sentence = QLabel()
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setWordWrap(True)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._sentence)
        self._stack.addWidget(self._split)
        self._waiting = Waiting(studio, self._sentence.setText, "The players are about to be shown.")
        studio.opened.connect(lambda _: self._start_again())

    def _start_again(self) -> None:
        self._last = None
        self._stack.setCurrentWidget(self._sentence)
        self._waiting.again()

    def show_frame(self, frame: "PlayersFrame") -> None:
        names = [table.player for table in frame.tables]
        if names != list(self.views):
            for view in self.views.values():
                view.hide()
                view.deleteLater()
            self.views = {name: PlayerView(name) for name in names}
            for view in self.views.values():
                self._split.addWidget(view)
        for table, gradients in zip(frame.tables, frame.gradients, strict=True):
            self.views[table.player].show_player(table, gradients)
        if self._last is None:
            self._waiting.over()
            self._stack.setCurrentWidget(self._split)
        self._last = frame

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= SIDE_BY_SIDE
        self._split.setOrientation(Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical)

    def restyle(self) -> None:
        for view in self.views.values():
            view.restyle()
        if self._last is not None:
            self.show_frame(self._last)


def _set(label: QLabel, text: str) -> bool:
    """Set a text that is another. Answers whether it was."""
    if label.text() == text:
        return False
    label.setText(text)
    return True
