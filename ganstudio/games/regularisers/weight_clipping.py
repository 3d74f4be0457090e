"""Weight clipping (Arjovsky, Chintala & Bottou 2017, algorithm 1, line 7)."""

import torch
from torch import nn

from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.games.regularisers.base import Constraint


class WeightClipping(Constraint):
    """After each update of D, every weight and bias is put back into [−c, c], which bounds the critic's slope."""

    kind = "weight-clipping"
    title = "Weight clipping"
    description = "Keeps every weight of D between −c and c: the first way to make a Wasserstein critic."

    class Config(ComponentConfig):
        limit: float = param(0.0, "c", "Largest weight; 0 is off, 0.01 is the paper's.", live=True, ge=0, le=100)

    @property
    def active(self) -> bool:
        return self.config.limit > 0

    @torch.no_grad()
    def apply(self, discriminator: nn.Module) -> None:
        for parameter in discriminator.parameters():
            parameter.clamp_(-self.config.limit, self.config.limit)
