"""The layers of a network as a table: names, types, output shapes, numbers of weights."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Layer:
    """One row: a module that computes something itself."""

    name: str
    """Dotted name in the network."""
    type: str
    """Its class, as torch calls it."""
    details: str
    """Its settings, as torch writes them."""
    shape: tuple[int, ...] | None
    """Of its output, without the batch; None when that could not be found."""
    weights: int
    """Number of trainable weights."""
    parameters: tuple[int, ...]
    """Indices of its weights among ``network.parameters()``."""


def layers(network: nn.Module, sample: tuple[int, ...]) -> tuple[Layer, ...]:
    """The layers of a network whose input is (N, *sample), in the order of their modules.

    Shapes come from a pass of a copy on the meta device, in evaluation mode: nothing is computed, no random number is
    drawn, and the network itself is not run.
    """
    index = {id(parameter): number for number, parameter in enumerate(network.parameters())}
    shapes = output_shapes(network, sample)
    found = []
    for name, module in leaves(network):
        mine = [parameter for parameter in own_parameters(module) if parameter.requires_grad]
        found.append(
            Layer(
                name,
                type_name(module),
                module.extra_repr(),
                shapes.get(name),
                sum(parameter.numel() for parameter in mine),
                tuple(index[id(parameter)] for parameter in mine),
            )
        )
    return tuple(found)


def leaves(module: nn.Module, name: str = "") -> Iterator[tuple[str, nn.Module]]:
    """Modules that have weights of their own or nothing inside. A parametrisation belongs to its module."""
    inside = [(key, child) for key, child in module.named_children() if key != "parametrizations"]
    if not inside or next(own_parameters(module), None) is not None:
        yield name, module
    for key, child in inside:
        yield from leaves(child, f"{name}.{key}" if name else key)


def own_parameters(module: nn.Module) -> Iterator[nn.Parameter]:
    """A module's weights without those of the modules inside."""
    yield from module.parameters(recurse=False)
    if hasattr(module, "parametrizations"):
        yield from module.parametrizations.parameters()


def type_name(module: nn.Module) -> str:
    """The class that torch has of it, or its own."""
    for one in type(module).__mro__:
        if one.__module__.startswith("torch.nn.modules") and one is not nn.Module:
            return one.__name__
    return type(module).__name__


def output_shapes(network: nn.Module, sample: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    """Name → shape of every module's output without the batch; none when the network cannot pass on the meta device."""
    shapes: dict[str, tuple[int, ...]] = {}
    try:
        ghost = meta_copy(network).eval()
        for name, module in ghost.named_modules():
            module.register_forward_hook(lambda _, __, output, name=name: _note(shapes, name, output))
        with torch.no_grad():
            ghost(torch.empty(2, *sample, device="meta"))
    except (NotImplementedError, RuntimeError):
        return {}
    return shapes


def meta_copy(network: nn.Module) -> nn.Module:
    """A copy whose tensors have shapes but no numbers: nothing is copied."""
    known: dict[int, Tensor] = {}
    for parameter in network.parameters():
        known[id(parameter)] = nn.Parameter(torch.empty_like(parameter, device="meta"), parameter.requires_grad)
    for buffer in network.buffers():
        known[id(buffer)] = torch.empty_like(buffer, device="meta")
    return copy.deepcopy(network, known)


def _note(shapes: dict[str, tuple[int, ...]], name: str, output: object) -> None:
    if isinstance(output, Tensor):
        shapes[name] = tuple(output.shape[1:])
