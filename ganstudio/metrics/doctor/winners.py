"""One player has won: the other learns nothing any more."""

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
    percent,
    trail,
)
from ganstudio.metrics.doctor.readings import Readings

SURE = 0.01
"""Of J_D at the equilibrium, what is left when D has won. Shipped presets come down to 0.03 while G still learns."""
GUESS = 0.97
"""Share of J_D at the equilibrium from which on D does no better than guess."""
SLACK = 0.07
"""Below ``GUESS``, where nothing is left of the suspicion."""
UNLIKE = 0.4
"""Energy distance from which on samples are plainly not like the data."""
TRAVELLED = 0.5
"""How far G's samples have moved altogether before it can be said to have won anything."""


class DiscriminatorWon(Complaint):
    """J_D has all but vanished: every sample is judged right, and with certainty.

    A Wasserstein critic has no such end (its loss measures a distance), and a G that makes no updates plays no game.
    """

    name = "discriminator-won"
    title = "D has won"
    headline = "D has won"
    source = (
        "Goodfellow et al. 2014, section 3; Arjovsky & Bottou 2017, theorems 2.4 and 2.6: with a perfect D the "
        "gradient of log(1 − D(G(z))) vanishes."
    )

    def judge(self, past: Sequence[Readings], patient: Patient) -> Verdict:
        now = past[-1]
        idle = patient.experiment.players[remedies.G].updates == 0
        if idle or not np.isfinite([now.gradient_g, now.loss_share]).all():
            return NOTHING
        strength = at_most(now.loss_share, SURE)
        evidence = [
            Evidence("loss_share", f"J_D is {percent(now.loss_share)} of its value at the equilibrium"),
            Evidence("auc", f"D ranks {percent(now.auc)} of pairs of a real and a generated sample right"),
        ]
        if patient.probability:
            evidence.append(Evidence("score_fake", f"D gives generated samples {percent(now.score_fake)} on average"))
        sentence = "D tells every sample apart, and with certainty."
        peak = float(np.nanmax(trail(past, "gradient_g")))
        if now.gradient_g < 1e-3 * peak or patient.experiment.objective.kind == "saturating":
            sentence += " Hardly any gradient reaches G, so it stands still."
            evidence.append(Evidence("gradient_g", f"the norm of G's gradient is {now.gradient_g:.2g}"))
        else:
            sentence += " What G is told is the same for good samples and bad ones."
        return Verdict(strength, sentence, tuple(evidence))

    def remedies(self, past: Sequence[Readings], patient: Patient) -> Iterator[Remedy | None]:
        yield remedies.non_saturating(patient)
        yield remedies.one_update(patient, remedies.D)
        if remedies.rate(patient.experiment, remedies.D) > remedies.rate(patient.experiment, remedies.G):
            yield remedies.as_fast_as(patient, remedies.D, remedies.G)
        yield remedies.r1(patient)
        yield remedies.instance_noise(patient)
        yield remedies.label_smoothing(patient)
        yield remedies.slower(patient, remedies.D)


class GeneratorWon(Complaint):
    """D does no better than guess, although the samples are not like the data: it is D that knows nothing.

    The losses alone cannot tell this from the equilibrium; the energy distance between samples and data can.
    """

    name = "generator-won"
    title = "G has won"
    headline = "G fools D"
    source = (
        "At the equilibrium J_D has the same value (Goodfellow et al. 2014, theorem 1), but then p_g = p_data, and "
        "the energy distance is 0 (Székely & Rizzo 2013)."
    )

    def judge(self, past: Sequence[Readings], patient: Patient) -> Verdict:
        now = past[-1]
        if patient.experiment.players[remedies.G].updates == 0 or not np.isfinite(now.loss_share):
            return NOTHING
        travelled = float(np.nansum(trail(past, "travel")))
        guesses = (now.loss_share - GUESS + SLACK) / SLACK
        strength = both(guesses, at_least(now.mismatch, UNLIKE), at_least(travelled, TRAVELLED))
        return Verdict(
            strength,
            "D does no better than guess, and yet the samples are not like the data: it looks like the equilibrium, "
            "but D has lost.",
            (
                Evidence("loss_share", f"J_D is {percent(now.loss_share)} of its value at the equilibrium"),
                Evidence("mismatch", f"samples and data are {now.mismatch:.2f} apart (energy distance; 0 is alike)"),
                Evidence("auc", f"D ranks {percent(now.auc)} of pairs right; guessing gives 50 %"),
            ),
        )

    def remedies(self, past: Sequence[Readings], patient: Patient) -> Iterator[Remedy | None]:
        yield remedies.one_update(patient, remedies.G)
        if remedies.rate(patient.experiment, remedies.D) < remedies.rate(patient.experiment, remedies.G):
            yield remedies.as_fast_as(patient, remedies.D, remedies.G)
        yield remedies.faster(patient, remedies.D)
        yield remedies.more_updates(patient, remedies.D)
        yield remedies.slower(patient, remedies.G)
