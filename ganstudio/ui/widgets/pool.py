"""Samples to pick from: one row, as many as fit."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QSizePolicy

from ganstudio.ui.widgets.sample_tiles import GAP, SampleTiles

USUAL = 12
LEAST, LOW = 48, 36
"""Pixels of a sample's side, and in a low panel."""
MOST_SHARE = 0.17
"""Of the panel's height."""


class PoolTiles(SampleTiles):
    """Those that do not fit are not there for mouse and keys."""

    def __init__(self) -> None:
        super().__init__("Samples to pick from")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            "Click: into the framed slot · 1 2 3: into A, B, C · or drag\n"
            "R: other samples · Ctrl+C: copy · E or double click: explore in Directions"
        )

        self._side = LEAST

    def fit(self, width: int, height: int) -> None:
        """Take up the height for some ``USUAL`` samples in a panel of this size."""
        self._side = int(min(max(width / USUAL - GAP, LEAST), max(MOST_SHARE * height, LOW)))
        self.setFixedHeight(self._side + 4)

    @property
    def total(self) -> int:
        return min(super().total, max(1, (self.width() + GAP) // (self._side + GAP)))

    def sizeHint(self) -> QSize:
        return QSize(600, self._side + 4)

    def places(self, count: int) -> list[QRectF]:
        left = (self.width() - count * self._side - max(0, count - 1) * GAP) // 2
        return [QRectF(left + tile * (self._side + GAP), 2, self._side, self._side) for tile in range(count)]
