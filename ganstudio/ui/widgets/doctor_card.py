"""One finding of the doctor: what it is, what a person may do, and the numbers that speak for it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.ui.examining import Treatment, words_of
from ganstudio.ui.theme import ON_ACCENT, colours, tool_buttons
from ganstudio.ui.widgets.chart import sized
from ganstudio.ui.widgets.doctor_spark import Spark
from ganstudio.ui.widgets.wrap import WrapLayout

if TYPE_CHECKING:
    from ganstudio.metrics.doctor.doctor import Finding

LARGER = 1.2
"""Size of a title relative to the text."""


class Rows(QWidget):
    """Numbers in words, each with its course beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[Spark, QLabel]] = []
        self._pixels = 12.0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)

    def show_rows(self, rows: Sequence[tuple[str, str]], course: dict[str, np.ndarray]) -> None:
        """Show (name of the reading, words) row by row."""
        while len(self.rows) < len(rows):
            spark, words = Spark(), QLabel()
            words.setWordWrap(True)
            self._grid.addWidget(spark, len(self.rows), 0)
            self._grid.addWidget(words, len(self.rows), 1)
            self.rows.append((spark, words))
            self.scale(self._pixels)
        for index, (spark, label) in enumerate(self.rows):
            spark.setVisible(index < len(rows))
            label.setVisible(index < len(rows))
            if index < len(rows):
                reading, words = rows[index]
                _set(label, f"{words[:1].upper()}{words[1:]}.")
                spark.show_course(course["step"], course[reading], words)

    def scale(self, pixels: float) -> None:
        """Take another size of text."""
        self._pixels = pixels
        for row in self.rows:
            for widget in row:
                widget.setFont(sized(self.font(), pixels))


class FindingCard(QFrame):
    """Shows a finding, again and again while it stands."""

    treated = Signal(str)
    """A person takes the remedy against the complaint of this name."""
    taken_back = Signal(str)
    silenced = Signal(str)

    def __init__(self, complaint: str):
        super().__init__()
        self.complaint = complaint
        self.setObjectName("card")
        self._good = False
        self.title, self.since, self.sentence, self.done = QLabel(), QLabel(), QLabel(), QLabel()
        for label in (self.sentence, self.done):
            label.setWordWrap(True)
        self.since.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.remedy, self.back, self.silence = QPushButton(), QPushButton("Take it back"), QToolButton()
        self.silence.setText("Don't tell me again for this run")
        self.silence.setToolTip("Say nothing more of this in this run")
        self.back.setToolTip("Set the fields back to what they were before the remedy")
        self.remedy.clicked.connect(lambda: self.treated.emit(self.complaint))
        self.back.clicked.connect(lambda: self.taken_back.emit(self.complaint))
        self.silence.clicked.connect(lambda: self.silenced.emit(self.complaint))
        self.rows = Rows()
        head, feet = QHBoxLayout(), QWidget()
        head.addWidget(self.title, 1)
        head.addWidget(self.since)
        row = WrapLayout(feet, 8)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self.remedy, self.back, self.silence):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 12, 10)
        column.setSpacing(8)
        column.addLayout(head)
        # What may be done stands above what speaks for it: in a low panel it is seen without scrolling.
        for widget in (self.sentence, self.done, feet, self.rows):
            column.addWidget(widget)
        self.restyle()

    def scale(self, pixels: float) -> None:
        """Take another size of text."""
        # One by one: a style sheet's widgets do not inherit a font.
        for widget in (self.since, self.sentence, self.done, self.remedy, self.back, self.silence):
            widget.setFont(sized(self.font(), pixels))
        self.rows.scale(pixels)
        self.title.setFont(sized(self.font(), LARGER * pixels, bold=True))

    def show_finding(
        self, finding: "Finding", course: dict[str, np.ndarray], treatment: Treatment | None, offered: bool
    ) -> None:
        """Show what is said now.

        ``course`` holds the readings so far, ``treatment`` what was done against it; ``offered``: with its remedy.
        """
        if finding.good != self._good:
            self._good = finding.good
            self.restyle()
        _set(self.title, finding.title)
        _set(self.since, f"since step {finding.since:,}")
        _set(self.sentence, finding.sentence)
        self.sentence.setToolTip(f"<p>{finding.source}</p>")
        self.rows.show_rows([(one.reading, one.words) for one in finding.evidence], course)
        self.done.setVisible(treatment is not None)
        self.back.setVisible(treatment is not None)
        if treatment is not None:
            _set(self.done, f"At step {treatment.step:,} you chose: {treatment.title}.")
        remedy = finding.remedy if offered else None
        self.remedy.setVisible(remedy is not None)
        if remedy is not None and _set(self.remedy, remedy.title):
            self.remedy.setToolTip(words_of(remedy))
            self.remedy.setAccessibleName(f"{remedy.title}, against: {finding.title}")

    def restyle(self) -> None:
        """Take the theme's colours."""
        c = colours()
        edge = c.equilibrium if self._good else c.warning
        self.setStyleSheet(
            f"#card {{ background: {c.surface}; border: 1px solid {c.grid}; border-left: 5px solid {edge}; }}"
            f"QPushButton {{ padding: 5px 12px; border: 1px solid {c.grid}; border-radius: 4px; }}"
            f"QPushButton:hover, QPushButton:focus {{ border-color: {c.accent}; }}" + tool_buttons("4px 8px")
        )
        self.remedy.setStyleSheet(
            f"QPushButton {{ background: {c.accent}; color: {ON_ACCENT}; border-color: {c.accent}; }}"
            f"QPushButton:focus {{ border: 2px solid {c.text}; }}"
        )
        self.since.setStyleSheet(f"color: {c.muted}")
        self.done.setStyleSheet(f"color: {c.muted}")


def _set(widget: QLabel | QPushButton, text: str) -> bool:
    """Set a text that is another. Answers whether it was."""
    if widget.text() == text:
        return False
    widget.setText(text)
    return True
