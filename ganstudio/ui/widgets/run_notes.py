"""What a plot of curves is annotated with: the edits of a run, and the values that theory gives for its objective."""

from dataclasses import dataclass, replace
from math import isclose, log
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from ganstudio.experiment.errors import StudioError
from ganstudio.training.events import Event
from ganstudio.ui.studio import Studio
from ganstudio.ui.widgets.curve_model import Marker

if TYPE_CHECKING:
    from ganstudio.games.objectives.base import Equilibrium

NAMES = {
    2 * log(2): "2 log 2",
    log(2): "log 2",
    -log(2): "−log 2",
    -log(4): "−log 4",
    0.5: "½",
    0.25: "¼",
}
PLAYERS = {"generator": "G", "discriminator": "D"}
SYMBOLS = {"gamma": "γ", "weight": "λ", "sigma": "σ", "limit": "c", "real target": ""}
"""Of a regulariser's strength, as the form has it; label smoothing is known by its target alone."""


@dataclass(frozen=True)
class Theory:
    """What is known of the objective in force."""

    probability: bool
    """Whether D(x) is a probability; else D is a critic."""
    formula: str
    equilibrium: "Equilibrium"

    @property
    def value(self) -> float | None:
        """V(G, D) at the equilibrium: log D* + log(1 − D*), or a critic's difference of means."""
        score = self.equilibrium.score
        if not self.probability:
            return 0.0
        return log(score) + log(1 - score) if score is not None else None


class RunNotes(QObject):
    """Listens to a studio. Knows no theory before PyTorch is in: the objectives need it."""

    changed = Signal()

    def __init__(self, studio: Studio):
        super().__init__()
        self.markers: list[Marker] = []
        """The run's edits, in order."""
        self.theory: Theory | None = None
        self._studio = studio
        studio.event.connect(self._take)
        studio.edited.connect(lambda _: self._learn())
        studio.loaded.connect(self._learn)
        self._learn()

    def _take(self, event: Event) -> None:
        if event.kind not in ("opened", "edited", "restored", "failed", "rewound"):
            return
        if event.trainer != "main":  # an edit of a duel's sides is none of the run's
            return
        if event.kind in ("opened", "rewound"):
            self.markers = []
        for one in [*event.data.get("earlier", ()), event]:
            self._follow(one)
        self._learn()
        self.changed.emit()

    def _follow(self, event: Event) -> None:
        if event.kind == "edited":
            self.markers = [*self.markers, marker(event)]
        elif event.kind in ("restored", "failed"):
            # The run went back, but its edits stay in force.
            self.markers = [replace(one, step=min(one.step, event.step)) for one in self.markers]

    def _learn(self) -> None:
        theory = self._look_up()
        if theory != self.theory:
            self.theory = theory
            self.changed.emit()

    def _look_up(self) -> Theory | None:
        studio = self._studio
        experiment = studio.session.experiment or studio.experiment
        if experiment is None or not studio.is_loaded:
            return None
        from ganstudio.games.regularisers.base import real_target
        from ganstudio.training import build

        try:
            objective = build.objective(experiment)
            target = real_target(build.active(experiment, "regularisers"))
        except StudioError:
            return None
        return Theory(objective.probability, objective.formula, objective.equilibrium(target))


def marker(event: Event) -> Marker:
    """An ``edited`` event as a marker: ``saturating``, ``G lr 0.0001``, ``R1 γ 5``."""
    path, old, new = (event.data.get(name, "") for name in ("path", "old", "new"))
    parts = str(path).split(".")
    owner = field = ""
    if parts[-1] != "kind":
        field = parts[-1].replace("_", " ")
    if parts[0] == "players" and len(parts) > 2:
        owner = PLAYERS.get(parts[1], parts[1])
    elif parts[0] in ("regularisers", "constraints") and len(parts) > 2:
        owner, field = parts[1].replace("-", " ").replace("r1", "R1"), SYMBOLS.get(field, field)
    words = "".join(f"{part} " for part in (owner, field) if part)
    return Marker(event.step, f"{words}{_words(new)}", f"{words or parts[0] + ' '}{_words(old)} → {_words(new)}")


def named(value: float) -> str:
    """``2 log 2`` for 1.386…, else three decimals."""
    for known, name in NAMES.items():
        if isclose(value, known, rel_tol=1e-9):
            return name
    text = f"{value + 0.0:.3f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


def _words(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return "off" if value in (None, "") else str(value)
