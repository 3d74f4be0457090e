"""The left side of the Directions panel: what draws z anew and takes it back, the sliders, the truncation."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ganstudio.latent.position import Position
from ganstudio.ui.exploring import Exploration
from ganstudio.ui.widgets.action_button import ActionButton
from ganstudio.ui.widgets.direction_slider import SliderRow
from ganstudio.ui.widgets.slider_bank import SliderBank


class DirectionControls(QScrollArea):
    """``owner`` is the panel whose keys the buttons answer to."""

    def __init__(self, owner: QWidget, exploration: Exploration, bank: SliderBank):
        super().__init__()
        self._exploration, self.bank = exploration, bank
        self.random = ActionButton(
            owner, "Random", "random", "A fresh z; locked coordinates stay", exploration.draw, keys="R", wordy=True
        )
        self.reset = ActionButton(
            owner,
            "Reset all",
            "reset",
            "Back to the sample you started from; locked coordinates stay",
            exploration.reset_all,
            keys="Shift+R",
            wordy=True,
        )
        self.back = ActionButton(
            owner, "Back", "back", "To the place before; also Ctrl+Z", exploration.back, keys="Alt+Left"
        )
        self.forward = ActionButton(
            owner, "Forward", "forward", "To the place after; also Ctrl+Shift+Z", exploration.forward, keys="Alt+Right"
        )
        self._buttons = (self.random, self.reset, self.back, self.forward)
        self.truncation = _truncation_row()
        bank.add_below(self.truncation)
        self.setWidget(self._column())
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.truncation.released.connect(exploration.rest)
        self.truncation.reset_asked.connect(lambda: exploration.truncate(1.0))
        self._connect_bank()

    def _connect_bank(self) -> None:
        exploration, bank = self._exploration, self.bank
        bank.reset_asked.connect(lambda index: exploration.reset(bank.vectors[index]))
        bank.released.connect(exploration.rest)
        bank.chosen.connect(exploration.choose)
        bank.choice.find_asked.connect(self.find)
        bank.choice.cancel_asked.connect(exploration.give_up)
        bank.choice.shuffle_asked.connect(exploration.shuffle)

    def _column(self) -> QWidget:
        top = QHBoxLayout()
        top.setSpacing(2)
        for button in self._buttons:
            top.addWidget(button)
        top.addStretch(1)
        found = QWidget()
        column = QVBoxLayout(found)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(10)
        column.addLayout(top)
        column.addWidget(self.bank, 1)
        return found

    def minimumSizeHint(self) -> QSize:
        # Nothing scrolls sideways, so that what is wider than the view would be cut.
        least = self.widget().minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(least, super().minimumSizeHint().height())

    def find(self) -> None:
        """Look for principal directions, if somebody looks at the panel."""
        if self._exploration.search():
            self.bank.choice.show_progress(0.0)

    def show_position(self, position: Position | None) -> None:
        """Make sliders and buttons say where z stands; None while there is no G."""
        if position is not None:
            self.bank.choice.set_seed(position.seed)
            self.bank.show_sliders(position.sliders)
            self.bank.show_position(position)
            self.truncation.show_value(position.truncation, 1.0, f"{position.truncation:.2f}")
        self.truncation.setEnabled(position is not None)
        self.random.set_enabled(position is not None)
        self.reset.set_enabled(position is not None and not position.is_origin)
        self.back.set_enabled(position is not None and position.can_go_back)
        self.forward.set_enabled(position is not None and position.can_go_forward)

    def restyle(self) -> None:
        """Follow a change of theme."""
        for part in (*self._buttons, self.bank, self.truncation):
            part.restyle()


def _truncation_row() -> SliderRow:
    found = SliderRow(0.0, 1.0, 1.0, step=0.05, leap=0.25)
    found.slider.setSingleStep(1)
    found.slider.setPageStep(10)
    found.lock.setEnabled(False)
    found.lock.hide()
    found.describe(
        "Truncation ψ",
        "Truncation ψ",
        "G is fed z drawn this far towards the prior's mean. Smaller is more typical and less varied.",
        "Back to 1: z as it is (Delete)",
    )
    found.show_value(1.0, 1.0, "1.00")
    return found
