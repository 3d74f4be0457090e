"""The Latent panel's sliders: which directions of z they move, and their read-outs."""

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.directions import Principal, axes, oriented
from ganstudio.latent.position import Position, chosen
from ganstudio.latent.requests import Prior
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.direction_slider import DirectionSlider

MOST_SLIDERS = 12
MOST_PRINCIPAL = 64
"""Principal directions that can be chosen from."""
REACH = 3.0
"""Sliders reach so many σ to both sides, or as far as the prior does."""
PRINCIPAL, DIMENSIONS = "principal", "dimensions"


class SliderBank(QWidget):
    """Up to twelve sliders over principal directions or single dimensions of z. It holds the directions, not z."""

    moved = Signal(int, float)
    """A person gave slider i this coordinate, in σ."""
    reset_asked = Signal(int)
    changed = Signal()
    """The sliders move other directions now: their read-outs are due."""
    find_asked = Signal()
    """Principal directions are wanted, found from G as it is now."""
    refused = Signal(str)
    """The choice of directions is no good: a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[DirectionSlider] = []
        self.vectors = np.zeros((0, 0))
        """(k, dim) orthonormal: what each slider moves."""
        self._prior: Prior | None = None
        self._principal: Principal | None = None
        self._stale = True  # the principal directions are those of another G
        self._texts = {PRINCIPAL: "1–8", DIMENSIONS: "1–8"}
        self.method = QComboBox()
        self.method.setAccessibleName("What the sliders move")
        self.method.addItem("Principal directions", PRINCIPAL)
        self.method.addItem("Dimensions", DIMENSIONS)
        self.method.setToolTip(
            "Principal directions: those along which G's first activation changes most, strongest first.\n"
            "Dimensions: single numbers of z."
        )
        self.which = QLineEdit(self._texts[PRINCIPAL])
        self.which.setAccessibleName("Which of them")
        self.which.setToolTip("Which ones have a slider, up to twelve: for instance 1–8 or 3, 17, 40–43")
        self.which.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.which.setMinimumWidth(60)
        self.find = QToolButton()
        self.find.setText("Find again")
        self.find.setAutoRaise(True)
        self.find.setAccessibleName("Find the principal directions again")
        self.find.setToolTip("Find the principal directions again, from G as it is now")
        self.find.clicked.connect(self.find_asked)
        choice = QHBoxLayout()
        choice.addWidget(self.method)
        choice.addWidget(self.which)
        choice.addWidget(self.find)
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(choice)
        layout.addLayout(self._list)
        self.method.currentIndexChanged.connect(self._take_method)
        self.which.editingFinished.connect(self._take_choice)
        self.restyle()

    # what it is told

    def set_prior(self, prior: Prior) -> None:
        """The prior in force: it bounds the sliders."""
        if prior == self._prior:
            return
        other = self._prior is None or prior.dim != self._prior.dim
        self._prior = prior
        if other:
            self._principal, self._stale = None, True
            self._choose()
        for row in self.rows:
            row.set_reach(min(REACH, prior.limit / prior.std))

    def set_principal(self, found: Principal, step: int) -> None:
        """Principal directions were found, from G after ``step`` steps."""
        if self._principal is not None:
            found = Principal(oriented(found.vectors, self._principal.vectors), found.shares)
        self._principal, self._stale = found, False
        self.find.setToolTip(
            "Find the principal directions again, from G as it is now; they turn while G learns.\n"
            f"These were found after step {step:,}."
        )
        self._choose()

    def forget(self) -> None:
        """Another G: its directions are not known yet; until then the sliders keep the old ones."""
        self._stale = True

    def show_position(self, position: Position) -> None:
        """Read out where z stands, and where it came from."""
        if self._prior is None or self.vectors.shape[1] != len(position.z):
            return
        here = self.vectors @ position.z / self._prior.std
        there = self.vectors @ position.origin / self._prior.std
        for row, coordinate, default in zip(self.rows, here, there, strict=True):
            row.show_coordinate(float(coordinate), float(default))

    # what it knows

    @property
    def needs_principal(self) -> bool:
        """Whether principal directions are wanted and not known."""
        return self.method.currentData() == PRINCIPAL and self._stale

    def locked(self) -> np.ndarray:
        """(k, dim): the directions whose coordinates are locked."""
        return self.vectors[[row.lock.isChecked() for row in self.rows]]

    def save_state(self) -> dict[str, str]:
        """Its choices, as plain values."""
        return {"method": self.method.currentData(), **self._texts}

    def load_state(self, state: dict) -> None:
        """Take up remembered choices; misfitting ones are ignored."""
        for method in self._texts:
            if isinstance(state.get(method), str):
                self._texts[method] = state[method]
        index = self.method.findData(state.get("method"))
        self.method.setCurrentIndex(max(0, index))
        self._take_method()

    # what a person does

    def _take_method(self) -> None:
        self.which.setText(self._texts[self.method.currentData()])
        self._choose()

    def _take_choice(self) -> None:
        text = self.which.text()
        if self._prior is None:
            return
        try:
            chosen(text, self._available(), MOST_SLIDERS)
        except StudioError as error:
            self._show_fault(str(error))
            self.refused.emit(f"Sliders: {error}.")
            return
        if text != self._texts[self.method.currentData()]:
            self._texts[self.method.currentData()] = text
            self._choose()
        self._show_fault("")

    def _available(self) -> int:
        assert self._prior is not None
        principal = self.method.currentData() == PRINCIPAL
        return min(self._prior.dim, MOST_PRINCIPAL) if principal else self._prior.dim

    def _choose(self) -> None:
        """Give each slider its direction, by method and text; none while they are not known."""
        method = self.method.currentData()
        self.find.setVisible(method == PRINCIPAL)
        self._show_fault("")
        if self._prior is None or (method == PRINCIPAL and self._principal is None):
            self._fill([], [])
            self.vectors = np.zeros((0, 0))
        else:
            try:
                picked = chosen(self._texts[method], self._available(), MOST_SLIDERS)
            except StudioError:  # chosen for a z with more numbers
                picked = list(range(min(8, self._available())))
                self.which.setText(f"1–{len(picked)}")
            if method == PRINCIPAL:
                self.vectors = self._principal.vectors[picked]
                names = [(str(i + 1), f"Principal direction {i + 1}", self._strength(i)) for i in picked]
            else:
                self.vectors = axes(picked, self._prior.dim)
                names = [(f"z {i + 1}", f"Dimension {i + 1} of z", "") for i in picked]
            self._fill(names, [(method, i) for i in picked])
        self.changed.emit()
        if self.needs_principal and self._prior is not None:
            self.find_asked.emit()

    def _strength(self, index: int) -> str:
        return f"It brings about {self._principal.shares[index]:.1%} of the variance of G's first activation."

    def _fill(self, names: list[tuple[str, str, str]], keys: list[tuple[str, int]]) -> None:
        """One row for each name. A lock stays with its direction."""
        locks = {row.key for row in self.rows if row.lock.isChecked()}
        while len(self.rows) > len(names):
            row = self.rows.pop()
            self._list.removeWidget(row)
            row.deleteLater()
        while len(self.rows) < len(names):
            self._add_row()
        for row, name, key in zip(self.rows, names, keys, strict=True):
            row.stand_for(key, *name)
            row.lock.setChecked(key in locks)

    def _add_row(self) -> None:
        row, index = DirectionSlider(), len(self.rows)
        if self._prior is not None:
            row.set_reach(min(REACH, self._prior.limit / self._prior.std))
        row.moved.connect(lambda coordinate: self.moved.emit(index, coordinate))
        row.reset_asked.connect(lambda: self.reset_asked.emit(index))
        self.rows.append(row)
        self._list.addWidget(row)

    def _show_fault(self, sentence: str) -> None:
        palette = QPalette()
        if sentence:
            palette.setColor(QPalette.ColorRole.Text, QColor(colours().danger))
        self.which.setPalette(palette)
        self.which.setAccessibleDescription(sentence)

    def restyle(self) -> None:
        """Follow a change of theme."""
        for row in self.rows:
            row.restyle()
