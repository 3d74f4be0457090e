"""Neighbours as they are seen: the table over the histogram of distances, or one neighbour large beside its sample."""

from math import ceil

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from ganstudio.latent.neighbours import Distances, Neighbours
from ganstudio.ui.neighbour_rows import RowTitle
from ganstudio.ui.widgets.distance_plot import DistancePlot
from ganstudio.ui.widgets.neighbour_cells import SAMPLE, Cell
from ganstudio.ui.widgets.neighbour_close_up import CloseUp
from ganstudio.ui.widgets.neighbour_table import NeighbourTable

TABLE = 0.66
"""Share of the height that the table has at the most."""
LOW = 20
"""Lines of type in all below which the histogram is slim."""


class NeighbourView(QStackedWidget):
    """Two pages: the overview, and the close-up that a click opens."""

    def __init__(self) -> None:
        super().__init__()
        self.table, self.plot, self.close_up = NeighbourTable(), DistancePlot(), CloseUp()
        self.shown: Cell | None = None
        """The neighbour in the close-up; None while the table is seen."""
        self.scroll = QScrollArea()
        self.scroll.setWidget(self.table)
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self.scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        overview = QWidget()
        column = QVBoxLayout(overview)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.scroll, 1)
        column.addWidget(self.plot)
        self.addWidget(overview)
        self.addWidget(self.close_up)
        self.plot.show_sentence("")
        self.table.opened.connect(self.open)
        self.table.chosen.connect(self._keep_in_view)
        self.close_up.closed.connect(self.close_close_up)
        self.close_up.turned.connect(self._turn)

    @property
    def chosen(self) -> Cell:
        """The picture that keys act on: the one in the close-up, under the pointer, or chosen; else the first."""
        return self.shown or self.table.current or Cell(0)

    def show_neighbours(self, neighbours: Neighbours, titles: list[RowTitle]) -> None:
        """Show what was found; ``titles`` has a row's for each sample."""
        self.table.show_neighbours(neighbours, titles)
        self.plot.show_marks([float(one[0]) for one in neighbours.pixels.distances])
        if self.shown is not None:
            self._show_close_up(self.shown)
        self._arrange()

    def show_distances(self, distances: Distances | None) -> None:
        """Show how far samples are from the training set; None for nothing."""
        self.table.suspicious = 0.0 if distances is None else distances.suspicious
        self.table.update()
        if distances is None:
            self.plot.show_sentence("")
        else:
            self.plot.show_distances(distances)

    def show_sentence(self, sentence: str) -> None:
        """Show words in place of the table."""
        self.close_close_up()
        self.table.show_sentence(sentence)
        self.plot.show_marks([])

    # the close-up

    def open(self, cell: Cell) -> None:
        """Show a neighbour large beside its sample."""
        self._show_close_up(cell)
        if self.shown is not None:
            self.setCurrentWidget(self.close_up)
            self.close_up.setFocus()

    def _show_close_up(self, cell: Cell) -> None:
        found = self.table.found(cell)
        if found is None or not self.table.has(cell):
            self.close_close_up()
            return
        self.shown = cell
        title = f"{'By pixels' if found.step is None else 'By D’s features'}: {self.table.described(cell)}"
        self.close_up.show_pair(self.table.parcel(Cell(cell.row)), self.table.parcel(cell), title)

    def close_close_up(self) -> None:
        """Back to the table."""
        cell, self.shown = self.shown, None
        if cell is not None:
            had_focus = self.close_up.hasFocus()
            self.setCurrentIndex(0)
            if self.table.has(cell):
                self.table.choose(cell)
            if had_focus:
                self.table.setFocus()

    def _turn(self, across: int, down: int) -> None:
        cell = None if self.shown is None else self.table.beside(self.shown, across, down)
        if cell is not None and cell.group != SAMPLE:
            self._show_close_up(cell)

    # layout

    def _keep_in_view(self, cell: Cell) -> None:
        rect = self.table.rect_of(cell).toRect()
        self.scroll.ensureVisible(rect.center().x(), rect.center().y(), 0, rect.height() // 2 + 8)

    def minimumSizeHint(self) -> QSize:
        # Not the histogram's present height: what is tall may become low again.
        return QSize(240, self.plot.slim_height + 4 * self.fontMetrics().height())

    def _arrange(self) -> None:
        """The table has what it needs, but not too much; the histogram has the rest."""
        low = self.height() < LOW * self.fontMetrics().height()
        least = self.plot.slim_height if low else self.plot.minimumSizeHint().height()
        room = QSize(self.width(), self.height() - least if low else int(TABLE * self.height()))
        needed = room.height()
        if self.table.neighbours is not None:
            needed = ceil(self.table.cells(room).height)
            if needed > room.height():
                room.setWidth(room.width() - self.scroll.verticalScrollBar().sizeHint().width())
        self.plot.setFixedHeight(max(least, self.height() - min(room.height(), needed)))
        self.table.set_room(room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def restyle(self) -> None:
        """Follow a change of theme."""
        for part in (self.table, self.plot, self.close_up):
            part.update()
