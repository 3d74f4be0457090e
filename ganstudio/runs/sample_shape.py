"""The shape of the samples that a G makes, from its weights alone. Imports torch."""

from collections.abc import Iterator, Mapping
from math import prod

import torch
from torch import Tensor

from ganstudio.data.dataset import DataSource
from ganstudio.data.points import PointsSource
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.networks.network import Shapes
from ganstudio.runs.models import AVERAGE
from ganstudio.training import build

LARGEST = 256
"""Side of the largest images that are thought of."""


def sample_shape(experiment: Experiment, weights: Mapping[str, Tensor]) -> tuple[int, ...] | None:
    """(C, H, W) or (D,): the one with which the experiment's G has these weights; None where they do not tell.

    ``weights`` by dotted name, G's average among them. Fully connected layers know the number of pixels alone: what
    they make is taken to be square, unless the data may be of any proportions.
    """
    wanted = {name.removeprefix(AVERAGE): one.shape for name, one in weights.items() if name.startswith(AVERAGE)}
    source = build.data_source(experiment)
    found = next((shape for shape in _thinkable(source) if _made(experiment, shape) == wanted), None)
    if found is None or not source.any_proportions or source.config.size:
        return found
    channels, *sides = found
    return None if _made(experiment, (channels, 1, prod(sides))) == wanted else found


def _thinkable(source: DataSource) -> Iterator[tuple[int, ...]]:
    if isinstance(source, PointsSource):
        yield from ((1,), (2,))
    else:
        yield from ((channels, side, side) for side in range(1, LARGEST + 1) for channels in (1, 3))


def _made(experiment: Experiment, shape: tuple[int, ...]) -> dict[str, torch.Size] | None:
    """The shapes of the weights of a G of such samples, by name; None where there is none."""
    try:
        # Without memory there is nothing to initialise, so the constructors of layers draw no random number.
        with torch.device("meta"):
            network = build.network(experiment, "generator", Shapes(build.noise(experiment).config.dim, shape))
    except StudioError:
        return None
    return {name: tensor.shape for name, tensor in network.state_dict().items()}
