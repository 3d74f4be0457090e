"""Multi-layer perceptrons of any depth and width, for points and for small images."""

from math import prod
from typing import Literal

from pydantic import field_validator
from torch import nn

from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.networks.chain import Chain
from ganstudio.networks.initial import MEANING, Initial, initialise
from ganstudio.networks.layers import Activation, Dropout, Logit, activation
from ganstudio.networks.network import NetworkSpec, Shapes
from ganstudio.networks.stack import Stack

MAX_LAYERS, MAX_WIDTH = 8, 8192


class MLPConfig(ComponentConfig):
    """What both players can be told."""

    hidden: list[int] = param(
        [512, 512], "Hidden layers", "Units of each hidden layer, from input to output.", unit="units"
    )
    activation: Activation = param("relu", "Activation", "What follows each hidden layer's linear map.")
    pieces: int = param(5, "Maxout pieces", "Linear pieces of a maxout unit; other activations have one.", ge=2, le=16)
    norm: Literal["none", "batch"] = param(
        "none", "Batch norm", "Normalise each hidden layer over the batch, before its activation. Or none."
    )
    dropout: float = param(0.0, "Dropout", "Probability of silencing a hidden unit in an update.", ge=0, lt=1)
    initial: Initial = param("uniform", "Initial weights", MEANING)

    @field_validator("hidden")
    @classmethod
    def _some_layers(cls, widths: list[int]) -> list[int]:
        if not 1 <= len(widths) <= MAX_LAYERS or not all(1 <= width <= MAX_WIDTH for width in widths):
            raise ValueError(
                f"must be 1 to {MAX_LAYERS} layers of 1 to {MAX_WIDTH} units each, for instance [256, 256]"
            )
        return widths


def hidden_layers(inputs: int, config: MLPConfig) -> list[nn.Module]:
    """Linear → batch norm → activation → dropout, for each width; the last layer has ``config.hidden[-1]`` units."""
    normed = config.norm == "batch"
    pieces = config.pieces if config.activation == "maxout" else 1
    layers: list[nn.Module] = []
    for width in config.hidden:
        layers.append(nn.Linear(inputs, width * pieces, bias=not normed))
        if normed:
            layers.append(nn.BatchNorm1d(width * pieces))
        layers.append(activation(config.activation, pieces))
        if config.dropout:
            layers.append(Dropout(1 - config.dropout))
        inputs = width
    return layers


def joined(layers: list[nn.Module], initial: Initial, stacks: bool) -> nn.Sequential:
    """The layers in the fastest container that knows them all, with their initial weights; ``stacks``: a ``Stack``."""
    chains = Chain if Chain.possible(layers) else nn.Sequential
    network = (Stack if stacks else chains)(*layers)
    initialise(network, initial)
    return network


class MLPGenerator(NetworkSpec):
    """z → hidden layers → a linear map to the sample: through tanh for an image, and for a point if told so."""

    kind = "mlp-generator"
    title = "MLP"
    description = "Fully connected layers from z to the sample."
    role = "generator"

    class Config(MLPConfig):
        output: Literal["linear", "tanh"] = param(
            "linear",
            "Output for points",
            "tanh keeps points within ±1 along each axis: what lies further out cannot be learned. Images always go "
            "through it.",
        )

    def build(self, shapes: Shapes) -> nn.Module:
        hidden = hidden_layers(shapes.noise, self.config)
        layers = [*hidden, nn.Linear(self.config.hidden[-1], prod(shapes.data))]
        image = len(shapes.data) == 3
        bounded = image or self.config.output == "tanh"
        if bounded:
            layers.append(nn.Tanh())
        if image:
            layers.append(nn.Unflatten(1, shapes.data))
        return joined(layers, self.config.initial, stacks=not bounded and Stack.possible(hidden))


class MLPDiscriminator(NetworkSpec):
    """The flattened sample → hidden layers → one logit."""

    kind = "mlp-discriminator"
    title = "MLP"
    description = "Fully connected layers from the sample to one logit."
    role = "discriminator"

    class Config(MLPConfig):
        activation: Activation = param("leaky-relu", "Activation", "What follows each hidden layer's linear map.")

    def build(self, shapes: Shapes) -> nn.Module:
        hidden = hidden_layers(prod(shapes.data), self.config)
        layers = [nn.Flatten(), *hidden, nn.Linear(self.config.hidden[-1], 1), Logit()]
        return joined(layers, self.config.initial, stacks=Stack.possible(hidden))
