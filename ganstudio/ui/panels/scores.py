"""How D scores real and generated samples on average, and how strongly each player is pulled."""

from typing import TYPE_CHECKING

from ganstudio.ui.curve_panel import CurvePanel
from ganstudio.ui.widgets.curve_model import Curve, Level
from ganstudio.ui.widgets.run_notes import named

if TYPE_CHECKING:
    from ganstudio.ui.studio import Studio

SCORES = (
    Curve("score.real", "D(x)", "real", "Mean score of a real batch."),
    Curve("score.fake", "D(G(z))", "fake", "Mean score of a generated batch."),
)
GRADIENTS = (
    Curve("gradient.discriminator", "‖∇J_D‖", "gradient_d", "Norm of the discriminator's whole gradient."),
    Curve("gradient.generator", "‖∇J_G‖", "gradient_g", "Norm of the generator's whole gradient."),
)
PROBABILITIES = (-0.03, 1.03)


class ScoresPanel(CurvePanel):
    """Mean D(x) and D(G(z)); below, on a logarithmic axis, the gradient norms of both players."""

    name = "scores"
    title = "Scores"
    description = "Mean D(x) and D(G(z)), and the gradient norms of the players, over the steps"
    order = 40

    def __init__(self, studio: "Studio"):
        empty = "Press Train (Space): the scores appear here."
        super().__init__(studio, [SCORES, GRADIENTS], lambda plot: plot == 1, empty)
        self.scores, self.gradients = self.plots
        self.controls.log_y.setToolTip("Logarithmic axis of the gradient norms")
        self.controls.load({"log_y": True})

    def show_theory(self) -> None:
        theory, scores = self.notes.theory, self.plots[0]
        probability = theory is None or theory.probability
        scores.range = PROBABILITIES if probability else None
        for one in SCORES:
            label = one.label if probability else f"logit {one.label}"
            tip = one.tip if probability else one.tip.replace("score", "logit (this D is a critic)")
            self.legend[one.name].describe(label, tip)
        rest = theory.equilibrium.score if theory is not None else None
        names = tuple(one.name for one in SCORES)
        scores.set_levels([Level(rest, f"D = {named(rest)}", "equilibrium", names)] if rest is not None else [])
        scores.repaint_all()
