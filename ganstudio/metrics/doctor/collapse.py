"""Modes collapse: G sends many z to the same few samples."""

from collections.abc import Iterator, Sequence

import numpy as np

from ganstudio.metrics.doctor import remedies
from ganstudio.metrics.doctor.complaint import Complaint, Evidence, Patient, Remedy, Verdict, at_most, both, trail
from ganstudio.metrics.doctor.readings import Readings

ALIKE = 0.35
"""Mean distance between samples, as a share of that between real ones, from which on they are too much alike."""
FALLEN = 0.5
"""Share of its own peak that the diversity must have lost, where it has been higher."""
FEW = 0.45
"""Of the modes that real samples show, the share that G still serves."""
MODES = 3
"""Modes that there must be for their number to say anything."""
WARM_POINTS, WARM_IMAGES = 100, 600
"""Updates of G before samples that have been alike from the start count as collapsed: all begin so…"""
TRAVELLED = 0.2
"""… and how far its samples must have moved altogether: a G that has not moved yet has chosen nothing…"""
RISING, RISING_LOOKS = 1.2, 8
"""… while one whose diversity has grown by this factor in so many examinations is about to mend itself."""


class ModeCollapse(Complaint):
    """Samples differ far less from each other than real ones do, or known modes are no longer served.

    Young generators make all samples alike: so either the diversity must have fallen from a peak of its own, or G must
    have had time.
    """

    name = "mode-collapse"
    title = "Modes collapse"
    headline = "modes are collapsing"
    source = (
        "Goodfellow et al. 2014, section 6 (the Helvetica scenario); Goodfellow 2016, section 5.1.1; modes as in "
        "Srivastava et al. 2017, section 4.1."
    )

    def judge(self, past: Sequence[Readings], patient: Patient) -> Verdict:
        now = past[-1]
        values = trail(past, "diversity")
        warm = now.updates_g >= (WARM_IMAGES if patient.images else WARM_POINTS)
        warm = warm and float(np.nansum(trail(past, "travel"))) >= TRAVELLED
        rising = now.diversity >= RISING * values[-RISING_LOOKS:][0]
        peak = float(np.nanmax(values)) if np.isfinite(values).any() else 0.0
        alike = at_most(now.diversity, ALIKE)
        if not warm or rising:
            alike = both(alike, at_most(now.diversity, (1 - FALLEN) * peak) if peak >= ALIKE else 0.0)
        few = at_most(now.modes, FEW * now.modes_real) if warm and now.modes_real >= MODES else 0.0
        evidence = [
            Evidence(
                "diversity",
                f"two samples differ {now.diversity:.2g} times as much as two real ones (at best it was {peak:.2g})",
            )
        ]
        if now.modes_real >= MODES:
            evidence.append(Evidence("modes", f"G serves {now.modes:.1f} of {now.modes_real:.0f} modes"))
        if now.duplicates >= 0.1:
            evidence.append(
                Evidence("duplicates", f"{now.duplicates:.0%} more of the samples have a double than of real images")
            )
        sentence = "G sends many z to the same few samples."
        if alike < 1 <= few:
            sentence = "G serves a few of the modes only."
        return Verdict(max(alike, few), sentence, tuple(evidence))

    def remedies(self, past: Sequence[Readings], patient: Patient) -> Iterator[Remedy | None]:
        found = patient.experiment
        yield remedies.one_update(patient, remedies.G)
        if found.objective.kind != "wasserstein" and found.players[remedies.D].updates > 2:
            yield remedies.one_update(patient, remedies.D)
        yield remedies.as_fast_as(patient, remedies.G, remedies.D, 2.0)
        yield remedies.r1(patient)
        yield remedies.instance_noise(patient)
        yield remedies.both_slower(patient)
