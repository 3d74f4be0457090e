"""A duel at the engine: how it begins and ends, how commands act on it, and what is told of it.

The open trainer rests meanwhile. What the sides do is told with their own names and is not part of the run's events.
"""

import traceback
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING

from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.wording import edit_words, field_words, value_words
from ganstudio.training import commands, saving
from ganstudio.training.commands import Command, Edit, EndDuel, Pause, Save, Say, Step, Stop, Train
from ganstudio.training.contest import Contest, Contestant
from ganstudio.training.duel import SIDES, Duel, Side, adopt
from ganstudio.training.events import Event
from ganstudio.training.trainer import Trainer

if TYPE_CHECKING:
    from ganstudio.training.engine import Engine

FLUSH_SECONDS = 0.05
"""How old a metric may be before it is brought into its history."""
WORDS = "keep left, keep right or keep neither"


def start(engine: "Engine", trainer: Trainer, command: commands.Duel) -> None:
    """Fork the open trainer. A duel goes on running if training did."""
    engine.complete_step()
    if not engine.flush():
        return
    duel = Duel(trainer, command.path, command.left, command.right, command.steps)
    _settle(engine, trainer)
    path = duel.paths[0]
    field = field_words(trainer.experiment, path)
    one, other = (value_words(trainer.experiment, path, side.value) for side in (duel.left, duel.right))
    sentence = f"A duel from step {duel.fork:,}: {field} is {one} on the left and {other} on the right."
    engine.tell("duel", sentence, path=path, left=command.left, right=command.right, step=duel.fork)
    engine.duel, duel.waiting = duel, engine.valves.passed_over
    engine.meter.restart()
    engine.refresh_status()


def step(engine: "Engine", duel: Duel) -> None:
    """The side whose turn it is plays its step; in slow motion a part of one."""
    began = perf_counter()
    if engine.tempo.slow:
        duel.play_next()
        engine.tempo.played(len(SIDES) * len(duel.front.game.order()))
        engine.version += 1
    else:
        duel.step()
    engine.step_seconds += perf_counter() - began
    if not duel.standing:
        engine.rest("paused", "Both sides of the duel have broken down.")
    elif duel.level:
        engine.meter.stepped(engine.step_seconds)
        engine.step_seconds = 0.0
        _after_round(engine, duel)


def _after_round(engine: "Engine", duel: Duel) -> None:
    last = duel.front.experiment.steps
    if duel.due:
        engine.rest("paused", f"The duel rests after {duel.steps - duel.fork:,} steps: {WORDS}, or train on.")
    elif last and duel.steps >= last:
        engine.rest("paused", f"All {last:,} steps of the experiment are done: {WORDS}.")
    elif engine.meter.since_flush() >= FLUSH_SECONDS:
        flush(engine, duel)


def flush(engine: "Engine", duel: Duel) -> None:
    """Metrics of both sides into their histories, and word of a side that has broken down."""
    duel.flush()
    _tell_failures(engine, duel)
    engine.meter.flushed()
    saving.hear(engine)
    engine.refresh_status()


def _tell_failures(engine: "Engine", duel: Duel) -> None:
    for side in duel.sides.values():
        if side.failure and not side.told:
            side.told = True
            engine.version += 1
            sentence = f"{side.name.capitalize()} ({contestant(side).words}) has broken down. {side.failure}"
            engine.valves.tell(Event("warned", side.trainer.steps, sentence, trainer=side.name))


def follow(engine: "Engine", duel: Duel, command: Command) -> None:
    """Do what a command says while the duel is on. Raises ``StudioError`` when it cannot be."""
    found = _FOLLOW.get(type(command))
    if found is None:
        raise StudioError(f"a duel is on; {WORDS} first")
    found(engine, duel, command)


def _train(engine: "Engine", duel: Duel, command: Train) -> None:
    last = duel.front.experiment.steps
    if not duel.standing:
        raise StudioError(f"both sides have broken down; {WORDS}")
    if last and duel.steps >= last:
        raise StudioError("all steps are done; raise the number of steps to go on", "steps")
    if duel.due:
        duel.until += duel.until - duel.fork
    engine.begin()
    engine.tell("started", f"The duel goes on from step {duel.steps:,}.")


def _pause(engine: "Engine", duel: Duel, command: Pause) -> None:
    if engine.phase == "running":
        engine.rest("paused", f"The duel rests after step {duel.steps:,}.")


def _stop(engine: "Engine", duel: Duel, command: Stop) -> None:
    duel.make_level()
    engine.rest("stopped", f"The duel rests after step {duel.steps:,}.")


