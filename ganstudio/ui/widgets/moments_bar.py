"""The four moments of figure 1 as buttons; while one is brought about, how far it is, and a way to give it up."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QToolButton, QVBoxLayout, QWidget

from ganstudio.training.four_moments import MOST_STEPS, MOST_UPDATES, TOLERANCE, Goal, Progress
from ganstudio.ui.theme import colours, tool_buttons
from ganstudio.ui.widgets.chart import sized
from ganstudio.ui.widgets.controls import button
from ganstudio.ui.widgets.wrap import WrapLayout

WORDS: tuple[tuple[str, str, str], ...] = (
    ("now", "(a) Now", "Rest, and look at the densities and D as they are (figure 1a)"),
    (
        "optimum",
        "(b) D to its optimum",
        "Train D alone, G's k being 0 and D's regularisers off meanwhile, until V(G, D*) − V(G, D) is below "
        f"{TOLERANCE:g}, D gains no more, or {MOST_UPDATES:,} updates are made (figure 1b)",
    ),
    ("move", "(c) One step of G", "One step in which G alone moves, along the gradient of D (figure 1c)"),
    (
        "equilibrium",
        "(d) To equilibrium",
        f"Train both until JSD is below {TOLERANCE:g}, at most {MOST_STEPS:,} steps (figure 1d)",
    ),
)
BRIEFLY = {"optimum": "(b) D to D*", "move": "(c) G once", "equilibrium": "(d) End"}
"""Words for a bar in which the others take more than one line."""
MEASURES: dict[Goal, str] = {"optimum": "left to gain", "equilibrium": "JSD"}
CRITIC = "A critic has no optimum to be led to: its values are bounded by nothing but its regulariser"


class MomentsBar(QWidget):
    """``asked`` brings the moment that a person wants; "cancel" gives up the one on its way."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[str, QToolButton] = {}
        self._buttons = QWidget()
        self._row = WrapLayout(self._buttons, 6)
        self._row.setContentsMargins(0, 0, 0, 0)
        for name, words, tip in WORDS:
            found = button(words, words, tip, lambda name=name: self.asked.emit(name))
            found.setCheckable(True)
            self.buttons[name] = found
            self._row.addWidget(found)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setAccessibleName("What became of the moment asked for")
        self.share = QProgressBar()
        self.share.setAccessibleName("Progress")
        self.share.setTextVisible(False)
        self.share.setFixedHeight(8)
        self.share.setMaximumWidth(220)
        self.cancel = QPushButton("Cancel")
        self.cancel.setAccessibleName("Cancel")
        self.cancel.setToolTip("Rest at once, with every field as it was")
        self.cancel.clicked.connect(lambda: self.asked.emit("cancel"))
        self.cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        below = QHBoxLayout()
        below.setSpacing(10)
        below.addWidget(self.words, 1)
        below.addWidget(self.share)
        below.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 4)
        column.setSpacing(4)
        column.addWidget(self._buttons)
        column.addLayout(below)
        self.show_progress(None)
        self.say("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Words that leave the height to the picture."""
        buttons = [one for one in self._buttons.findChildren(QToolButton) if not one.isHidden()]
        for short in ({}, BRIEFLY):
            for name, words, _ in WORDS:
                self.buttons[name].setText(short.get(name, words))
            if sum(one.sizeHint().width() for one in buttons) + 6 * len(buttons) + 16 <= self.width():
                break

    def add(self, widget: QWidget) -> None:
        """Put another control behind the buttons."""
        self._row.addWidget(widget)

    def set_size(self, pixels: int) -> None:
        """Write in this size."""
        font = sized(self.font(), pixels)
        for widget in (*self._buttons.findChildren(QToolButton), self.words, self.cancel):
            widget.setFont(font)
        self._fit()

    def say(self, sentence: str) -> None:
        """Tell what became of a moment."""
        self.words.setText(sentence)
        self.words.setVisible(bool(sentence))

    def show_progress(self, progress: Progress | None) -> None:
        """Show how far a moment is; None shows that none is on its way."""
        for widget in (self.share, self.cancel):
            widget.setVisible(progress is not None)
        for name, one in self.buttons.items():
            one.setChecked(progress is not None and progress.goal == name)
        if progress is None:
            return
        self.share.setRange(0, progress.most)
        self.share.setValue(min(progress.done, progress.most))
        unit = "updates of D alone" if progress.goal == "optimum" else "steps"
        known = progress.goal in MEASURES and progress.measure is not None
        measure = f"{MEASURES[progress.goal]}: {progress.measure:.3f}, goal {TOLERANCE:g}; " if known else ""
        self.say(f"{measure}{progress.done:,} of at most {progress.most:,} {unit}")

    def enable(self, ready: bool, busy: bool, critic: bool) -> None:
        """Which moments may be asked for: there is a figure, none is on its way, D gives a probability."""
        for name, one in self.buttons.items():
            one.setEnabled(ready and (not busy or name == "now") and not (critic and name == "optimum"))
        tip = next(tip for name, _, tip in WORDS if name == "optimum")
        self.buttons["optimum"].setToolTip(CRITIC if critic else tip)

    def restyle(self) -> None:
        """Take the theme's colours."""
        self.setStyleSheet(tool_buttons("3px 9px", f"QToolButton:disabled {{ color: {colours().muted}; }}"))
