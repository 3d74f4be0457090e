"""Brings a run on disk back into a trainer of its experiment. Each file is checked, nothing in it is executed."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganstudio.data.memory import check_room
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.runs import tensors
from ganstudio.runs.about import About
from ganstudio.runs.folder import METRICS, RECORD, WEIGHTS
from ganstudio.runs.heads import Head
from ganstudio.runs.metrics import read_rows
from ganstudio.runs.read import about_of_record, about_store, alone, is_first_layout, open_store, standing
from ganstudio.runs.record import read_record
from ganstudio.runs.store import Store
from ganstudio.training.events import Event
from ganstudio.training.trainer import State, Trainer

Tensors = dict[str, Tensor]
COUNTERS = ("steps", "sampler", "average")
"""Numbers that every state has, besides each player's updates."""


@dataclass
class Restored:
    """What came with the state that was loaded."""

    events: list[Event]
    about: About
    head: Head | None = None
    """None for a run of the first layout."""
    branch: int = 0
    """The one that it stands on."""
    event: int = 0
    """Number of the newest event that had happened by then."""
    pending: list[dict[str, Any]] = field(default_factory=list)
    damage: str = ""
    """Why the store could not be used, in a sentence."""


def restore(folder: Path, trainer: Trainer) -> list[Event]:
    """Load the run's newest state that can be used, and its history; the trainer goes on exactly as the run would have,
    on the same kind of device.

    Answers the run's events. Raises ``StudioError`` naming the file that is missing, damaged or of another experiment.
    """
    if is_first_layout(folder):
        return restore_first(folder, trainer).events
    store, why = open_store(folder)
    try:
        return restore_newest(folder, store, trainer, why).events
    finally:
        if store is not None:
            store.close()


def restore_newest(folder: Path, store: Store | None, trainer: Trainer, why: str = "") -> Restored:
    """See ``restore``; ``why`` there is no store that can be used."""
    try:
        return _restore(folder, store, trainer, why)
    except StudioError as error:
        if store is None or not about_store(error, folder):
            raise
        return _restore(folder, None, trainer, alone(error))


def _restore(folder: Path, store: Store | None, trainer: Trainer, why: str) -> Restored:
    found = standing(folder, store, lambda head: load_head(head, trainer))
    head = found.head
    left_out = extend(trainer, store, found.branch, head)
    events = store.events(found.branch, head.event) if store is not None else []
    warnings = [*([why] if why else []), *found.warnings, *left_out, *_other_device(head.device, trainer)]
    events += [Event("warned", head.step, sentence) for sentence in warnings]
    about = store.about() if store is not None else head.about
    return Restored(events, about, head, found.branch, head.event, head.pending, why)


def restore_first(folder: Path, trainer: Trainer) -> Restored:
    """The same for a run as version 1 of the layout had it."""
    record = read_record(folder / RECORD)
    path = folder / WEIGHTS
    found, texts = tensors.read(path)
    try:
        numbers = json.loads(texts.get("numbers", ""))
    except (ValueError, RecursionError):
        raise StudioError("holds no state to go on from", str(path)) from None
    device = texts.get("device", "")
    steps = _check_numbers(numbers, trainer, path)["steps"]
    rows = read_rows(folder / METRICS, record.metrics, trainer.history.names, steps)
    _load(trainer, _state(found, numbers, trainer, device, path), path)
    trainer.history.truncate(0)
    trainer.history.append(rows)
    # The record is a save ahead of the weights when the process died between the two.
    events = [one.event() for one in record.events if one.step <= steps]
    events += [Event("warned", steps, sentence) for sentence in _other_device(device, trainer)]
    return Restored(events, about_of_record(record))


