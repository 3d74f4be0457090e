"""What differs between experiments: a row for each field, a column for each run."""

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableWidget, QTableWidgetItem

from ganstudio.experiment.differences import differing
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.paths import value_or_none
from ganstudio.ui.theme import colours

WORDS_ALONE = ("title", "description")
"""Fields that change nothing about the training."""
PLAYERS = {"generator": "G", "discriminator": "D"}
MOST_ROWS = 7
"""Rows that are seen without scrolling."""


def differences(experiments: Sequence[Experiment]) -> list[str]:
    """Full paths of the fields that are not the same in all. PyTorch must be in.

    Raises ``StudioError`` for an experiment that names a component which there is not.
    """
    found: dict[str, None] = {}
    for other in experiments[1:]:
        found |= dict.fromkeys(differing(experiments[0], other))
    return [path for path in found if path not in WORDS_ALONE]


def field_words(path: str) -> str:
    """``players.generator.optimiser.params.lr`` → ``G optimiser lr``."""
    parts = [part for part in path.split(".") if part != "params"]
    if parts[-1] == "kind":
        parts.pop()
    if parts[0] == "players":
        parts = [PLAYERS.get(parts[1], parts[1]), *parts[2:]]
    return " ".join(parts).replace("_", " ")


class DifferenceTable(QTableWidget):
    """Hidden while there is nothing to compare."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("What differs between the runs")
        self.setToolTip("Fields of the experiment that are not the same in all runs, as they are at each run's end")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)

    def show_experiments(self, experiments: dict[int, Experiment], hues: dict[int, str], is_loaded: bool) -> None:
        """Compare experiments by the runs' numbers; ``hues`` are names of the theme's colours."""
        self.clear()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        sentence, paths = "", []
        if len(experiments) > 1 and is_loaded:
            try:
                paths = [path for path in differences(list(experiments.values())) if _told(experiments.values(), path)]
                sentence = "" if paths else "No field differs: the same experiment."
            except StudioError as error:
                sentence = str(error)
        elif len(experiments) > 1:
            sentence = "What differs is said as soon as PyTorch is in."
        self.setVisible(len(experiments) > 1)
        self.setColumnCount(1 + len(experiments) if paths else 1)
        self.setRowCount(len(paths))
        self.setHorizontalHeaderItem(0, QTableWidgetItem(sentence or "What differs"))
        for column, number in enumerate(experiments if paths else (), 1):
            item = QTableWidgetItem(str(number))
            item.setForeground(QColor(getattr(colours(), hues[number])))
            font = self.font()
            font.setBold(True)
            item.setFont(font)
            self.setHorizontalHeaderItem(column, item)
        for row, path in enumerate(paths):
            self.setItem(row, 0, QTableWidgetItem(field_words(path)))
            for column, experiment in enumerate(experiments.values(), 1):
                item = QTableWidgetItem(_words(value_or_none(experiment, path)))
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                self.setItem(row, column, item)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        rows = min(MOST_ROWS, len(paths))
        self.setFixedHeight(header.sizeHint().height() + rows * self.verticalHeader().defaultSectionSize() + 4)


def _told(experiments: Iterable[Experiment], path: str) -> bool:
    """Whether the cells of a field's row would not all say the same."""
    return len({_words(value_or_none(one, path)) for one in experiments}) > 1


def _words(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "–" if value in (None, "") else str(value)
