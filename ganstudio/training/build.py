"""From an experiment to the pieces of a trainer: data, players and table, all drawn from the run's seed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from ganstudio.data.dataset import DataSource, RealData
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import OPEN_ROOMS, Experiment
from ganstudio.experiment.registry import registry
from ganstudio.games.game import Game
from ganstudio.games.objectives.base import Objective
from ganstudio.games.player import Player
from ganstudio.games.regularisers.base import Augmentation, Constraint, Regulariser
from ganstudio.networks.network import NetworkSpec, Shapes, couples_batch
from ganstudio.networks.noise import Noise

STREAMS = ("noise", "game", "augmentation")
"""Names of the run's random generators; each follows from the seed, and all are saved with the run."""
_seeding = threading.RLock()


def data_source(experiment: Experiment) -> DataSource:
    """The experiment's source of real samples, configured."""
    source = registry.build("data", experiment.data.kind, experiment.data.params, "data")
    assert isinstance(source, DataSource)
    return source


def noise(experiment: Experiment) -> Noise:
    """The prior of z, configured."""
    found = registry.build("noise", experiment.noise.kind, experiment.noise.params, "noise")
    assert isinstance(found, Noise)
    return found


def game(experiment: Experiment) -> Game:
    """The game, configured and checked against the players there are."""
    found = registry.build("game", experiment.game.kind, experiment.game.params, "game")
    assert isinstance(found, Game)
    found.check(experiment)
    return found


def objective(experiment: Experiment) -> Objective:
    """The adversarial objective, configured."""
    found = registry.build("objective", experiment.objective.kind, experiment.objective.params, "objective")
    assert isinstance(found, Objective)
    return found


def active(experiment: Experiment, group: str) -> list:
    """The regularisers, constraints or augmentations (``group``) that do something, in order of kind."""
    room = OPEN_ROOMS[group]
    found = [
        registry.build(room, kind, params, f"{group}.{kind}")
        for kind, params in sorted(getattr(experiment, group).items())
    ]
    return [one for one in found if isinstance(one, Regulariser | Constraint | Augmentation) and one.active]


def streams(seed: int, device: torch.device) -> dict[str, torch.Generator]:
    """The run's random generators by name, on the device that trains."""
    return {
        name: torch.Generator(device).manual_seed((seed * 1_000_003 + 7919 * (index + 1)) % 2**63)
        for index, name in enumerate(STREAMS)
    }


def settle_kernels(device: torch.device) -> None:
    """On CUDA, convolutions that give the same bits each time; on the CPU they all do."""
    if device.type == "cuda":
        torch.backends.cudnn.deterministic = True


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """torch's process-wide generator, seeded inside and put back after: constructors of layers draw from it.

    One thread at a time: a trainer of the past is built beside the one that is opened.
    """
    with _seeding, torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed % 2**63)
        yield


def network(experiment: Experiment, player: str, shapes: Shapes) -> nn.Module:
    """A player's network on the CPU, its random draws taken from torch's process-wide generator."""
    spec = experiment.players[player].network
    field = f"players.{player}.network"
    found = registry.build("network", spec.kind, spec.params, field)
    assert isinstance(found, NetworkSpec)
    if found.role != player:
        raise StudioError(f"{spec.kind!r} is a {found.role}, not a {player}", field)
    return found.build(shapes)


def players(experiment: Experiment, shapes: Shapes, device: torch.device) -> dict[str, Player]:
    """All players, freshly initialised from the experiment's seed, on the device."""
    layout = torch.channels_last if len(shapes.data) == 3 else torch.contiguous_format
    found = {}
    with seeded(experiment.seed):
        for name, spec in experiment.players.items():
            module = network(experiment, name, shapes).to(device).to(memory_format=layout)
            found[name] = Player(name, module, spec)
    return found


def check_combination(experiment: Experiment, table_players: dict[str, Player], data: RealData) -> None:
    """Raise ``StudioError`` for what no field alone can tell to be impossible."""
    if experiment.batch_size > len(data) and data.absence is None:
        raise StudioError(
            f"the batch ({experiment.batch_size}) is larger than the data set ({len(data)} samples)", "batch_size"
        )
    normed = [name for name, player in table_players.items() if couples_batch(player.network)]
    if experiment.batch_size == 1 and normed:
        raise StudioError(f"the {normed[0]}'s batch norm needs batches of at least 2 samples", "batch_size")
    regularisers = active(experiment, "regularisers")
    if not objective(experiment).smoothable and any(one.real_target() != 1 for one in regularisers):
        raise StudioError(
            f"the objective {experiment.objective.kind!r} has no targets to smooth; set real_target to 1",
            "regularisers.label-smoothing.real_target",
        )
    if len(data.shape) != 3:
        for group in ("augmentation", "regularisers"):
            for one in active(experiment, group):
                if one.needs_images:
                    raise StudioError(
                        "this works on images alone, and these data are points; switch it off", f"{group}.{one.kind}"
                    )
    for one in regularisers:
        if one.needs_uncoupled_batch and couples_batch(table_players["discriminator"].network):
            raise StudioError(
                "this penalty needs a discriminator without batch norm, which couples the samples of a batch; "
                'set players.discriminator.network.norm to "none"',
                f"regularisers.{one.kind}",
            )
