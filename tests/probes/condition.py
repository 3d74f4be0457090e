"""The condition of a trainer, which no look may change."""

import torch

from ganstudio.training.trainer import Trainer


def condition(trainer: Trainer) -> dict:
    """All that a look might disturb."""
    networks = {name: player.network for name, player in trainer.players.items()} | {"ema": trainer.average.network}
    return {
        "weights": trainer.weights_sha256(),
        "generators": {name: one.get_state().tolist() for name, one in trainer.generators.items()},
        "process-wide": torch.get_rng_state().tolist(),
        "sampler": trainer.sampler.state(),
        "modes": [(name, [m.training for m in network.modules()]) for name, network in networks.items()],
        "gradients": [[p.requires_grad for p in network.parameters()] for network in networks.values()],
        "rows": len(trainer.history),
        "threads": torch.get_num_threads(),
        "part": trainer.next_part,
    }
