"""The trainer: owns the state of a run and plays the game step by step."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganstudio.data.dataset import Batch, Progress
from ganstudio.data.load import load as load_data
from ganstudio.experiment.edits import Change, change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment, check
from ganstudio.games.game import Moment, Table
from ganstudio.games.player import Average
from ganstudio.games.regularisers.base import real_target
from ganstudio.networks.network import Shapes, use_generator
from ganstudio.networks.noise import Noise
from ganstudio.training import build
from ganstudio.training.history import History

FLUSH_ROWS = 256


@dataclass
class State:
    """Everything that a run's future depends on: tensors by dotted name, and plain numbers. Both are copies."""

    tensors: dict[str, Tensor]
    numbers: dict[str, Any]
    optimisers: dict[str, str] = field(default_factory=dict)
    """Kind of each player's optimiser; none stands for the trainer's own."""


class _LiveTable(Table):
    """The table, dealing from the trainer's data and noise."""

    trainer: "Trainer"

    def real(self) -> Batch:
        return self.trainer.draw_real()

    def noise(self) -> Tensor:
        return self.trainer.draw_noise()


class Trainer:
    """Runs an experiment's game on one device. Knows no thread, no probe and no file.

    Nothing outside ``step`` and ``edit`` draws from the run's generators, so looking at a trainer changes nothing.
    """

    def __init__(
        self,
        experiment: Experiment,
        device: torch.device | str = "cpu",
        *,
        name: str = "main",
        progress: Progress | None = None,
    ):
        check(experiment)
        self.name = name
        self.experiment = experiment
        self.device = torch.device(device)
        build.settle_kernels(self.device)
        self.game = build.game(experiment)
        self.data = load_data(build.data_source(experiment), progress).to(self.device)
        self.noise: Noise = build.noise(experiment)
        self.shapes = Shapes(self.noise.config.dim, self.data.shape, self.data.mean())
        self.generators = build.streams(experiment.seed, self.device)
        self.players = build.players(experiment, self.shapes, self.device)
        build.check_combination(experiment, self.players, self.data)
        for player in self.players.values():
            use_generator(player.network, self.generators["game"])
        self.average = Average(self.players["generator"].network)
        self.sampler = self.data.sampler(experiment.seed)
        self.history = History(self.game.metrics)
        self.moment = Moment()
        self.steps = 0
        self._part = 0  # how many parts of the step in progress have been played
        self._table = _LiveTable(self.players, build.objective(experiment), [], [], self.generators["game"])
        self._table.trainer = self
        self._nan = torch.full((), float("nan"), device=self.device)
        self._pending: list[Tensor] = []
        self._finite = True
        self._follow(experiment)

    # stepping

    def draw_real(self) -> Batch:
        """The next real batch, augmented."""
        batch = self.data.draw(self.sampler, self.experiment.batch_size)
        for augmentation in self._augmentations:
            batch.x = augmentation.apply(batch.x, self.generators["augmentation"])
        return batch

    def draw_noise(self) -> Tensor:
        """(batch, dim) fresh z."""
        return self.noise.draw(self.experiment.batch_size, self.generators["noise"])

    @property
    def next_part(self) -> str:
        """Which part of a step comes next: a player's name, or two joined by ``+``."""
        return self.game.order()[self._part]

    @property
    def between_steps(self) -> bool:
        """Whether no step is in progress."""
        return self._part == 0

    def play_until(self, player: str) -> None:
        """Play the parts of steps up to and including the next one in which this player moves."""
        for _ in self.game.order():
            part = self.next_part
            self.play_next()
            if player in part.split("+"):
                return

    def step(self) -> None:
        """Play the rest of the step in progress (normally a whole one)."""
        steps = self.steps
        while self.steps == steps:
            self.play_next()

    def play_next(self) -> None:
        """Play the next player's part; the step is complete when all have played."""
        self._table.step = self.steps
        order = self.game.order()
        self.game.play(self._table, order[self._part], self.moment)
        self._part += 1
        if self._part >= len(order):
            self._part = 0
            self._complete()

    def _complete(self) -> None:
        self.average.follow(self.experiment.ema)
        metrics = self.moment.metrics
        self._pending.append(torch.stack([metrics.get(name, self._nan) for name in self.history.names]))
        self.moment.metrics = {}
        self.steps += 1
        if len(self._pending) >= FLUSH_ROWS:
            self.flush()

    def flush(self) -> bool:
        """Bring the metrics over from the device into the history.

        Answers whether all have been finite since the trainer was made or loaded.
        """
        if self._pending:
            self._finite = self._bring_over() and self._finite
        return self._finite

    def _bring_over(self) -> bool:
        rows = torch.stack(self._pending).float().cpu().numpy()
        self._pending.clear()
        self.history.append(rows)
        # A number that a step does not have is NaN by construction; one that it has must be finite.
        losses = [i for i, name in enumerate(self.history.names) if name.startswith(("loss.", "gradient."))]
        watched = rows[:, losses]
        return not np.isinf(watched).any() and not (np.isnan(watched) & ~self._absent(watched)).any()

    def _absent(self, watched: np.ndarray) -> np.ndarray:
        """Where a player made no update (k = 0), both its columns are missing in every row."""
        names = [name for name in self.history.names if name.startswith(("loss.", "gradient."))]
        idle = [self.players[name.split(".")[1]].spec.updates == 0 for name in names]
        return np.broadcast_to(np.array(idle), watched.shape)

    # edits

    def edit(self, path: str, value: Any) -> list[Change]:
        """Set a live field; it acts at the next step. Raises ``StudioError`` and changes nothing when it cannot."""
        edited, changes = change(self.experiment, path, value)
        late = [one for one in changes if not one.live]
        if late:
            raise StudioError("takes effect on restart only", late[0].path)
        self.game_check(edited)
        self.flush()  # which players move, and so which numbers a step has, may change now
        self._follow(edited)
        return changes

    def game_check(self, experiment: Experiment) -> None:
        """Raise ``StudioError`` for an experiment that this trainer's players and data cannot play."""
        build.game(experiment)
        build.check_combination(experiment, self.players, self.data)

    def _follow(self, experiment: Experiment) -> None:
        """Make the live pieces those of the experiment."""
        if experiment.game != self.experiment.game:
            self.game, self._part = build.game(experiment), 0
        self.experiment = experiment
        self.noise = build.noise(experiment)
        self._augmentations = build.active(experiment, "augmentation")
        self._table.objective = build.objective(experiment)
        self._table.regularisers = build.active(experiment, "regularisers")
        self._table.constraints = build.active(experiment, "constraints")
        self._table.precision = experiment.precision
        for name, player in self.players.items():
            player.respecify(experiment.players[name])
        self.game.reset()

    @property
    def objective(self) -> Any:
        """The objective in force."""
        return self._table.objective

    @property
    def real_target(self) -> float:
        """D's target on real samples in force (label smoothing)."""
        return real_target(self._table.regularisers)

    # state

    def _named_tensors(self) -> Iterator[tuple[str, Tensor]]:
        for name, player in sorted(self.players.items()):
            for key, tensor in sorted(player.network.state_dict().items()):
                yield f"{name}.{key}", tensor
        for key, tensor in sorted(self.average.network.state_dict().items()):
            yield f"generator_ema.{key}", tensor

    def weights(self) -> dict[str, Tensor]:
        """Copies, on the CPU, of all players' weights and buffers and of G's average, by dotted name."""
        return {name: tensor.detach().to("cpu", copy=True).contiguous() for name, tensor in self._named_tensors()}

    def weights_sha256(self) -> str:
        """Fingerprint of all players, buffers and the average, in name order."""
        digest = hashlib.sha256()
        for name, tensor in sorted(self.weights().items()):
            digest.update(name.encode())
            digest.update(tensor.reshape(-1).view(torch.uint8).numpy().tobytes())
        return digest.hexdigest()

    def state(self) -> State:
        """All that the run's future depends on."""
        tensors = {name: tensor.detach().clone() for name, tensor in self._named_tensors()}
        numbers: dict[str, Any] = {"steps": self.steps, "sampler": self.sampler.state(), "average": self.average.steps}
        for name, player in self.players.items():
            numbers[f"updates.{name}"] = player.updates
            for index, slots in player.optimiser.state_dict()["state"].items():
                for slot, value in ((slot, value) for slot, value in slots.items() if value is not None):
                    tensors[f"optimiser.{name}.{index}.{slot}"] = torch.as_tensor(value).detach().clone()
        for name, generator in self.generators.items():
            tensors[f"random.{name}"] = generator.get_state()
        return State(tensors, numbers, {name: player.rule.kind for name, player in self.players.items()})

    @torch.no_grad()
    def load(self, state: State) -> None:
        """Go on from a state of these players; the history is cut to its step.

        A player whose optimiser was of another kind then starts with empty moments.
        """
        self.load_weights(state.tensors)
        for name, player in self.players.items():
            player.updates = state.numbers[f"updates.{name}"]
            same = state.optimisers.get(name, player.rule.kind) == player.rule.kind
            player.optimiser.load_state_dict(self._optimiser_state(name, state.tensors if same else {}))
            player.rule.configure(player.optimiser, player.updates)
        for name, generator in self.generators.items():
            generator.set_state(state.tensors[f"random.{name}"].cpu())
        self.sampler.load(state.numbers["sampler"])
        self.average.steps = state.numbers["average"]
        self.steps = state.numbers["steps"]
        self._part = 0
        self._pending.clear()
        self._finite = True
        self.history.truncate(self.steps)
        self.moment = Moment()
        self.game.reset()

    def _optimiser_state(self, name: str, tensors: dict[str, Tensor]) -> dict:
        optimiser = self.players[name].optimiser
        state: dict[int, dict[str, Tensor]] = {}
        prefix = f"optimiser.{name}."
        for key, tensor in tensors.items():
            if key.startswith(prefix):
                index, slot = key.removeprefix(prefix).split(".")
                state.setdefault(int(index), {})[slot] = tensor.clone()
        return {"state": state, "param_groups": optimiser.state_dict()["param_groups"]}

    @torch.no_grad()
    def load_weights(self, weights: dict[str, Tensor]) -> None:
        """Set weights and buffers by dotted name; ``StudioError`` names the first that is missing or misfits."""
        for name, tensor in self._named_tensors():
            if name not in weights:
                raise StudioError(f"the weights have no {name!r}; they belong to another experiment")
            if weights[name].shape != tensor.shape:
                raise StudioError(
                    f"{name!r} is {tuple(weights[name].shape)} there and {tuple(tensor.shape)} here; "
                    "the weights belong to another experiment"
                )
        for name, tensor in self._named_tensors():
            tensor.copy_(weights[name])

    def finite(self) -> bool:
        """Whether every weight and buffer is finite."""
        tensors = [tensor for _, tensor in self._named_tensors() if tensor.is_floating_point()]
        return bool(torch.stack([norm.float() for norm in torch._foreach_norm(tensors)]).isfinite().all())
