"""The losses of both players and the value of the game, with the values that theory gives at the equilibrium."""

from math import isfinite
from typing import TYPE_CHECKING

from ganstudio.ui.curve_panel import CurvePanel
from ganstudio.ui.widgets.curve_model import Curve, Level
from ganstudio.ui.widgets.run_notes import named

if TYPE_CHECKING:
    from ganstudio.training.history import History
    from ganstudio.ui.studio import Studio

PROBABILITY_VALUE = "Value of the game: E log D(x) + E log(1 − D(G(z)))."
CRITIC_VALUE = "The critic's mean on real samples less its mean on generated ones."
CURVES = (
    Curve("loss.discriminator", "J_D", "discriminator", "Loss of the discriminator, regularisers left out."),
    Curve("loss.generator", "J_G", "generator", "Loss of the generator."),
    Curve("value", "V(G, D)", "value", PROBABILITY_VALUE),
    Curve("penalty", "penalty", "penalty", "What the regularisers add to the discriminator's loss."),
)


class LossesPanel(CurvePanel):
    """J_D, J_G and V(G, D). Dashed: where the game rests once G has learnt the data's distribution."""

    name = "losses"
    title = "Losses"
    description = "J_D, J_G and V(G, D) over the steps, with their values at the equilibrium"
    order = 20

    def __init__(self, studio: "Studio"):
        empty = "Press Train (Space): the losses appear here."
        super().__init__(studio, [CURVES], lambda _: True, empty)
        self._has_penalty = True
        self._show_penalty(False)

    def show_history(self, history: "History") -> None:
        new = "penalty" in history.names and isfinite(history.latest("penalty"))
        self._show_penalty(new or (self._has_penalty and history is self.plots[0].history))
        super().show_history(history)

    def _show_penalty(self, has: bool) -> None:
        """Most runs have no penalty, and no need of a curve for it."""
        if has != self._has_penalty:
            self._has_penalty = has
            button = self.legend["penalty"]
            button.setVisible(has)
            self.plots[0].show_curve("penalty", has and button.isChecked())

    def show_theory(self) -> None:
        theory = self.notes.theory
        if theory is None:
            self.plots[0].set_levels([])
            return
        for name in ("loss.discriminator", "loss.generator"):
            one = next(curve for curve in CURVES if curve.name == name)
            self.legend[name].describe(one.label, f"{one.tip} {theory.formula}.")
        self.legend["value"].describe("V(G, D)", PROBABILITY_VALUE if theory.probability else CRITIC_VALUE)
        at_rest = {
            "loss.discriminator": theory.equilibrium.discriminator_loss,
            "loss.generator": theory.equilibrium.generator_loss,
            "value": theory.value,
        }
        self.plots[0].set_levels(levels({name: value for name, value in at_rest.items() if value is not None}))


def levels(at_rest: dict[str, float]) -> list[Level]:
    """One line for each value; curves that rest at the same value share it."""
    found = []
    for value in sorted(set(at_rest.values())):
        sharing = [one for one in CURVES if at_rest.get(one.name) == value]
        symbols = " = ".join(one.label.replace("(G, D)", "") for one in sharing)
        colour = sharing[0].colour if len(sharing) == 1 else "equilibrium"
        found.append(Level(value, f"{symbols} = {named(value)}", colour, tuple(one.name for one in sharing)))
    return found
