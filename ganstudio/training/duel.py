"""The duel: two trainers forked from one, which differ in one edit and train in turns."""

from collections.abc import Callable
from time import perf_counter
from typing import Any, Literal

from ganstudio.experiment.edits import Change, change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.paths import expand
from ganstudio.training.commands import Command
from ganstudio.training.trainer import State, Trainer

SideName = Literal["left", "right"]
SIDES: tuple[SideName, SideName] = ("left", "right")
KEEP_SECONDS = 2.0
"""How often a side's last finite state is copied."""


class Side:
    """One of the two. ``failure`` is why it rests for good; empty while it plays."""

    def __init__(self, name: SideName, trainer: Trainer, value: Any):
        self.name, self.trainer, self.value = name, trainer, value
        self.failure = ""
        self.told = False
        """Whether its failure has been told."""
        self.edits: list[tuple[int, Change]] = []
        """(completed steps, what was set) since the fork: the duel's own edit first."""
        self.kept: State = trainer.state()
        self._kept_at = perf_counter()

    def edit(self, path: str, value: Any) -> list[Change]:
        """Set a live field of this side's experiment."""
        changes = self.trainer.edit(path, value)
        self.edits += [(self.trainer.steps, one) for one in changes]
        if self.trainer.between_steps and not self.failure and self.trainer.finite():
            self.keep()
        return changes

    def play(self, play: Callable[[], None]) -> None:
        """Play; a side that fails goes back to its last good state and rests there."""
        try:
            play()
        except Exception as error:
            self.fail(f"A step failed: {type(error).__name__}: {error}.")

    def flush(self) -> None:
        """Bring the metrics into the history, and see whether all is finite."""
        if self.failure:
            return
        steps = self.trainer.steps
        if not self.trainer.flush():
            self.fail(f"A loss or gradient was not a finite number by step {steps:,}.")
        elif perf_counter() - self._kept_at >= KEEP_SECONDS and self.trainer.between_steps:
            self.settle()

    def settle(self) -> None:
        """Remember this state as the last good one; a side whose weights are not finite fails instead."""
        if self.failure:
            return
        if self.trainer.finite():
            self.keep()
        else:
            self.fail(f"A weight was not a finite number after step {self.trainer.steps:,}.")

    def keep(self) -> None:
        """Remember this state as the last that is known to be finite."""
        self.kept, self._kept_at = self.trainer.state(), perf_counter()

    def fail(self, sentence: str) -> None:
        """Rest for good, in the last good state."""
        self.trainer.load(self.kept)
        self.failure = f"{sentence} This side rests at step {self.trainer.steps:,}."


class Duel:
    """Forks a trainer that stands between two steps. That one is left alone, and so is each side by the other.

    Raises ``StudioError``, and changes nothing, when the field does not exist, takes effect on restart only, or means
    the same on both sides.
    """

    def __init__(self, main: Trainer, path: str, left: Any, right: Any, steps: int = 0):
        self.paths = expand(main.experiment, path)
        """Full dotted paths of what differs."""
        ways = [_checked(main, path, value) for value in (left, right)]
        if ways[0] == ways[1]:
            raise StudioError("both sides would play the same; choose two values that differ", self.paths[0])
        self.fork = main.steps
        """Completed steps after which the sides part."""
        self.until = self.fork + steps if steps else 0
        """Completed steps after which the duel rests; 0 lets it go on."""
        self.sides = {
            name: Side(name, fork(main, name), value) for name, value in zip(SIDES, (left, right), strict=True)
        }
        for one in self.sides.values():
            one.edit(path, one.value)
        self.waiting: list[Command] = []
        """What waited for later steps when the sides parted."""
        self._last: SideName = "right"

    @property
    def left(self) -> Side:
        """The side that plays first."""
        return self.sides["left"]

    @property
    def right(self) -> Side:
        """The other one."""
        return self.sides["right"]

    @property
    def standing(self) -> list[Side]:
        """The sides that have not failed."""
        return [one for one in self.sides.values() if not one.failure]

    @property
    def front(self) -> Trainer:
        """The trainer that tells how far the duel has come."""
        return (self.standing or [self.left])[0].trainer

    @property
    def steps(self) -> int:
        """Completed steps of every side that stands."""
        return min((one.trainer.steps for one in self.standing), default=self.front.steps)

    @property
    def level(self) -> bool:
        """Whether all standing sides have completed the same steps, and none is in the midst of one."""
        return all(one.trainer.between_steps and one.trainer.steps == self.steps for one in self.standing)

    @property
    def due(self) -> bool:
        """Whether it is to rest, having played as long as it was to."""
        return bool(self.until) and self.steps >= self.until

    def step(self) -> None:
        """The side whose turn it is plays its whole step, or the rest of it."""
        self._turn(lambda side: side.trainer.step)

    def play_next(self) -> None:
        """The side whose turn it is plays the next part of its step."""
        self._turn(lambda side: side.trainer.play_next)

    def play_until(self, player: str) -> None:
        """Each side plays up to and including the next part in which this player moves."""
        for one in self.standing:
            one.play(lambda one=one: one.trainer.play_until(player))

    def make_level(self) -> None:
        """Play on until both sides have completed the same steps."""
        while not self.level:
            self.step()

    def _turn(self, play: Callable[[Side], Callable[[], None]]) -> None:
        # The one that is behind; at the same step, the one that did not play last.
        side = min(self.standing, key=lambda one: (one.trainer.steps, one.name == self._last), default=None)
        if side is not None:
            self._last = side.name
            side.play(play(side))

    def flush(self) -> None:
        """Bring the metrics of both sides into their histories."""
        for one in self.sides.values():
            one.flush()

    def edit(self, path: str, value: Any) -> list[Change]:
        """Set a live field on both sides: they go on to differ in one edit alone.

        Raises ``StudioError``, and changes neither, when one of them cannot have it or the duel is about this field.
        """
        touched = expand(self.left.trainer.experiment, path)
        if any(_within(one, about) or _within(about, one) for one in touched for about in self.paths):
            raise StudioError("the duel is about this field; end it first", touched[0])
        for one in self.sides.values():
            _checked(one.trainer, path, value)
        changes = self.left.edit(path, value)
        self.right.edit(path, value)
        return changes


def fork(trainer: Trainer, name: str) -> Trainer:
    """Another trainer of this name where one stands: whatever both are told alike, they do alike.

    They share the real data, which nobody writes to, and nothing else.
    """
    found = Trainer(trainer.experiment, trainer.device, name=name, data=trainer.data)
    trainer.flush()
    adopt(found, trainer)
    return found


def adopt(trainer: Trainer, other: Trainer) -> None:
    """Go on where a fork of this trainer stands: its live experiment, its state, its history.

    The other's metrics must be flushed. What both have in common is left as it is.
    """
    trainer.revise(other.experiment)
    trainer.history.append(other.history.rows(len(trainer.history)))
    trainer.load(other.state())


def _checked(trainer: Trainer, path: str, value: Any) -> Any:
    """The experiment that a live edit leads to; ``StudioError`` when this trainer cannot follow it."""
    edited, changes = change(trainer.experiment, path, value)
    late = [one for one in changes if not one.live]
    if late:
        raise StudioError("takes effect on restart only", late[0].path)
    trainer.game_check(edited)
    return edited


def _within(path: str, other: str) -> bool:
    """Whether setting the component of which ``other`` is the kind, or ``other`` itself, sets ``path`` too."""
    return path == other or (other.endswith(".kind") and path.startswith(other.removesuffix("kind") + "params."))
