"""What a probe's own numbers have been: a bounded memory that reaches back to its first look."""

from collections.abc import Sequence

import numpy as np

MOST = 512
"""Looks remembered; when there are more, every second one of the old is forgotten."""


class Trail:
    """Numbers by name for steps in order. A step seen again replaces itself; going back forgets what came later."""

    def __init__(self, names: tuple[str, ...]):
        self.names = names
        self._rows: list[tuple[float, ...]] = []

    def add(self, step: int, numbers: Sequence[float]) -> None:
        """The numbers after ``step`` completed steps, in the order of ``names``."""
        while self._rows and self._rows[-1][0] >= step:
            self._rows.pop()
        self._rows.append((step, *numbers))
        if len(self._rows) > MOST:
            self._rows = self._rows[: -MOST // 4 : 2] + self._rows[-MOST // 4 :]

    def arrays(self) -> dict[str, np.ndarray]:
        """``step`` and every name: (T,) float64 each, T ≥ 0."""
        rows = np.array(self._rows, np.float64).reshape(-1, 1 + len(self.names))
        return dict(zip(("step", *self.names), rows.T.copy(), strict=True))
