"""The players chase each other in circles instead of drawing near."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from ganstudio.experiment.paths import value_or_none
from ganstudio.metrics.doctor import remedies
from ganstudio.metrics.doctor.collapse import FEW, MODES
from ganstudio.metrics.doctor.complaint import (
    Complaint,
    Evidence,
    Patient,
    Remedy,
    Verdict,
    at_least,
    both,
    latest,
)
from ganstudio.metrics.doctor.readings import Readings

FAR = 1.0
"""How far the samples' mean moves from one examination to the next, on average, as a share of the distance between
real samples."""
LOOKS = 5
CALMER = 0.7
"""The last two moves must still be so large, as a share of ``FAR``: what has come to rest is over."""
HOPS, HOP_LOOKS = 3, 8
"""So many changes of the mode that holds most samples, in so many examinations."""
WARM = 300
"""Updates of G before its samples should have found their place."""


class Oscillation(Complaint):
    """The samples as a whole move to and fro by about the breadth of the data, or hop from mode to mode."""

    name = "oscillation"
    title = "Oscillation"
    headline = "the samples jump to and fro"
    source = (
        "Goodfellow 2016, section 5.1; Mescheder et al. 2018, section 2: simultaneous gradient steps circle around "
        "the equilibrium."
    )

    def judge(self, past: Sequence[Readings], patient: Patient) -> Verdict:
        now = past[-1]
        travel = latest(past, "travel", LOOKS)
        far = float(travel.mean()) if len(travel) == LOOKS else 0.0
        hops = self._hops(past[-HOP_LOOKS:])
        still = both(at_least(far, FAR), at_least(float(travel[-2:].mean()) if len(travel) else 0.0, CALMER * FAR))
        strength = max(still, at_least(hops, HOPS))
        evidence = [Evidence("travel", f"from look to look the mean sample moves {far:.2f} of the data's breadth")]
        sentence = "The samples as a whole jump to and fro: D rejects where they are, and G goes somewhere else."
        if hops >= HOPS:
            looks = min(HOP_LOOKS, len(past))
            evidence.append(Evidence("mode", f"G has hopped to another mode {hops} times in {looks} looks"))
            sentence = "G hops from mode to mode: D rejects the one that it is on, and it goes to the next."
        return Verdict(both(strength, at_least(now.updates_g, WARM)), sentence, tuple(evidence))

    @staticmethod
    def _hops(past: Sequence[Readings]) -> int:
        """Changes of the mode that holds most, between looks at which few modes are served."""
        on = [one.mode for one in past if one.modes_real >= MODES and one.modes <= FEW * one.modes_real]
        on = [mode for mode in on if np.isfinite(mode)]
        return sum(one != other for one, other in pairwise(on))

    def remedies(self, past: Sequence[Readings], patient: Patient) -> Iterator[Remedy | None]:
        yield remedies.one_update(patient, remedies.G)
        yield remedies.as_fast_as(patient, remedies.G, remedies.D, 2.0)
        yield remedies.r1(patient)
        for player in (remedies.G, remedies.D):
            path = f"players.{player}.optimiser.params.beta1"
            momentum = value_or_none(patient.experiment, path)
            if momentum is not None and momentum > 0.5:
                words = f"Lower {remedies.SHORT[player]}'s β₁ to 0.5"
                reason = "Momentum carries past the equilibrium (Radford et al. 2016, section 4; Gidel et al. 2019)."
                yield Remedy(words, ((path, 0.5),), reason)
        yield remedies.both_slower(patient)
