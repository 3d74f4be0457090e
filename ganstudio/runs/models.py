"""Shipped models: the weights of trained presets, small enough to ship.

A model holds G's average and D in half precision, and the text of its experiment. G itself starts as its average; the
optimisers start afresh. ``weights.safetensors`` of a run can be loaded in the same way.
"""

from pathlib import Path

import torch
from torch import Tensor

from ganstudio.experiment.errors import StudioError
from ganstudio.runs import tensors
from ganstudio.runs.folder import WEIGHTS, replace
from ganstudio.runs.read import read_experiment
from ganstudio.training.trainer import Trainer

LIVE, AVERAGE = "generator.", "generator_ema."
OMITTED = (LIVE, "optimiser.", "random.")


def make_model(run: Path, path: Path) -> None:
    """Write a model from a run's folder. Raises ``StudioError`` naming the file that cannot be read or written."""
    read_experiment(run / WEIGHTS)
    found, texts = tensors.read(run / WEIGHTS)
    kept = {name: _halved(tensor) for name, tensor in found.items() if not name.startswith(OMITTED)}
    content = tensors.dumps(kept, {name: texts[name] for name in ("schema", "experiment")})
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
