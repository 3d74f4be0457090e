"""Where a duel is watched: a side on the left, one on the right, and between them their curves, or the verdict."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.metrics.duel_verdict import Verdict
from ganstudio.training.contest import Contest
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.controls import button
from ganstudio.ui.widgets.duel_half import DuelHalf, common
from ganstudio.ui.widgets.duel_header import DuelHeader, Words
from ganstudio.ui.widgets.duel_history import LEFT, RIGHT, ForkAxis
from ganstudio.ui.widgets.duel_plot import DuelPlot
from ganstudio.ui.widgets.verdict_table import VerdictTable

if TYPE_CHECKING:
    from ganstudio.training.mailbox import Frame

PLOTS = (
    ("J_D", "loss.discriminator", "Loss of the discriminator on each side", False),
    ("J_G", "loss.generator", "Loss of the generator on each side", False),
    ("‖∇J_G‖", "gradient.generator", "Norm of G's gradient: where it is gone, G learns no more", True),
    ("D(G(z))", "score.fake", "How real D thinks G's samples are", False),
)
"""Title, metric, tooltip, whether its axis is logarithmic."""
SHARES = (29, 42, 29)
"""Widths of the left side, the middle and the right side."""
KEEP = {
    "left": ("Keep left", "Go on with the left side, as if its edit had been made (Shift+←)"),
    "": ("Keep neither", "Go on with the run as it was before the duel (Shift+↓)"),
    "right": ("Keep right", "Go on with the right side, as if its edit had been made (Shift+→)"),
}
"""Words and tooltip of the buttons that end a duel, by the side that is kept."""
LINES = 2
"""Of the sentence below, at the most."""


class DuelArena(QWidget):
    """Shows what it is given; knows no session."""

    train_wanted = Signal()
    """Train both sides, or pause."""
    keep_wanted = Signal(str)
    """End the duel and keep this side; empty keeps neither."""
    new_wanted = Signal()
    """Another duel."""

    def __init__(self) -> None:
        super().__init__()
        self.header = DuelHeader()
        self.halves = {"left": DuelHalf("left", LEFT), "right": DuelHalf("right", RIGHT)}
        self.plots = {metric: DuelPlot(title, metric, tip, log=log) for title, metric, tip, log in PLOTS}
        self.table = VerdictTable()
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.train = _button("Train", "Train or pause", "Train both sides, or pause (Space)", self.train_wanted.emit)
        self.more = _button("Verdict", "Curves or verdict", "The verdict in place of the curves (T)", self.toggle_table)
        self.keepers = {
            side: _button(words, words, tip, lambda side=side: self.keep_wanted.emit(side))
            for side, (words, tip) in KEEP.items()
        }
        self.again = _button("New duel…", "New duel", "Choose what the next duel is about", self.new_wanted.emit)
        self._field = self._kept = ""
        self._contest: Contest | None = None
        self._verdict: Verdict | None = None
        self._lay_out()
        self.restyle()

    def _lay_out(self) -> None:
        curves, middle = QWidget(), QWidget()
        grid = QGridLayout(curves)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        for index, plot in enumerate(self.plots.values()):
            grid.addWidget(plot, index // 2, index % 2)
        self._middle = QStackedLayout(middle)
        for widget in (curves, self.table):
            self._middle.addWidget(widget)
        body = QHBoxLayout()
        body.setSpacing(8)
        for widget, share in zip((self.halves["left"], middle, self.halves["right"]), SHARES, strict=True):
            body.addWidget(widget, share)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 5, 8, 5)
        bar.setSpacing(8)
        bar.addWidget(self.keepers["left"])
        bar.addStretch(1)
        for widget in (self.train, self.more, self.keepers[""], self.again):
            bar.addWidget(widget)
        bar.addStretch(1)
        bar.addWidget(self.keepers["right"])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(bar)
        column.addLayout(body, 1)
        column.addWidget(self.sentence)

    # what is shown

    def begin(self, contest: Contest, shape: list[int], field: str) -> None:
        """Another duel, on data of this shape, about this field."""
        self._contest, self._field, self._kept = contest, field, ""
        axis = ForkAxis(contest.step)
        for plot in self.plots.values():
            plot.begin(contest, axis)
        for half in self.halves.values():
            half.begin(shape)
        self.show_table(False)

    def show_contest(self, contest: Contest) -> None:
        """Draw what is new in the curves."""
        self._contest = contest
        for plot in self.plots.values():
            plot.show_contest(contest)

    def show_pictures(self, frames: "Mapping[str, Frame]") -> None:
        """Draw what G makes, by side."""
        for side, frame in frames.items():
            self.halves[side].show_picture(frame)

    def show_histograms(self, frames: "Mapping[str, Any]") -> None:
        """Draw how D judges, by side; of both over one axis."""
        if len(frames) == len(self.halves):
            frames = dict(zip(("left", "right"), common(frames["left"], frames["right"]), strict=True))
        for side, frame in frames.items():
            self.halves[side].show_histogram(frame)
        self.halves["left"].match(self.halves["right"])

    def show_verdict(self, verdict: Verdict, before: str = "") -> None:
        """Show a verdict; ``before`` is what its sentence follows."""
        self._verdict = verdict
        self.table.show_verdict(verdict)
        self.sentence.setText(f"{before} {verdict.sentence}".strip())
        self._style_sentence()

    def toggle_table(self) -> None:
        """The verdict in place of the curves, or the curves again."""
        self.show_table(self._middle.currentWidget() is not self.table)

    def show_table(self, shown: bool) -> None:
        """The verdict, or the curves."""
        self._middle.setCurrentIndex(int(shown))
        self.more.setText("Curves" if shown else "Verdict")

    def say(self, told: str, *, running: bool, over: bool, kept: str = "") -> None:
        """Make header and buttons say what is: ``told`` in a word, and which side was ``kept``."""
        contest = self._contest
        if contest is None:
            return
        self._kept = kept
        step = max(contest.left.step, contest.right.step)
        since = f"{step - contest.step:,} since the fork" if contest.step else ""
        self.header.say(
            Words(
                self._field,
                contest.left.words,
                contest.right.words,
                f"step {step:,}",
                " · ".join(filter(None, (since, told))),
                self._note("left"),
                self._note("right"),
            )
        )
        self.train.setText("Pause" if running else "Train")
        for widget in (self.train, *self.keepers.values()):
            widget.setVisible(not over)
        self.again.setVisible(over)

    def _note(self, name: str) -> str:
        assert self._contest is not None
        side = self._contest.left if name == "left" else self._contest.right
        notes = ["kept"] if self._kept == name else []
        if side.failure:
            notes.append(f"broke down, rests at step {side.step:,}")
        elif self._verdict is not None and self._verdict.better == name:
            notes.append("stands better")
        return " · ".join(notes)

    # looks

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.header.set_height(self.height())
        self._style_sentence()

    def _style_sentence(self) -> None:
        c, most = colours(), max(14, min(26, self.height() // 36))
        hues = {"left": getattr(c, LEFT), "right": getattr(c, RIGHT)}
        edge = hues.get(self._verdict.better if self._verdict is not None else "", c.grid)
        self.sentence.setFixedHeight(round(1.25 * LINES * most) + 18)
        self.sentence.setStyleSheet(
            f"QLabel {{ font-size: {self._fitting(most)}px; padding: 8px 14px; color: {c.text};"
            f" background: {c.surface}; border-left: 8px solid {edge}; }}"
        )

    def _fitting(self, size: int) -> int:
        """Pixels of a font in which the sentence takes ``LINES`` lines at the most."""
        font, room = self.sentence.font(), QRect(0, 0, max(100, self.width() - 50), 10_000)
        while size > 11:
            font.setPixelSize(size)
            box = QFontMetrics(font).boundingRect(room, Qt.TextFlag.TextWordWrap, self.sentence.text())
            if box.height() <= 1.3 * LINES * size:
                break
            size -= 1
        return size

    def restyle(self) -> None:
        """Take the theme's colours."""
        c = colours()
        hues = {self.keepers["left"]: getattr(c, LEFT), self.keepers["right"]: getattr(c, RIGHT)}
        for one in (self.train, self.more, self.again, *self.keepers.values()):
            edge, words = hues.get(one, c.grid), hues.get(one, c.text)
            one.setStyleSheet(
                "QToolButton { border-radius: 4px; padding: 4px 14px; font-size: 16px; font-weight: bold;"
                f" background: {c.surface}; border: 2px solid {edge}; color: {words}; }}"
                f"QToolButton:hover, QToolButton:focus {{ border-color: {c.text}; }}"
            )
        for half in self.halves.values():
            half.restyle()
        for widget in (self.header, self.table, *self.plots.values()):
            widget.update()
        self._style_sentence()


def _button(words: str, name: str, tip: str, pressed: Any) -> QToolButton:
    found = button(words, name, tip, pressed)
    found.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return found
