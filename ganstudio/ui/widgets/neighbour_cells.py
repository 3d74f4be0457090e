"""Where samples and their neighbours stand in a table: each row a sample, two groups of neighbours."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF

SMALLEST, LEAST, WIDE_ENOUGH, MOST = 30.0, 40.0, 48.0, 150.0
"""Side of a neighbour's picture, in pixels: with which a second row is brought into view; at the least while all rows
are; where columns give way to it; at the most."""
FEWEST = 4
"""Columns of a group that are left, however narrow the table."""
GAP, MARGIN = 6.0, 8.0
APART = 18.0
"""Between the sample and its neighbours, and between the two groups."""
LARGER = 1.9
"""Side of a sample's picture, in neighbours' sides, where its groups stand below each other."""
SAMPLE, PIXELS, FEATURES = -1, 0, 1
"""Groups of pictures: the samples themselves, and their neighbours."""
GROUPS = 2


@dataclass(frozen=True)
class Cell:
    """One picture: its row, its group and its place in the group."""

    row: int
    group: int = SAMPLE
    column: int = 0


@dataclass(frozen=True)
class Cells:
    """``stacked``: a row's groups below each other, the sample larger beside both; else all in one line."""

    rows: int
    columns: int
    stacked: bool
    side: float
    head: float
    """Height of a group's title."""
    foot: float
    """Height of a picture's caption."""

    @property
    def strip(self) -> float:
        """Height of a line of pictures with their captions."""
        return self.side + self.foot

    @property
    def row_height(self) -> float:
        """From the top of a row to that of the next one."""
        return GROUPS * (self.head + self.strip) + 2 * GAP if self.stacked else self.strip + GAP

    @property
    def top(self) -> float:
        """Of the first row."""
        return GAP if self.stacked else GAP + self.head

    @property
    def height(self) -> float:
        """Of the whole table."""
        return self.top + self.rows * self.row_height

    @property
    def width_of_group(self) -> float:
        """From the first picture's left to the last one's right."""
        return self.columns * (self.side + GAP) - GAP

    def left(self, group: int) -> float:
        """Of a group's first picture."""
        first = MARGIN + self.side * (LARGER if self.stacked else 1.0) + APART
        return first if self.stacked or group == PIXELS else first + self.width_of_group + APART

    def head_rect(self, row: int, group: int) -> QRectF:
        """Of a group's title: above each strip, or above the whole column of strips."""
        top = self.top + row * self.row_height + group * (self.head + self.strip) if self.stacked else GAP
        return QRectF(self.left(group), top, self.width_of_group, self.head)

    def rect(self, cell: Cell) -> QRectF:
        """Of a picture, without its caption."""
        top = self.top + cell.row * self.row_height
        if cell.group == SAMPLE:
            side = self.side * (LARGER if self.stacked else 1.0)
            return QRectF(MARGIN, top + (self.head if self.stacked else 0), side, side)
        if self.stacked:
            top += self.head + cell.group * (self.head + self.strip)
        return QRectF(self.left(cell.group) + cell.column * (self.side + GAP), top, self.side, self.side)

    def foot_rect(self, cell: Cell) -> QRectF:
        """Of a picture's caption."""
        rect, beside = self.rect(cell), MARGIN - 1 if cell.group == SAMPLE else GAP / 2
        return QRectF(rect.left() - beside, rect.bottom(), rect.width() + 2 * beside, self.foot)


def arranged(width: float, height: float, rows: int, columns: int, head: float, foot: float) -> Cells:
    """The arrangement whose pictures are largest.

    Where the least ones do not fit the height the table is higher: two rows are in view or more, and a line has as many
    columns as fit then.
    """
    rows = max(1, rows)
    widest = _across(width, columns, stacked=True)
    tallest = ((height - GAP) / rows - 2 * GAP) / GROUPS - head - foot
    stacked = Cells(rows, columns, True, max(1.0, min(widest, tallest, MOST)), head, foot)
    tallest = (height - GAP - head) / rows - GAP - foot
    beside = Cells(
        rows, columns, False, max(1.0, min(_across(width, columns, stacked=False), tallest, MOST)), head, foot
    )
    best = max(stacked, beside, key=lambda one: one.side)
    if best.side >= LEAST:
        return best
    wanted = _side_in_view(height - GAP - head, rows, foot + GAP)
    fewer = columns
    while fewer > FEWEST and _across(width, fewer, stacked=False) < min(0.9 * wanted, WIDE_ENOUGH):
        fewer -= 1
    return Cells(rows, fewer, False, max(1.0, min(wanted, _across(width, fewer, stacked=False))), head, foot)


def _side_in_view(height: float, rows: int, more: float) -> float:
    """The side with which as many rows as can be are in view; ``more``: of a row's height, beside its pictures."""
    seen = min(rows, max(2, int(height / (LEAST + more))))
    while seen > 1 and height / seen - more < SMALLEST:
        seen -= 1
    return min(MOST, max(SMALLEST, height / seen - more))


def _across(width: float, columns: int, *, stacked: bool) -> float:
    """The side with which a line fills a width."""
    groups = 1 if stacked else GROUPS
    gaps = 2 * MARGIN + groups * (APART + GAP * (columns - 1))
    return (width - gaps) / (columns * groups + (LARGER if stacked else 1))
