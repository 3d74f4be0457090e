"""The engine and its keeper: what is handed over and when, and what is told of it.

A keeper that fails is told of once; it never stops training.
"""

import traceback
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ganstudio.experiment.paths import expand
from ganstudio.training.commands import Command, Edit
from ganstudio.training.events import EventKind
from ganstudio.training.pending import plain
from ganstudio.training.protocols import Keeper, Reason
from ganstudio.training.trainer import APART, Trainer

if TYPE_CHECKING:
    from ganstudio.training.engine import Engine


def record(engine: "Engine") -> None:
    """Hand over what is new in the history and the events."""
    trainer = engine.trainer
    if trainer is not None:
        engine.recorded = len(engine.events)
        _ask(engine, lambda keeper: keeper.record(trainer, engine.events))


def hear(engine: "Engine") -> None:
    """Tell what became of what was handed over before, and hand over what has been told since."""
    for event in _ask(engine, lambda keeper: keeper.news()) or ():
        engine.publish(event)
    if engine.recorded != len(engine.events):
        record(engine)


def checkpoint(
    engine: "Engine",
    reason: Reason,
    field: str = "",
    waiting: Sequence[Command] | None = None,
    wait: bool = False,
) -> None:
    """Have the state saved as it is now, with the commands that are ``waiting``: by default, those that wait now."""
    trainer = engine.trainer
    # Flushed first: what is saved has all its metrics, and is finite.
    if engine.keeper is None or trainer is None or not engine.flush():
        return
    pending = plain(engine.valves.waiting if waiting is None else waiting)

    def save(keeper: Keeper) -> None:
        keeper.checkpoint(trainer, engine.events, reason, pending=pending, field=field, wait=wait)
        engine.saving_failed = False

    _ask(engine, save)
    hear(engine)


def rest(engine: "Engine", kind: EventKind, sentence: str, reason: Reason) -> None:
    """Stop running, told with an event of this kind, and have the state saved."""
    # Before it is told: what is posted in answer to that is no part of this state.
    waiting = engine.valves.waiting
    engine.rest(kind, sentence)
    checkpoint(engine, reason, waiting=waiting)


def checkpoint_if_due(engine: "Engine", trainer: Trainer) -> None:
    """One of its own accord, if the experiment's time or number of steps has passed."""
    reason = _ask(engine, lambda keeper: keeper.due(trainer.experiment.checkpoints, trainer.steps))
    if reason is not None:
        checkpoint(engine, reason)


def before_edit(engine: "Engine", trainer: Trainer, command: Edit) -> None:
    """One before a live edit acts, unless no step depends on it."""
    path = expand(trainer.experiment, command.path)[0]
    if path.split(".")[0] not in APART:
        checkpoint(engine, "edit", path, [command, *engine.valves.waiting])


def checkpoint_at_end(engine: "Engine") -> None:
    """One when the run is left, on disk when this returns; none where nothing has been done."""
    if engine.touched:
        checkpoint(engine, "end", wait=True)


def close(engine: "Engine") -> None:
    """Let everything be written, and let go of the keeper."""
    checkpoint_at_end(engine)
    _ask(engine, lambda keeper: keeper.close())
    hear(engine)


def _ask(engine: "Engine", question: Callable[[Keeper], Any]) -> Any:
    if engine.keeper is None:
        return None
    try:
        return question(engine.keeper)
    except Exception as error:
        if not engine.saving_failed:
            engine.saving_failed = True
            details = "".join(traceback.format_exception(error))
            sentence = f"Saving failed ({type(error).__name__}: {error}). Training goes on."
            engine.tell("warned", sentence, traceback=details)
        return None
