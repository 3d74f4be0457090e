"""Brings a run on disk back into a fresh trainer of its experiment. Each file is checked, nothing in it is executed."""

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ganstudio.experiment.errors import StudioError
from ganstudio.runs import tensors
from ganstudio.runs.folder import METRICS, RECORD, WEIGHTS
from ganstudio.runs.metrics import read_rows
from ganstudio.runs.record import read_record
from ganstudio.training.events import Event
from ganstudio.training.trainer import State, Trainer

Tensors = dict[str, Tensor]


def restore(folder: Path, trainer: Trainer) -> list[Event]:
    """Load state and history; the trainer goes on exactly as the run would have, on the same kind of device.

    Answers the run's events. Raises ``StudioError`` naming the file that is missing, damaged or of another experiment.
    """
    record = read_record(folder / RECORD)
    path = folder / WEIGHTS
    found, texts = tensors.read(path)
    numbers = _numbers(texts, trainer, path)
    steps = numbers["steps"]
    rows = read_rows(folder / METRICS, record.metrics, trainer.history.names, steps)
    same_device = texts.get("device", "").split(":")[0] == trainer.device.type
    state = State(
        {
            **{name: tensor for name, tensor in found.items() if not name.startswith(("optimiser.", "random."))},
            **_optimiser_slots(found, trainer, path),
            **(_random_states(found, trainer, path) if same_device else _fresh_random_states(trainer, steps)),
        },
        numbers,
    )
    trainer.history.append(rows)
    try:
        trainer.load(state)
    except StudioError as error:
        raise StudioError(error.message, str(path)) from None
    except (KeyError, ValueError, TypeError, RuntimeError, IndexError) as error:
        raise StudioError(f"is damaged ({tensors.first_line(error)})", str(path)) from None
    if not trainer.finite():
        raise StudioError("holds weights that are not finite numbers", str(path))
    # The record is a save ahead of the weights when the process died between the two.
    events = [one.event() for one in record.events if one.step <= steps]
    if not same_device:
        sentence = f"The run was trained on {record.device}; on {trainer.device} it goes on with fresh random numbers."
        events.append(Event("warned", steps, sentence))
    return events


def _numbers(texts: dict[str, str], trainer: Trainer, path: Path) -> dict[str, Any]:
    """The state's plain numbers, of the same names as the trainer's own."""
    try:
        numbers = json.loads(texts.get("numbers", ""))
    except (ValueError, RecursionError):
        raise StudioError("holds no state to go on from", str(path)) from None
    if not _alike(numbers, trainer.state().numbers):
        raise StudioError("is damaged: its counters are not those of its experiment", str(path))
    return numbers


def _alike(found: Any, wanted: Any) -> bool:
    """Whether both have the same names, with whole numbers from 0 on."""
    if isinstance(wanted, dict):
        return (
            isinstance(found, dict)
            and found.keys() == wanted.keys()
            and all(_alike(found[k], wanted[k]) for k in wanted)
        )
    return isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 2**63


def _optimiser_slots(found: Tensors, trainer: Trainer, path: Path) -> Tensors:
    """The optimisers' moments in their weights' shape and layout in memory.

    The fused kernels walk weights and moments side by side in memory and check neither.
    """
    slots: Tensors = {}
    for name, player in trainer.players.items():
        prefix = f"optimiser.{name}."
        for key, tensor in found.items():
            if not key.startswith(prefix):
                continue
            index, _, slot = key.removeprefix(prefix).partition(".")
            known = index.isdecimal() and int(index) < len(player.parameters) and slot and "." not in slot
            if not known:
                raise StudioError(f"is damaged: {key!r} belongs to no weight", str(path))
            weight = player.parameters[int(index)]
            if tensor.shape != (() if slot == "step" else weight.shape):
                raise StudioError(f"is damaged: {key!r} has another shape than its weight", str(path))
            slots[key] = tensor if slot == "step" else torch.empty_like(weight).copy_(tensor)
    return slots


def _random_states(found: Tensors, trainer: Trainer, path: Path) -> Tensors:
    states: Tensors = {}
    for name, generator in trainer.generators.items():
        key, wanted = f"random.{name}", generator.get_state()
        state = found.get(key)
        if state is None or state.dtype != wanted.dtype or state.shape != wanted.shape:
            raise StudioError(f"is damaged: it has no usable {key!r}", str(path))
        states[key] = state
    return states


def _fresh_random_states(trainer: Trainer, steps: int) -> Tensors:
    """Another kind of device draws other numbers from the same state: begin new ones that do not repeat the first."""
    states: Tensors = {}
    for index, name in enumerate(trainer.generators):
        seed = trainer.experiment.seed * 1_000_003 + 7919 * (index + 1) + 1_000_000_007 * (steps + 1)
        states[f"random.{name}"] = torch.Generator(trainer.device).manual_seed(seed % 2**63).get_state()
    return states
