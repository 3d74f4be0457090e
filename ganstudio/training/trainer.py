"""The trainer: owns the state of a run and plays the game step by step."""

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganstudio.data.dataset import Batch, Progress, RealData
from ganstudio.data.load import load as load_data
from ganstudio.experiment.differences import waiting
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
from ganstudio.training.state import IN_PROGRESS, PLAY, InProgress, State, copied, put_back

FLUSH_ROWS = 256
APART = ("title", "description", "steps", "checkpoints")
"""Fields of an experiment that no step depends on."""


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
        data: RealData | None = None,
    ):
        """``data`` are those of another trainer of the same experiment on this device, to share; None loads them."""
        check(experiment)
        self.name = name
        self.experiment = experiment
        self.device = torch.device(device)
        build.settle_kernels(self.device)
        self.game = build.game(experiment)
        self.data = (load_data(build.data_source(experiment), progress) if data is None else data).to(self.device)
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
        self._in_progress: InProgress | None = None  # the step that is played part by part
        self._table = _LiveTable(self.players, build.objective(experiment), [], [], self.generators["game"])
        self._table.trainer = self
        self._nan = torch.full((), float("nan"), device=self.device)
        self._pending: list[tuple[Tensor, frozenset[str]]] = []  # steps' numbers, and the names of those they have
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
        return self._part == 0 and self._in_progress is None

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
            self._play_part()

    def play_next(self) -> None:
        """Play the next player's part; the step is complete when all have played.

        Where a step is left in its middle its beginning is remembered, at the price of a copy of the state.
        """
        if self.between_steps and len(self.game.order()) > 1:
            self._in_progress = InProgress(self.experiment, [], self.state())
        if self._in_progress is not None:
            self._in_progress.journal.append(PLAY)
        self._play_part()

    def _play_part(self) -> None:
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
        row = torch.stack([metrics.get(name, self._nan) for name in self.history.names])
        self._pending.append((row, frozenset(metrics)))
        self.moment.metrics = {}
        self._in_progress = None
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
        rows = torch.stack([row for row, _ in self._pending]).float().cpu().numpy()
        had = [names for _, names in self._pending]
        self._pending.clear()
        self.history.append(rows)
        # A number that a step does not have, since a player made no update, is NaN; one that it has must be finite.
        watched = [name.startswith(("loss.", "gradient.")) for name in self.history.names]
        at_fault = np.argwhere(~np.isfinite(rows) & watched)
        return not any(self.history.names[column] in had[row] for row, column in at_fault)

    # edits

    def edit(self, path: str, value: Any) -> list[Change]:
        """Set a live field; it acts from the next part of a step on.

        Raises ``StudioError``, and changes nothing, when it cannot be.
        """
        edited, changes = self.changed(path, value)
        self._put_in_force(edited)
        return changes

    def changed(self, path: str, value: Any) -> tuple[Experiment, list[Change]]:
        """What an edit leads to, without making it. Raises ``StudioError`` when it cannot be."""
        edited, changes = change(self.experiment, path, value)
        late = [one for one in changes if not one.live]
        if late:
            raise StudioError("takes effect on restart only", late[0].path)
        self.game_check(edited)
        return edited, changes

    def _put_in_force(self, experiment: Experiment) -> None:
        if self._in_progress is not None:
            self._in_progress.journal.append(experiment)
        self._follow(experiment)

    def revise(self, experiment: Experiment) -> None:
        """Make every live field that of another version of this experiment.

        Raises ``StudioError`` and changes nothing for one that differs in more.
        """
        self._check_live(experiment)
        self._put_in_force(experiment)

    def _check_live(self, experiment: Experiment) -> None:
        """Raise ``StudioError`` for an experiment that no live edits lead to."""
        late = waiting(self.experiment, experiment) if experiment != self.experiment else ()
        if late:
            raise StudioError("takes effect on restart only", min(late))
        self.game_check(experiment)

    def game_check(self, experiment: Experiment) -> None:
        """Raise ``StudioError`` for an experiment that this trainer's players and data cannot play."""
        build.game(experiment)
        build.check_combination(experiment, self.players, self.data)

    def _follow(self, experiment: Experiment) -> None:
        """Make the live pieces those of the experiment."""
        if experiment is not self.experiment and _steps_alike(experiment, self.experiment):
            self.experiment = experiment
            return
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

    def named_tensors(self) -> Iterator[tuple[str, Tensor]]:
        """All players' weights and buffers, and those of G's average, by dotted name; not copies."""
        for name, player in sorted(self.players.items()):
            for key, tensor in sorted(player.network.state_dict().items()):
                yield f"{name}.{key}", tensor
        for key, tensor in sorted(self.average.network.state_dict().items()):
            yield f"generator_ema.{key}", tensor

    def weights(self) -> dict[str, Tensor]:
        """Copies, on the CPU, of all players' weights and buffers and of G's average, by dotted name."""
        return {name: tensor.detach().to("cpu", copy=True).contiguous() for name, tensor in self.named_tensors()}

    def weights_sha256(self) -> str:
        """Fingerprint of all players, buffers and the average, in name order."""
        digest = hashlib.sha256()
        for name, tensor in sorted(self.weights().items()):
            digest.update(name.encode())
            digest.update(tensor.reshape(-1).view(torch.uint8).numpy().tobytes())
        return digest.hexdigest()

    def state(self) -> State:
        """All that the run's future depends on."""
        progress = self._in_progress
        if progress is not None and progress.begun is not None:
            begun = progress.begun
            return State(begun.tensors, begun.numbers | {IN_PROGRESS: progress.plain()}, begun.optimisers)
        return copied(self)

    def load(self, state: State) -> None:
        """Go on from a state of these players; the history is cut to its step, and the experiment stays as it is.

        A player whose optimiser was of another kind then starts with empty moments. Raises ``StudioError`` for a state
        that cannot be gone on from.
        """
        wanted, progress = self.experiment, InProgress.of(state.numbers)
        for one in progress.experiments() if progress else ():
            self._check_live(one)
        self._in_progress = None
        self._follow(progress.experiment if progress else wanted)
        self._load(state)
        if progress and self.data.absence is None:  # else the beginning of the step in progress is all there is to see
            self._play_again(progress)
        if self.experiment != wanted:
            self._put_in_force(wanted)

    def _play_again(self, progress: InProgress) -> None:
        """Do what was done in the step in progress: the same draws and sums give the same bits."""
        for one in progress.journal:
            if isinstance(one, Experiment):
                self._put_in_force(one)
            else:
                self.play_next()
                if self.between_steps:
                    raise StudioError("the step in progress is damaged: it is complete")

    def _load(self, state: State) -> None:
        """A state between two steps."""
        put_back(self, state)
        self._part = 0
        self._pending.clear()
        self._finite = True
        self.history.truncate(self.steps)
        self.moment = Moment()
        self.game.reset()

    @torch.no_grad()
    def load_weights(self, weights: dict[str, Tensor]) -> None:
        """Set weights and buffers by dotted name; ``StudioError`` names the first that is missing or misfits."""
        for name, tensor in self.named_tensors():
            if name not in weights:
                raise StudioError(f"the weights have no {name!r}; they belong to another experiment")
            if weights[name].shape != tensor.shape:
                raise StudioError(
                    f"{name!r} is {tuple(weights[name].shape)} there and {tuple(tensor.shape)} here; "
                    "the weights belong to another experiment"
                )
        for name, tensor in self.named_tensors():
            tensor.copy_(weights[name])

    def finite(self) -> bool:
        """Whether every weight and buffer is finite."""
        tensors = [tensor for _, tensor in self.named_tensors() if tensor.is_floating_point()]
        return bool(torch.stack([norm.float() for norm in torch._foreach_norm(tensors)]).isfinite().all())


def _steps_alike(one: Experiment, other: Experiment) -> bool:
    """Whether two experiments differ in nothing that a step depends on."""
    return all(getattr(one, name) == getattr(other, name) for name in Experiment.model_fields if name not in APART)
