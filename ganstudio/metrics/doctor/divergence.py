"""Numbers that grow without end, or stand still for good."""

from collections.abc import Iterator, Sequence

import numpy as np

from ganstudio.metrics.doctor import remedies
from ganstudio.metrics.doctor.complaint import (
    NOTHING,
    Complaint,
    Evidence,
    Patient,
    Remedy,
    Verdict,
    at_least,
    at_most,
    both,
    trail,
)
from ganstudio.metrics.doctor.readings import Readings

GROWN = 10.0
"""How many times its least value so far the size of losses and gradients has become…"""
LARGE = 50.0
"""… and how large it is at least: what is large from the start may be the objective's own scale."""
HUGE = 1e6
"""Beyond this float32 is near its end, whatever was before."""
STILL = 1e-6
"""Share of their own peak to which both gradients have fallen when nothing moves."""
UNLIKE = 0.1
"""Energy distance from which on standing still is no equilibrium."""


class Divergence(Complaint):
    """Losses and gradients have grown tenfold and are large, or NaN is near."""

    name = "divergence"
    title = "Losses diverge"
    headline = "the losses grow without end"
    source = (
        "Reasoning: a bounded game has bounded losses. exp overflows float32 at 88 and squares at 1e19; the run "
        "rests in its last good state when a loss is not finite."
    )
    patience = 2

    def judge(self, past: Sequence[Readings], patient: Patient) -> Verdict:
        now = past[-1]
        sizes = trail(past, "size")
        least = float(np.nanmin(sizes)) if np.isfinite(sizes).any() else np.nan
        grown = both(at_least(now.size, GROWN * max(least, 1e-6)), at_least(now.size, LARGE))
        strength = max(grown, at_least(now.size, HUGE), 0.0 if now.finite else np.inf)
        worst = max(("loss_d", "loss_g", "gradient_d", "gradient_g"), key=lambda name: _size(now, name))
        words = {
            "loss_d": "J_D",
            "loss_g": "J_G",
            "gradient_d": "the norm of D's gradient",
            "gradient_g": "the norm of G's gradient",
        }
        sentence = "Losses or gradients grow without end; not-a-number is what comes at last."
        if not now.finite:
            sentence = "G's samples are not finite numbers any more."
        return Verdict(
            strength,
            sentence,
            (
                Evidence("size", f"the largest of losses and gradients has grown from {least:.3g} to {now.size:.3g}"),
                Evidence(worst, f"{words[worst]} is {getattr(now, worst):.3g}"),
                Evidence("weights_d", f"D's weights are {now.weights_d:.3g} (root mean square)"),
            ),
        )

    def remedies(self, past: Sequence[Readings], patient: Patient) -> Iterator[Remedy | None]:
        regularisers, constraints = patient.experiment.regularisers, patient.experiment.constraints
        bounded = regularisers.get("gradient-penalty", {}).get("weight") or constraints.get("weight-clipping", {}).get(
            "limit"
        )
        if patient.experiment.objective.kind == "wasserstein" and not bounded:
            yield remedies.gradient_penalty(patient)
            yield remedies.weight_clipping(patient)
        now = past[-1]
        first, second = (remedies.D, remedies.G) if now.gradient_d >= now.gradient_g else (remedies.G, remedies.D)
        yield remedies.clipped(patient, first, 1.0)
        yield remedies.clipped(patient, second, 1.0)
        yield remedies.slower(patient, first, 10)


def _size(now: Readings, name: str) -> float:
    value = abs(getattr(now, name))
    return value if np.isfinite(value) else 0.0


class Standstill(Complaint):
    """Both gradients have vanished although the samples are not like the data: units have died.

    A step that was too large can leave every ReLU of a layer negative for all inputs; then nothing comes back through
    it, and no edit revives it.
    """

    name = "standstill"
    title = "Nothing moves any more"
    headline = "nothing moves any more"
    source = "Reasoning: dead ReLUs pass no gradient (Maas et al. 2013, section 2)."

    def judge(self, past: Sequence[Readings], patient: Patient) -> Verdict:
        now = past[-1]
        strengths = []
        for name in ("gradient_d", "gradient_g"):
            values = trail(past, name)
            if not np.isfinite(values[-1]) or not np.nanmax(values) > 0:
                return NOTHING
            strengths.append(at_most(values[-1], STILL * np.nanmax(values)))
        # A D that is certain has its own complaint.
        strength = both(*strengths, at_least(now.mismatch, UNLIKE), at_least(now.loss_share, 0.5))
        return Verdict(
            strength,
            "Neither player gets a gradient, and the samples are not like the data: a layer has died, as it does after "
            "a step that was too large. Nothing revives it; go back to a moment before, with smaller steps.",
            (
                Evidence("gradient_d", f"the norm of D's gradient is {now.gradient_d:.2g}"),
                Evidence("gradient_g", f"the norm of G's gradient is {now.gradient_g:.2g}"),
                Evidence("mismatch", f"samples and data are {now.mismatch:.2f} apart (energy distance; 0 is alike)"),
            ),
        )

    def remedies(self, past: Sequence[Readings], patient: Patient) -> Iterator[Remedy | None]:
        faster = max((remedies.G, remedies.D), key=lambda player: remedies.rate(patient.experiment, player))
        yield remedies.slower(patient, faster, 10)
