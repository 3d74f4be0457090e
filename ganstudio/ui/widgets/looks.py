"""Values that a probe has seen at some steps, as a history that curves can be drawn of. No Qt."""

import numpy as np

from ganstudio.training.history import History


class Looks(History):
    """Between two looks each curve is straight; before the first there is none."""

    def __init__(self, names: tuple[str, ...]):
        super().__init__(names)
        self._steps = np.empty(0, np.int64)

    def follow(self, steps: np.ndarray, values: np.ndarray) -> None:
        """Take up what is new in all looks so far: ``steps`` (T,) ascending, ``values`` (T, names).

        A look at step n is row n − 1; one at step 0 is where the first line begins. Where the last step lies before
        what was known, the run went back: then all is taken up anew.
        """
        steps = steps.astype(np.int64)
        known = int(self._steps[-1]) if len(self._steps) else -1
        if len(steps) and steps[-1] < known:
            self.truncate(0)
            self._steps, known = np.empty(0, np.int64), -1
        new = np.searchsorted(steps, known, "right")
        if new == len(steps):
            return
        self._steps = np.concatenate([self._steps, steps[new:]])
        # From the look before, which its first line joins.
        near = slice(max(0, new - 1), None)
        rows = np.arange(len(self) + 1, int(steps[-1]) + 1)
        self.append(np.stack([np.interp(rows, steps[near], one, left=np.nan) for one in values[near].T], axis=1))

    def column(self, name: str) -> np.ndarray:
        """(steps,) float32: the values seen, NaN at all steps between."""
        dense = super().column(name)
        found = np.full_like(dense, np.nan)
        rows = self._steps[self._steps > 0] - 1
        found[rows] = dense[rows]
        return found
