"""G draws training images by heart."""

from collections.abc import Iterator, Sequence

from ganstudio.metrics.doctor import remedies
from ganstudio.metrics.doctor.complaint import Complaint, Evidence, Patient, Remedy, Verdict, at_most, both
from ganstudio.metrics.doctor.readings import Readings

NEAR = 0.6
"""Distance of a sample to the nearest training image, over that of an unseen image to its own nearest one."""
ALONE = 0.75
"""Distance to the nearest over that to the second nearest: what is only dull is as near to many."""


class Memorisation(Complaint):
    """Most samples lie far nearer to one training image than images that were never seen do to theirs."""

    name = "memorisation"
    title = "Memorisation"
    headline = "G draws training images by heart"
    source = (
        "Distance of samples to the training set against that of held-out data: Meehan et al. 2020 (data-copying); "
        "nearest against further neighbours: Carlini et al. 2023, section 5.1."
    )
    patience = 2

    def judge(self, past: Sequence[Readings], patient: Patient) -> Verdict:
        now = past[-1]
        return Verdict(
            both(at_most(now.nearness, NEAR), at_most(now.second, ALONE)),
            "Most samples are copies of training images.",
            (
                Evidence(
                    "nearness", f"samples lie {now.nearness:.2f} times as far from training images as unseen images do"
                ),
                Evidence(
                    "second", f"the nearest training image is at {now.second:.2f} of the distance of the second nearest"
                ),
            ),
        )

    def remedies(self, past: Sequence[Readings], patient: Patient) -> Iterator[Remedy | None]:
        yield remedies.diff_augment(patient)
        yield remedies.instance_noise(patient)
        yield remedies.slower(patient, remedies.D)
