"""What a trainer's future depends on, also in the middle of a step. All of it can be put on disk as plain values."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment, check, parse

if TYPE_CHECKING:
    from ganstudio.training.trainer import Trainer

PLAY = "play"
IN_PROGRESS = "in_progress"
"""Among a state's numbers: the step in progress. Absent between two steps."""


@dataclass
class State:
    """Everything that a run's future depends on: tensors by dotted name, and plain numbers. Both are copies.

    What the parts of a step leave for each other (graphs, above all) cannot be copied. The state of a step in progress
    is therefore that of its beginning, with a journal of what was done since, which is done again by ``Trainer.load``.
    """

    tensors: dict[str, Tensor]
    numbers: dict[str, Any]
    optimisers: dict[str, str] = field(default_factory=dict)
    """Kind of each player's optimiser; none stands for the trainer's own."""


@dataclass
class InProgress:
    """A step that has begun and is not complete."""

    experiment: Experiment
    """In force when it began."""
    journal: list[str | Experiment]
    """What was done since: ``PLAY`` for the next part of the step, an experiment for an edit that put it in force."""
    begun: State | None = None
    """The state when it began; None where that is at hand otherwise."""

    def plain(self) -> dict[str, Any]:
        """As plain values for JSON."""
        journal = [one if isinstance(one, str) else one.model_dump() for one in self.journal]
        return {"experiment": self.experiment.model_dump(), "journal": journal}

    def experiments(self) -> list[Experiment]:
        """All that were in force while it was played."""
        return [self.experiment, *(one for one in self.journal if isinstance(one, Experiment))]

    @classmethod
    def of(cls, numbers: dict[str, Any]) -> "InProgress | None":
        """From a state's numbers; None between two steps. Raises ``StudioError`` for what is none."""
        if IN_PROGRESS not in numbers:
            return None
        found = numbers[IN_PROGRESS]
        if not (isinstance(found, dict) and isinstance(found.get("journal"), list)):
            raise StudioError("the step in progress is damaged")
        journal = [one if one == PLAY else _experiment(one) for one in found["journal"]]
        return cls(_experiment(found.get("experiment")), journal)


def _experiment(values: Any) -> Experiment:
    if not isinstance(values, dict):
        raise StudioError("the step in progress is damaged")
    experiment = parse(values)
    check(experiment)
    return experiment


def copied(trainer: "Trainer") -> State:
    """A trainer's state between two steps."""
    tensors = {name: tensor.detach().clone() for name, tensor in trainer.named_tensors()}
    numbers: dict[str, Any] = {
        "steps": trainer.steps,
        "sampler": trainer.sampler.state(),
        "average": trainer.average.steps,
    }
    for name, player in trainer.players.items():
        numbers[f"updates.{name}"] = player.updates
        for index, slots in player.optimiser.state_dict()["state"].items():
            for slot, value in ((slot, value) for slot, value in slots.items() if value is not None):
                tensors[f"optimiser.{name}.{index}.{slot}"] = torch.as_tensor(value).detach().clone()
    for name, generator in trainer.generators.items():
        tensors[f"random.{name}"] = generator.get_state()
    return State(tensors, numbers, {name: player.rule.kind for name, player in trainer.players.items()})


@torch.no_grad()
def put_back(trainer: "Trainer", state: State) -> None:
    """Give a trainer its state between two steps."""
    trainer.load_weights(state.tensors)
    for name, player in trainer.players.items():
        player.updates = state.numbers[f"updates.{name}"]
        same = state.optimisers.get(name, player.rule.kind) == player.rule.kind
        prefix = f"optimiser.{name}."
        slots: dict[int, dict[str, Tensor]] = {}
        for key, tensor in state.tensors.items():
            if same and key.startswith(prefix):
                index, slot = key.removeprefix(prefix).split(".")
                slots.setdefault(int(index), {})[slot] = tensor.clone()
        groups = player.optimiser.state_dict()["param_groups"]
        player.optimiser.load_state_dict({"state": slots, "param_groups": groups})
        player.rule.configure(player.optimiser, player.updates)
    for name, generator in trainer.generators.items():
        generator.set_state(state.tensors[f"random.{name}"].cpu())
    trainer.sampler.load(state.numbers["sampler"])
    trainer.average.steps = state.numbers["average"]
    trainer.steps = state.numbers["steps"]
