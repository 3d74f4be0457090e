"""A copy of a network to look through, so that looking leaves the trained one alone."""

import copy

import torch
from torch import Tensor, nn


class Mirror:
    """``network`` is an evaluation-mode copy of a network in training; ``refresh`` gives it the weights of the moment.

    Passing something through it draws no random number (dropout passes all through) and moves neither batch-norm
    statistics nor spectral-norm vectors: in evaluation mode a network only reads them, and these are copies.
    """

    def __init__(self, network: nn.Module):
        self.network = copy.deepcopy(network).eval().requires_grad_(False)
        self._mine, self._theirs = tensors(self.network), tensors(network)

    @torch.no_grad()
    def refresh(self) -> nn.Module:
        """Copy weights and buffers over, between steps; about 0.1 ms for a million weights. Answers the copy."""
        torch._foreach_copy_(self._mine, self._theirs)
        return self.network


def tensors(network: nn.Module) -> list[Tensor]:
    """Weights and buffers, without gradients: what makes one copy of a network equal another."""
    return [tensor.detach() for tensor in (*network.parameters(), *network.buffers())]