def load_head(head: Head, trainer: Trainer) -> None:
    """Load a checkpoint's state and the live part of its experiment; the history is left to ``extend``.

    Raises ``StudioError`` naming the file; the trainer may have changed then.
    """
    found, _ = tensors.read(head.path)
    if tensors.fingerprint(found) != head.body:
        raise StudioError("is damaged: its numbers are not what was written", str(head.path))
    steps = _check_numbers(head.numbers, trainer, head.path)["steps"]
    if steps != head.step:
        raise StudioError("is damaged: it says two different steps", str(head.path))
    state = _state(found, head.numbers, trainer, head.device, head.path)
    experiment = _with_its_data(head.experiment, trainer)
    try:
        if trainer.experiment != experiment:
            trainer.revise(experiment)
    except StudioError as error:
        raise StudioError(f"belongs to another experiment ({error})", str(head.path)) from None
    _load(trainer, state, head.path)


def _with_its_data(experiment: Experiment, trainer: Trainer) -> Experiment:
    """The experiment with its data where the trainer has found them: they may have been moved since."""
    spec, found = experiment.data, trainer.experiment.data
    if spec.kind != found.kind or "path" not in spec.params or "path" not in found.params:
        return experiment
    moved = spec.model_copy(update={"params": {**spec.params, "path": found.params["path"]}})
    return experiment.model_copy(update={"data": moved})


def extend(trainer: Trainer, store: Store | None, branch: int, head: Head) -> list[str]:
    """Give the trainer the history of a branch up to a checkpoint; NaN where none is recorded.

    Answers what of it is damaged and left out, in sentences.
    """
    names = trainer.history.names
    check_room(4 * head.step * len(names), str(head.path), f"it says that {head.step:,} steps are done")
    rows = np.full((head.step, len(names)), np.nan, np.float32)
    said: list[str] = []
    if store is not None:
        stored, recorded = store.about().metrics, store.read(branch, 0, head.step).reaching(head.step)
        for index, name in enumerate(names):
            if name in stored:
                rows[: len(recorded.rows), index] = recorded.rows[:, stored.index(name)]
        said.append(recorded.sentence(str(store.path)))
        lost = [name for name in names if name not in stored]
        if lost and not set(stored) <= set(names):  # the name of a column is damaged
            said.append(f"{store.path}: no column is called {', '.join(lost)} any more; left out.")
    trainer.history.truncate(0)
    trainer.history.append(rows)
    return [sentence for sentence in said if sentence]


def _state(found: Tensors, numbers: dict[str, Any], trainer: Trainer, device: str, path: Path) -> State:
    same_device = device.split(":")[0] == trainer.device.type
    return State(
        {
            **{name: tensor for name, tensor in found.items() if not name.startswith(("optimiser.", "random."))},
            **_optimiser_slots(found, trainer, path),
            **(
                _random_states(found, trainer, path) if same_device else _fresh_random_states(trainer, numbers["steps"])
            ),
        },
        numbers,
    )


def _load(trainer: Trainer, state: State, path: Path) -> None:
    try:
        trainer.load(state)
    except StudioError as error:
        raise StudioError(error.message, str(path)) from None
    except (KeyError, ValueError, TypeError, RuntimeError, IndexError, AttributeError, OverflowError) as error:
        raise StudioError(f"is damaged ({tensors.first_line(error)})", str(path)) from None
    if not trainer.finite():
        raise StudioError("holds weights that are not finite numbers", str(path))


def _other_device(device: str, trainer: Trainer) -> list[str]:
    if device.split(":")[0] == trainer.device.type:
        return []
    return [f"The run was trained on {device}; on {trainer.device} it goes on with fresh random numbers."]


def _check_numbers(numbers: Any, trainer: Trainer, path: Path) -> dict[str, Any]:
    """The state's plain numbers, if its counters are those of a trainer of this experiment."""
    wanted = trainer.state().numbers
    names = [name for name in wanted if name in COUNTERS or name.startswith("updates.")]
    if not isinstance(numbers, dict) or not all(_alike(numbers.get(name), wanted[name]) for name in names):
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
