"""The way back through a person's changes, and forward again. Knows no window."""

from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")

MOST_REMEMBERED = 200


class Trail(Generic[T]):
    """States, one after another, of which one is present. States are never changed, only followed by others."""

    def __init__(self, first: T):
        self._states = [first]
        self._here = 0
        self._gesture: Hashable = None

    @property
    def now(self) -> T:
        """The present state."""
        return self._states[self._here]

    def go(self, state: T, gesture: Hashable = None) -> None:
        """To another state; what had been taken back is forgotten. Steps of the same gesture are taken back as one."""
        same = gesture is not None and gesture == self._gesture and self._here == len(self._states) - 1
        self._states = [*self._states[: self._here + (not same)], state][-MOST_REMEMBERED:]
        self._here = len(self._states) - 1
        self._gesture = gesture

    def rest(self) -> None:
        """The gesture has ended: the next step is one of its own."""
        self._gesture = None

    @property
    def can_go_back(self) -> bool:
        """Whether there is an earlier state."""
        return self._here > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether a step was taken back that can be taken again."""
        return self._here < len(self._states) - 1

    def back(self) -> None:
        """To the state before, if there is one."""
        self._here, self._gesture = max(0, self._here - 1), None

    def forward(self) -> None:
        """Take a step back again."""
        self._here, self._gesture = min(len(self._states) - 1, self._here + 1), None


class Undoable(Generic[T]):
    """Whose states lie on a trail: what a person has changed can be taken back, and done again."""

    _trail: Trail[T]

    @property
    def can_go_back(self) -> bool:
        """Whether there is something to take back."""
        return self._trail.can_go_back

    @property
    def can_go_forward(self) -> bool:
        """Whether something that was taken back can be done again."""
        return self._trail.can_go_forward

    def back(self) -> None:
        """Take the last change back, if there is one."""
        self._trail.back()
        self._moved()

    def forward(self) -> None:
        """Do again what was taken back."""
        self._trail.forward()
        self._moved()

    def _moved(self) -> None:
        """The present state is another."""
