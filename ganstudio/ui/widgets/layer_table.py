"""The layers of one player as a table, with a bar for how far the last update moved each."""

from math import isfinite, log10
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.numbers import shown

if TYPE_CHECKING:
    from ganstudio.probes.layers import Layer
    from ganstudio.probes.players import Gradients, PlayerTable

COLUMNS = {
    "Layer": "Place in the network, and kind",
    "Output": "Shape of the output for one sample",
    "Weights": "Number of trainable weights",
    "Gradient": "Norm of the last gradient of the layer's weights",
    "Update": "How far the last update moved the weights: length of the move over length of the weights",
}
LAYER, OUTPUT, WEIGHTS, GRADIENT, UPDATE = range(5)
NUMBERS = (WEIGHTS, GRADIENT, UPDATE)
LEAST_POWER = -7
"""Power of ten at which the bar is empty; it is full at 10⁰, where an update is as large as the weights."""
VERDICTS = {
    "healthy": "The gradient arrives, and moves the weights by a fitting share.",
    "vanishing": "Almost no gradient arrives here, or it moves next to nothing.",
    "exploding": "The update is out of all proportion to the weights, or not a finite number.",
}
Index = QModelIndex | QPersistentModelIndex


def number(value: float) -> str:
    """Two digits tell enough of a gradient; a dash where there is none."""
    return shown(float(f"{value:.2g}")) if isfinite(value) else ("–" if value != value else "∞")


class LayerModel(QAbstractTableModel):
    """A row for each layer. Only cells whose words change are announced."""

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._layers: tuple[Layer, ...] = ()
        self._words: list[tuple[str, str, str, float]] = []

    def show_table(self, table: "PlayerTable") -> None:
        """Show another player's layers."""
        self.beginResetModel()
        self._layers = table.layers
        self._words = [("", "", "", 0.0)] * len(table.layers)
        self.endResetModel()

    def show_gradients(self, gradients: "Gradients") -> None:
        """Show the numbers of another update."""
        changed = []
        for row, (norm, update, health) in enumerate(
            zip(gradients.norms, gradients.updates, gradients.health, strict=True)
        ):
            words = (number(norm), number(update), health, _share(update)) if health else ("", "", "", 0.0)
            if words != self._words[row]:
                self._words[row] = words
                changed.append(row)
        if changed:
            self.dataChanged.emit(self.index(changed[0], GRADIENT), self.index(changed[-1], UPDATE))

    def health(self, row: int) -> str:
        """The verdict on a layer."""
        return self._words[row][2]

    def share(self, row: int) -> float:
        """How much of a layer's bar is filled, 0…1."""
        return self._words[row][3]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._layers)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        layer, column = self._layers[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(layer, index.row(), column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in NUMBERS:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole and not layer.weights:
            return QColor(colours().muted)
        if role == Qt.ItemDataRole.ToolTipRole:
            facts = f"{layer.name}: {layer.type}({layer.details}), {layer.weights:,} weights"
            health = self.health(index.row())
            return f"{facts}\n{health.capitalize()}. {VERDICTS[health]}" if health else facts
        if role == Qt.ItemDataRole.AccessibleTextRole and column == UPDATE:
            return f"{self._words[index.row()][1]} {self.health(index.row())}"
        return None

    def _text(self, layer: "Layer", row: int, column: int) -> str:
        if column == LAYER:
            return f"{layer.name.partition('.')[0]}  {layer.type}"
        if column == OUTPUT:
            return "?" if layer.shape is None else "×".join(map(str, layer.shape)) or "1"
        if column == WEIGHTS:
            return _count(layer.weights)
        return self._words[row][column - GRADIENT]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return list(COLUMNS)[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return list(COLUMNS.values())[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section in NUMBERS:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None


def _count(weights: int) -> str:
    """A number of weights in few characters; the tooltip has them all."""
    if weights >= 1_000_000:
        return f"{weights / 1e6:.3g} M"
    return f"{weights:,}" if weights else ""


def _share(update: float) -> float:
    """Place of a relative update on the bar; in steps of a hundredth, so that small changes repaint nothing."""
    if update != update or update <= 0:
        return 0.0
    return round(min(1.0, max(0.02, 1 - log10(min(update, 1.0)) / LEAST_POWER)), 2)


class HealthBar(QStyledItemDelegate):
    """The number, and under it a bar in the colour of the verdict."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        model = index.model()
        assert isinstance(model, LayerModel)
        health = model.health(index.row())
        if not health:
            return
        shades = colours()
        tint = {"healthy": shades.equilibrium, "vanishing": shades.warning, "exploding": shades.danger}[health]
        track = QRectF(option.rect).adjusted(4, option.rect.height() - 4, -4, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(shades.grid))
        painter.drawRoundedRect(track, 1.5, 1.5)
        track.setWidth(max(3.0, track.width() * model.share(index.row())))
        painter.setBrush(QColor(tint))
        painter.drawRoundedRect(track, 1.5, 1.5)
        painter.restore()


class LayerTable(QTableView):
    """A compact table that needs no scrolling sideways at 340 pixels."""

    def __init__(self, name: str, parent: QWidget | None = None):
        super().__init__(parent)
        self.layers = LayerModel(self)
        self.setModel(self.layers)
        self.setItemDelegateForColumn(UPDATE, HealthBar(self))
        self.setAccessibleName(f"Layers of the {name}")
        self.setToolTip(f"Layers of the {name}, from input to output")
        self.setFrameShape(QFrame.Shape.NoFrame)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        self.setFont(font)
        self.horizontalHeader().setFont(font)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 9)
        self.verticalHeader().setMinimumSectionSize(12)
        header, letter = self.horizontalHeader(), self.fontMetrics().horizontalAdvance("0")
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(4 * letter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(LAYER, QHeaderView.ResizeMode.Stretch)
        for column, letters in ((OUTPUT, 10), (WEIGHTS, 8), (GRADIENT, 8), (UPDATE, 8)):
            header.resizeSection(column, letters * letter)

    def sizeHint(self) -> QSize:
        return QSize(480, self.horizontalHeader().height() + 12 * self.verticalHeader().defaultSectionSize())
