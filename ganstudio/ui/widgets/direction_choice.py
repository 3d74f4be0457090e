"""What the sliders of the Directions panel move, and how far they reach: the controls above them."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QSizePolicy, QWidget

from ganstudio.experiment.errors import StudioError
from ganstudio.latent import choices
from ganstudio.latent.choices import DIMENSIONS, METHODS, MOST_PRINCIPAL, NAMED, PRINCIPAL, RANDOM, Direction, chosen
from ganstudio.latent.keepsakes import NamedDirection
from ganstudio.latent.principal import Principal, matched
from ganstudio.latent.requests import Prior
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.controls import button, choice, select

MOST_SLIDERS = 12
FIRST = 8
"""Sliders that there are at first."""
REACHES = (1.0, 2.0, 3.0, 5.0, 10.0)
"""σ to both sides that sliders can be given."""
FIND = "Find again"
FIND_TIP = "Find the principal directions again, from G as it is now; they turn while G learns"


class DirectionChoice(QWidget):
    """Holds the directions that there are, and knows which of them a person wants sliders for."""

    changed = Signal()
    """The directions in ``chosen`` are others."""
    picked = Signal()
    """A person has chosen another kind, or others of it; ``changed`` came first."""
    find_asked = Signal()
    """Principal directions are wanted, found from G as it is now."""
    cancel_asked = Signal()
    """They are not wanted any more."""
    shuffle_asked = Signal()
    """Other random directions are wanted."""
    reach_changed = Signal()
    refused = Signal(str)
    """The choice of directions is no good: a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self._prior: Prior | None = None
        self._principal: Principal | None = None
        self._named: Sequence[NamedDirection] = ()
        self._seed = 0
        self._stale = True  # the principal directions are those of another G
        self._given_up = False
        self._share: float | None = None  # of the search for principal directions that goes on
        self._reach = 3.0
        self._texts = dict.fromkeys(METHODS, f"1–{FIRST}")
        self.method = choice(
            "What the sliders move",
            "Principal directions: those along which G's first activation changes most, strongest first.\n"
            "Dimensions: single numbers of z. Random directions: orthogonal to each other.\n"
            "Named directions: kept from arithmetic or from labelled samples.",
            [
                ("Principal directions", PRINCIPAL),
                ("Dimensions", DIMENSIONS),
                ("Random directions", RANDOM),
                ("Named directions", NAMED),
            ],
            lambda: None,
        )
        self.which = QLineEdit(self._texts[PRINCIPAL])
        self.which.setAccessibleName("Which of them")
        self.which.setToolTip("Which ones have a slider, up to twelve: for instance 1–8 or 3, 17, 40–43")
        self.which.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.which.setMinimumWidth(60)
        self.range = choice("Range of the sliders", "How far they reach, in σ of the prior", [], self._take_reach)
        self.find = button(FIND, "Find the principal directions again", FIND_TIP, self._press_find)
        self.find.setMinimumWidth(self.find.fontMetrics().horizontalAdvance("Cancel (100 %)") + 12)
        self.shuffle = button(
            "Shuffle",
            "Shuffle the random directions",
            "Other random directions; Ctrl+Z brings these back",
            self.shuffle_asked.emit,
        )
        for box, letters in ((self.method, 10), (self.range, 6)):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(letters)  # whatever its longest entry is: a narrow panel has little room
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.method, 0, 0, 1, 2)
        layout.addWidget(self.which, 0, 2)
        layout.addWidget(self.find, 1, 0)
        layout.addWidget(self.shuffle, 1, 0)
        layout.addWidget(self.range, 1, 2)
        layout.setColumnStretch(1, 1)
        self.method.currentIndexChanged.connect(self._take_method)
        self.which.editingFinished.connect(self._take_text)
        self._show_method()

    # what it is told

    def set_prior(self, prior: Prior) -> None:
        """The prior in force: its numbers are those of z, and it may bound them."""
        other = self._prior is None or prior.dim != self._prior.dim
        self._prior = prior
        if other:
            self._principal = None
            self.forget()
        self._fill_range()
        self.reach_changed.emit()
        if other:
            self._tell()

    def set_principal(self, found: Principal, step: int) -> None:
        """Principal directions were found, from G after ``step`` steps. Those of the same G keep their places."""
        if self._principal is not None and not self._stale:
            found = matched(found, self._principal)
        self._principal, self._stale = found, False
        self.show_progress(None)
        self.find.setToolTip(f"{FIND_TIP}.\nThese were found after step {step:,}.")
        if self.kind == PRINCIPAL:
            self._tell()

    def set_named(self, named: Sequence[NamedDirection]) -> None:
        """The named directions that there are."""
        self._named = tuple(named)
        if self.kind == NAMED:
            self._tell()

    def set_seed(self, seed: int) -> None:
        """Of the random directions."""
        if seed != self._seed:
            self._seed = seed
            if self.kind == RANDOM:
                self._tell()

    def forget(self) -> None:
        """Another G: its principal directions are not known yet; until then the old ones stand."""
        self._stale, self._given_up = True, False
        self.show_progress(None)

    def show_progress(self, share: float | None) -> None:
        """How much of the search for principal directions is done, 0…1; None when none goes on."""
        self._share = share
        self.find.setText(FIND if share is None else f"Cancel ({share:.0%})")

    def give_up(self) -> None:
        """The search for principal directions was cancelled, or failed: it is not begun again by itself."""
        self._given_up = True
        self.show_progress(None)
        self._tell()

    # what it knows

    @property
    def kind(self) -> str:
        """One of ``METHODS``."""
        return self.method.currentData()

    @property
    def picks(self) -> tuple[str, dict[str, str]]:
        """The kind, and which ones of each kind, as a person has chosen."""
        return self.kind, dict(self._texts)

    def show_picks(self, kind: str, numbers: Mapping[str, str]) -> None:
        """Take such a choice up again; ``changed`` is not emitted."""
        self._texts = dict(numbers)
        self.method.blockSignals(True)
        self.method.setCurrentIndex(self.method.findData(kind))
        self.method.blockSignals(False)
        self._show_method()
        self._settle()
        self._want()

    @property
    def needs_principal(self) -> bool:
        """Whether principal directions are wanted and not known."""
        return self.kind == PRINCIPAL and self._stale and not self._given_up

    @property
    def is_finding(self) -> bool:
        """Whether they are being looked for."""
        return self._share is not None

    @property
    def reach(self) -> float:
        """Sliders go from −reach to reach, in σ."""
        return min(self._reach, self._limit)

    @property
    def _limit(self) -> float:
        return float("inf") if self._prior is None else self._prior.limit / self._prior.std

    def directions(self) -> list[Direction]:
        """Those that are wanted, at most ``MOST_SLIDERS``; none while they are not known."""
        there = self._there()
        if not there:
            return []
        try:
            picked = chosen(self._texts[self.kind], len(there), MOST_SLIDERS)
        except StudioError:  # chosen when there were more
            picked = range(min(FIRST, len(there)))
        return [there[i] for i in picked]

    def sentence(self) -> str:
        """Why there are no directions; empty when there are some."""
        if self._prior is None or self._there():
            return ""
        if self.kind == NAMED:
            return "No named directions yet. Keep one in Arithmetic (A − B + C), or label samples that have something."
        if self._given_up:
            return f"The principal directions are not known: press “{FIND}”."
        return "Finding the principal directions…"

    def _there(self) -> list[Direction]:
        """All of the chosen kind."""
        if self._prior is None:
            return []
        if self.kind == PRINCIPAL:
            return [] if self._principal is None else choices.principal(self._principal)
        if self.kind == DIMENSIONS:
            return choices.dimensions(self._prior.dim)
        if self.kind == RANDOM:
            return choices.random(self._seed, MOST_PRINCIPAL, self._prior.dim)
        return choices.named(self._named, self._prior.dim)

    # what a person does

    def _press_find(self) -> None:
        if self.is_finding:
            self.give_up()
            self.cancel_asked.emit()
        else:
            self._given_up = False
            self.find_asked.emit()

    def _take_method(self) -> None:
        self._show_method()
        self._tell()
        self.picked.emit()

    def _show_method(self) -> None:
        self.which.setText(self._texts[self.kind])
        self.find.setVisible(self.kind == PRINCIPAL)
        self.shuffle.setVisible(self.kind == RANDOM)

    def _take_text(self) -> None:
        there, text = len(self._there()), self.which.text()
        if not there:
            return
        try:
            chosen(text, there, MOST_SLIDERS)
        except StudioError as error:
            self._show_fault(str(error))
            self.refused.emit(f"Sliders: {error}.")
            return
        self._show_fault("")
        if text != self._texts[self.kind]:
            self._texts[self.kind] = text
            self._tell()
            self.picked.emit()

    def _take_reach(self) -> None:
        self._reach = self.range.currentData()
        self.reach_changed.emit()

    def _tell(self) -> None:
        """The directions are others."""
        self._settle()
        self.changed.emit()
        self._want()

    def _settle(self) -> None:
        """Say which of those that there are have sliders."""
        self._show_fault("")
        there = len(self._there())
        self.which.setEnabled(there > 0)
        if there:
            try:
                chosen(self._texts[self.kind], there, MOST_SLIDERS)
                self.which.setText(self._texts[self.kind])
            except StudioError:
                self.which.setText(f"1–{min(FIRST, there)}" if there > 1 else "1")

    def _want(self) -> None:
        """Have the principal directions found where they are wanted and not known."""
        if self.needs_principal and self._prior is not None and not self.is_finding:
            self.find_asked.emit()

    def _fill_range(self) -> None:
        self.range.clear()
        for reach in REACHES:
            if reach < self._limit:
                self.range.addItem(f"±{reach:g} σ", reach)
        if self._limit < REACHES[-1]:
            self.range.addItem(f"±{self._limit:.2f} σ (all)", REACHES[-1])
        select(self.range, self._reach)
        if self.range.currentData() != self._reach:  # farther than the prior reaches
            self.range.setCurrentIndex(self.range.count() - 1)

    def _show_fault(self, sentence: str) -> None:
        palette = QPalette()
        if sentence:
            palette.setColor(QPalette.ColorRole.Text, QColor(colours().danger))
        self.which.setPalette(palette)
        self.which.setAccessibleDescription(sentence)

    # memory

    def save_state(self) -> dict[str, Any]:
        """Its choices, as plain values."""
        return {"method": self.kind, "reach": self._reach, **self._texts}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take up remembered choices; misfitting ones are ignored."""
        for method in METHODS:
            if isinstance(state.get(method), str):
                self._texts[method] = state[method]
        if state.get("reach") in REACHES:
            self._reach = float(state["reach"])
            self._fill_range()
        self.show_picks(self.method.itemData(max(0, self.method.findData(state.get("method")))), self._texts)
        self.changed.emit()
