"""One-sided label smoothing (Salimans et al. 2016, section 3.4)."""

from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.games.regularisers.base import Regulariser


class LabelSmoothing(Regulariser):
    """D aims at less than 1 on real samples, and still at 0 on fake ones.

    Smoothing the fake side too would reward D for keeping its errors (Goodfellow 2016, section 4.2).
    """

    kind = "label-smoothing"
    title = "Label smoothing"
    description = "One-sided: a real target below 1 keeps D from growing ever more certain."

    class Config(ComponentConfig):
        real_target: float = param(
            1.0, "Real target", "D's target on real samples; 1 is no smoothing, 0.9 is usual.", live=True, ge=0.5, le=1
        )

    @property
    def active(self) -> bool:
        return self.config.real_target < 1

    def real_target(self) -> float:
        return self.config.real_target