def _step(engine: "Engine", duel: Duel, command: Step) -> None:
    if engine.phase == "running":
        raise StudioError("pause before stepping by hand")
    if command.player:
        duel.play_until(command.player)
    else:
        duel.step()
        duel.make_level()
    engine.version += 1
    engine.set_phase("paused")
    flush(engine, duel)
    engine.tell(
        "stepped", f"Stepped {command.player or 'all players'} of both sides; {duel.steps:,} steps are complete."
    )


def _edit(engine: "Engine", duel: Duel, command: Edit) -> None:
    if engine.phase == "running":
        duel.make_level()
    flush(engine, duel)
    changes = duel.edit(command.path, command.value)
    engine.version += 1
    engine.refresh_status()
    for one in changes:
        words = edit_words(duel.front.experiment, one.path, one.old, one.new)
        sentence = f"{words} on both sides, in force from step {duel.steps + 1:,}."
        engine.tell("edited", sentence, path=one.path, old=one.old, new=one.new)


def _say(engine: "Engine", duel: Duel, command: Say) -> None:
    engine.tell("said", command.caption, beat=command.beat, beats=command.beats)


def _save(engine: "Engine", duel: Duel, command: Save) -> None:
    saving.checkpoint(engine, "asked")  # the run as it has stood since the duel began


def _end(engine: "Engine", duel: Duel, command: EndDuel) -> None:
    if command.keep not in ("", *SIDES):
        raise StudioError(f"there is no side called {command.keep!r}; {WORDS}")
    engine.set_phase("paused")
    duel.make_level()
    duel.flush()
    for side in duel.sides.values():
        side.settle()
    flush(engine, duel)
    end(engine, duel, command.keep, _verdict(engine, duel))


def _verdict(engine: "Engine", duel: Duel) -> dict:
    """What the judge says of both sides; nothing, said so, where it cannot: a side can be kept all the same."""
    if engine.judge is None:
        return {}
    try:
        return engine.judge(duel)
    except Exception as error:
        details = "".join(traceback.format_exception(error))
        engine.tell("warned", f"The sides cannot be judged: {type(error).__name__}: {error}.", traceback=details)
        return {}


def end(engine: "Engine", duel: Duel, keep: str = "", verdict: dict | None = None) -> None:
    """Let go of the duel; the open trainer goes on where the kept side stands, or where it has stood all the time."""
    engine.duel = None
    engine.version += 1
    words = "the run goes on as it was"
    if keep:
        side = duel.sides[keep]
        _keep(engine, side)
        words = f"the run goes on with {keep} ({contestant(side).words})"
    elif duel.steps > duel.fork:  # what was to be done later has been done to the sides alone
        new = [one for one in engine.valves.passed_over if one not in duel.waiting]
        engine.valves.put_back([*duel.waiting, *new])
    engine.refresh_status()
    engine.tell("duel-ended", f"The duel is over: {words}.", keep=keep, verdict=verdict or {})


def _keep(engine: "Engine", side: Side) -> None:
    """The open trainer becomes the side; its edits are told as if they had been made on it."""
    trainer = engine.trainer
    assert trainer is not None
    saving.checkpoint(engine, "edit", side.edits[0][1].path)
    adopt(trainer, side.trainer)
    engine.valves.experiment = trainer.experiment
    for step, one in side.edits:
        if one.old == one.new:  # the side that goes on as the run was
            continue
        words = edit_words(trainer.experiment, one.path, one.old, one.new)
        sentence = f"{words}, in force from step {step + 1:,}."
        engine.publish(Event("edited", step, sentence, {"path": one.path, "old": one.old, "new": one.new}))
    _settle(engine, trainer)
    saving.record(engine)


def _settle(engine: "Engine", trainer: Trainer) -> None:
    """Should what follows end badly, the way back leads here."""
    if trainer.finite():
        engine.keep(trainer)


def contest(duel: Duel) -> Contest:
    """What is to be seen of the duel now."""
    return Contest(duel.paths[0], duel.fork, duel.until, contestant(duel.left), contestant(duel.right))


def contestant(side: Side) -> Contestant:
    """What is to be seen of a side now."""
    trainer = side.trainer
    return Contestant(side.name, side.value, trainer.steps, trainer.history, trainer.experiment, side.failure)


_FOLLOW: dict[type[Command], Callable[["Engine", Duel, Command], None]] = {
    Train: _train,
    Pause: _pause,
    Stop: _stop,
    Step: _step,
    Edit: _edit,
    Say: _say,
    Save: _save,
    EndDuel: _end,
}
"""How each command that a duel can follow is followed."""
