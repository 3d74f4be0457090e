"""Shipped models: the weights of trained presets, small enough to ship.

A model holds G's average and D in half precision, and the text of its experiment. G itself starts as its average; the
optimisers start afresh. A run's checkpoint can be loaded in the same way.
"""

from pathlib import Path

import torch
from torch import Tensor

from ganstudio.experiment import files
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.runs import tensors
from ganstudio.runs.folder import SCHEMA, WEIGHTS, replace
from ganstudio.runs.heads import Head
from ganstudio.runs.read import is_first_layout, open_store, read_experiment, standing
from ganstudio.training.trainer import Trainer

LIVE, AVERAGE = "generator.", "generator_ema."


def newest_weights(run: Path) -> tuple[dict[str, Tensor], Experiment]:
    """The players and G's average at a run's newest checkpoint that is whole, by dotted name, and its experiment.

    Optimisers, random states and a step in progress are left out. Raises ``StudioError`` naming the damaged file.
    """
    found, experiment = _newest(run)
    heads = (AVERAGE, *(f"{player}." for player in experiment.players))
    return {name: tensor for name, tensor in found.items() if name.startswith(heads)}, experiment


def _newest(run: Path) -> tuple[dict[str, Tensor], Experiment]:
    if is_first_layout(run):
        return tensors.read(run / WEIGHTS)[0], read_experiment(run / WEIGHTS)
    store, _ = open_store(run)
    found: dict[str, Tensor] = {}

    def use(head: Head) -> None:
        whole, _ = tensors.read(head.path)
        if tensors.fingerprint(whole) != head.body:
            raise StudioError("is damaged: its numbers are not what was written", str(head.path))
        found.update(whole)

    try:
        return found, standing(run, store, use).head.experiment
    finally:
        if store is not None:
            store.close()


def make_model(run: Path, path: Path) -> None:
    """Write a model from a run's folder. Raises ``StudioError`` naming the file that cannot be read or written."""
    found, experiment = newest_weights(run)
    kept = {name: _halved(tensor) for name, tensor in found.items() if not name.startswith(LIVE)}
    content = tensors.dumps(kept, {"schema": str(SCHEMA), "experiment": files.dumps(experiment)})
    try:
        replace(path, content)
    except OSError as error:
        raise StudioError(f"cannot be written ({error.strerror or error})", str(path)) from None


def load_model(path: Path, trainer: Trainer) -> None:
    """Give a fresh trainer a model's weights. Raises ``StudioError`` naming the file when it does not fit."""
    found, _ = tensors.read(path)
    for name in [name for name in found if name.startswith(AVERAGE)]:
        found.setdefault(LIVE + name.removeprefix(AVERAGE), found[name])
    try:
        trainer.load_weights(found)
    except StudioError as error:
        raise StudioError(error.message, str(path)) from None
    if not trainer.finite():
        raise StudioError("holds weights that are not finite numbers", str(path))


def _halved(tensor: Tensor) -> Tensor:
    """As float16 where that keeps three digits of every number, else as it is."""
    half = tensor.half()
    small = tensor.is_floating_point() and torch.allclose(half.float(), tensor.float(), rtol=1e-3, atol=1e-6)
    return half if small else tensor
