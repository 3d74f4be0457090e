"""How labels are fitted and samples judged on the workbench. Imports torch."""

from collections.abc import Iterator

import numpy as np

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.labelling import FitLabels, Labelled, fit_labels
from ganstudio.latent.opinions import AskJudge, Opinion
from ganstudio.latent.requests import as_bytes
from ganstudio.latent.workshop import Workshop
from ganstudio.metrics.judges import JUDGES

SLICE = 16
"""Samples that are made and judged at once."""


def fit(workshop: Workshop, request: FitLabels) -> Iterator[tuple[float, Labelled]]:
    """As ``fit_labels``."""
    yield from fit_labels(request)


def ask_judge(workshop: Workshop, request: AskJudge) -> Iterator[tuple[float, Opinion]]:
    """Opinions of samples of G's. Raises ``StudioError`` for no samples, data or an attribute that nobody judges."""
    if request.count < 1:
        raise StudioError(f"have at least 1 sample judged (this is {request.count})", "count")
    judge = JUDGES.get(request.data)
    if judge is None or request.attribute not in judge.attributes:
        raise StudioError(f"no classifier ships that tells “{request.attribute}” in these data", "attribute")
    index = judge.attributes.index(request.attribute)
    z = workshop.draw(request.count, request.seed)
    images, probabilities, done = [], [], 0
    for part in z.split(SLICE):
        samples = workshop.render(part)
        images.append(as_bytes(samples.numpy()))
        probabilities.append(judge.judge(samples)[:, index].numpy())
        done += len(part)
        yield done / len(z), Opinion(z[:done].numpy(), np.concatenate(images), np.concatenate(probabilities))
