"""What can be done with labels: buttons above the samples; below them what the labels are worth, and a name to keep."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPalette, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLayout, QLineEdit, QVBoxLayout, QWidget

from ganstudio.latent.labelling import LEAST
from ganstudio.latent.labels import HAND, Labels
from ganstudio.ui.labelling import Labelling
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.action_button import ActionButton
from ganstudio.ui.widgets.controls import button
from ganstudio.ui.widgets.fitting_label import FittingLabel

LARGE = 1.7
"""Size of the accuracy, relative to the panel's font."""
AUTOMATIC = "Label automatically…"
MEANING = (
    "Each sample is judged by a direction that was fitted without it: the mean of the share that is told rightly of\n"
    "those that have it and of those that have not, ± its standard error. Guessing gives 50 %."
)


class LabelBar(QWidget):
    """``owner`` is the panel whose keys the buttons answer to."""

    def __init__(self, owner: QWidget, labelling: Labelling):
        super().__init__()
        self._labelling = labelling
        do = labelling.do
        self.draw = ActionButton(
            owner, "New samples", "random", "Other samples; those with labels keep them", labelling.draw, keys="R"
        )
        self.clear = ActionButton(
            owner, "Clear", "reset", "Take all labels off", lambda: do(lambda _: Labels()), keys="Shift+Delete"
        )
        self.back = ActionButton(owner, "Take back", "undo", "Take back", labelling.back, keys="Alt+Left")
        self.forward = ActionButton(owner, "Do again", "redo", "Do again", labelling.forward, keys="Alt+Right")
        self._buttons = (self.draw, self.clear, self.back, self.forward)
        self.judge = QComboBox()
        self.judge.setAccessibleName("Label automatically")
        self.judge.activated.connect(self._ask)
        self.cancel = button("Cancel", "Cancel", "Let the classifier go", labelling.give_up)
        self.status = FittingLabel()
        self.status.setAccessibleName("Whose samples these are")
        self.status.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._attributes: tuple[str, ...] = ()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        for widget in self._buttons:
            layout.addWidget(widget)
        layout.addWidget(self.status, 1)
        layout.addSpacing(6)
        layout.addWidget(self.judge)
        layout.addWidget(self.cancel)

    def show_state(self) -> None:
        """Make the controls fit the labels and the open experiment."""
        labelling, judge = self._labelling, self._labelling.judge
        self.draw.set_enabled(labelling.prior is not None)
        self.clear.set_enabled(len(labelling.labels) > 0)
        self.back.set_enabled(labelling.can_go_back)
        self.forward.set_enabled(labelling.can_go_forward)
        self.show_weights()
        attributes = judge.attributes if judge is not None else ()
        if attributes != self._attributes:
            self._attributes = attributes
            self.judge.clear()
            self.judge.addItems([AUTOMATIC, *attributes] if attributes else [])
            self._show_sentence(judge.name if judge is not None else "")
        busy = labelling.judging is not None
        self.judge.setVisible(bool(attributes) and not busy)
        self.judge.setEnabled(labelling.prior is not None)
        self.cancel.setVisible(busy)

    def show_weights(self) -> None:
        """Say whose weights made the samples."""
        before = self.status.least
        self.status.say(*self._labelling.weights)
        if self.status.least != before:
            self._fit()

    def _show_sentence(self, name: str) -> None:
        self.judge.setToolTip(
            f"Let {name} say which of 300 fresh samples have an attribute.\n"
            "That is its opinion, which may be wrong; what it is not sure of has no label."
        )

    def _ask(self, index: int) -> None:
        self.judge.setCurrentIndex(0)
        if index > 0:
            self._labelling.ask_judge(self._attributes[index - 1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Words on the buttons where there is room."""
        style = Qt.ToolButtonStyle
        for wordy in (style.ToolButtonTextBesideIcon, style.ToolButtonIconOnly):
            for one in self._buttons:
                one.setToolButtonStyle(wordy)
            if self.sizeHint().width() + self.status.least <= self.width():
                return

    def restyle(self) -> None:
        """Follow a change of theme."""
        for one in self._buttons:
            one.restyle()


class LabelVerdict(QWidget):
    """How well the labels are told apart, and the name under which their direction is kept."""

    named = Signal(str)
    """The direction is to be kept under this name."""

    def __init__(self) -> None:
        super().__init__()
        self.accuracy, self.reading = QLabel(), QLabel()
        for label in (self.accuracy, self.reading):
            label.setWordWrap(True)
            label.setToolTip(MEANING)
        self.reading.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.accuracy.setWordWrap(False)
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the direction")
        self.name.setPlaceholderText("Name of the attribute")
        self.name.setToolTip("A name for the direction: Enter keeps it (K comes here)")
        self.name.returnPressed.connect(self._keep)
        self.keep = button("Keep", "Keep as a named direction", "Keep as a named direction (K)", self._keep)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.name, 1)
        row.addWidget(self.keep)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.accuracy)
        layout.addWidget(self.reading, 1)
        layout.addLayout(row)
        self._there = False

    def show_state(self, labelling: Labelling) -> None:
        """Say what there is to say of the labels."""
        found = labelling.found
        self._there = found is not None
        self.keep.setEnabled(self._there)
        self.accuracy.setVisible(self._there)
        if found is not None:
            known = found.accuracy is not None and found.error is not None
            self.accuracy.setText(f"{found.accuracy:.0%} ± {found.error:.0%}".replace("%", " %") if known else "…")
        self.reading.setText(self._words(labelling))
        self.setAccessibleDescription(f"{self.accuracy.text()} {self.reading.text()}" if found else self.reading.text())

    def _words(self, labelling: Labelling) -> str:
        if labelling.judging is not None:
            return f"Samples are being judged: {labelling.judging:.0%}".replace("%", " %")
        found, labels = labelling.found, labelling.labels
        if found is None:
            return f"{labelling.problem}." if labelling.problem else _wanting(labels)
        if found.accuracy is None or found.error is None:
            return "Samples that are left out are being told apart…"
        count = found.have + found.have_not
        how = f"leave-one-out of {count}" if found.folds == count else f"{found.folds}-fold, of {count}"
        words = f"told apart ({how})"
        if found.accuracy - 2 * found.error < 0.5:
            words += ": no better than guessing yet; label more"
        who = labels.who()
        return f"{words}." if who == f"by {HAND}" else f"{words}, labelled {who}: its opinion."

    def suggest(self, name: str) -> None:
        """Offer a name."""
        self.name.setText(name)

    def ask_name(self) -> None:
        """Have the name written."""
        self.name.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.name.selectAll()

    def clear_name(self) -> None:
        """It has been kept."""
        self.name.clear()
        self.keep.setFocus()

    def _keep(self) -> None:
        if not self._there:
            return
        if self.name.text().strip():
            self.named.emit(self.name.text())
        else:
            self.ask_name()

    def restyle(self) -> None:
        """Follow a change of theme or type size."""
        font = self.font()
        font.setPointSizeF(LARGE * font.pointSizeF())
        font.setBold(True)
        self.accuracy.setFont(font)
        palette = self.reading.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colours().text))
        for label in (self.accuracy, self.reading):
            label.setPalette(palette)


def _wanting(labels: Labels) -> str:
    have, have_not = labels.count(True), labels.count(False)
    if not have and not have_not:
        return f"Click samples that have an attribute, right-click ones that have not: {LEAST} of each, or more."
    missing = [
        f"{LEAST - count} more that {words}"
        for count, words in ((have, "have it"), (have_not, "have not"))
        if count < LEAST
    ]
    return f"For a direction label {' and '.join(missing)}."
