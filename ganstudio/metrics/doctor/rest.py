"""The equilibrium: nothing more is to be had."""

from collections.abc import Sequence

import numpy as np

from ganstudio.metrics.doctor.complaint import NOTHING, Complaint, Evidence, Patient, Verdict, latest, percent
from ganstudio.metrics.doctor.readings import Readings

LOOKS = 8
"""Examinations that are compared with as many before."""
NEAR = 0.04
"""J_D may differ by this share from its value at the equilibrium."""
LIKE = 0.06
"""Energy distance up to which samples are like the data."""
CHANCE = 0.012
"""What chance alone makes of the energy distance of as many samples."""
BETTER = 0.8
"""The distance has improved when it has fallen below this share of what it was."""
WARM = 500


class Equilibrium(Complaint):
    """J_D stays at its equilibrium's value, the samples are like the data, and they no longer become more so."""

    name = "equilibrium"
    title = "Equilibrium"
    headline = "the equilibrium is reached: you may stop"
    source = "Goodfellow et al. 2014, theorem 1 and proposition 2: at p_g = p_data, D = ½ and J_D = 2 log 2."
    good = True
    patience = 2

    def judge(self, past: Sequence[Readings], patient: Patient) -> Verdict:
        now = past[-1]
        if now.updates_g < WARM or len(past) < 2 * LOOKS:
            return NOTHING
        shares, mismatches = latest(past, "loss_share", LOOKS), latest(past, "mismatch", LOOKS)
        if len(shares) < LOOKS or len(mismatches) < LOOKS:
            return NOTHING
        before = latest(past[:-LOOKS], "mismatch", LOOKS)
        apart = float(np.abs(shares - 1).max())
        mismatch = float(np.median(mismatches))
        improves = mismatch > CHANCE and len(before) > 0 and mismatch < BETTER * float(np.median(before))
        strength = min(NEAR / max(apart, 1e-9), LIKE / max(mismatch, 1e-9), 0.0 if improves else 2.0)
        opinion = f"D gives real samples {percent(now.score_real)} and generated ones {percent(now.score_fake)}"
        return Verdict(
            strength,
            "D can only guess, the samples are like the data, and neither has changed for a while. You may stop.",
            (
                Evidence(
                    "loss_share",
                    f"for {LOOKS} looks J_D has been within {percent(apart)} of its value at the equilibrium",
                ),
                Evidence(
                    "mismatch", f"samples and data are {max(0.0, mismatch):.3f} apart (energy distance; 0 is alike)"
                ),
                *([Evidence("score_fake", opinion)] if patient.probability else []),
            ),
        )
