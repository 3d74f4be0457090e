"""What each command does to the engine: one short function a command."""

from collections.abc import Callable

from ganstudio.data.dataset import Cancelled
from ganstudio.experiment.errors import StudioError
from ganstudio.training import duelling, worker
from ganstudio.training.commands import (
    Command,
    Duel,
    Edit,
    EndDuel,
    Forget,
    Open,
    Pace,
    Pause,
    Restore,
    Save,
    Say,
    Step,
    Stop,
    Train,
)
from ganstudio.training.engine import Engine
from ganstudio.training.events import Event
from ganstudio.training.protocols import Opened
from ganstudio.training.trainer import Trainer


def follow(engine: Engine, command: Command) -> None:
    """Do what a command says, and tell of it. Raises ``StudioError`` when it cannot be."""
    if isinstance(command, Open):
        _open(engine, command)
    elif isinstance(command, Pace):
        _pace(engine, command)
    elif not isinstance(command, Forget):  # the valves have dropped what that is about
        if engine.trainer is None:
            raise StudioError("no experiment is open; choose a preset first")
        if engine.duel is not None:
            duelling.follow(engine, engine.duel, command)
            return
        # A state in the middle of a step cannot be gone on from.
        if isinstance(command, Stop | Save) or (engine.phase == "running" and isinstance(command, Edit)):
            engine.complete_step()
        _FOLLOW[type(command)](engine, engine.trainer, command)


def _open(engine: Engine, command: Open) -> None:
    assert command.experiment is not None
    if engine.steps:
        engine.complete_step()
        engine.save(wait=True)
    engine.set_phase("opening")
    device = worker.device(command.device) if command.device else engine.device

    def progress(what: str, share: float) -> bool:
        engine.valves.tell(Event("loading", engine.steps, what, {"share": share}))
        return not engine.valves.interrupted

    def bring(trainer: Trainer) -> Opened:
        if command.run is None:
            return Opened([])
        if engine.keeper is None:
            raise StudioError("this session keeps no runs", str(command.run))
        return engine.keeper.open(command.run, trainer)

    try:
        found = worker.open_trainer(command.experiment, device, engine.wanted_threads, progress, bring)
    except Cancelled:  # something else was opened meanwhile, or all ends
        return
    trainer, opened, threads = found
    engine.device = device
    engine.take(trainer, threads, opened.events)
    engine.set_phase("ready")
    engine.tell(
        "opened",
        f"{trainer.experiment.title} is ready.",
        experiment=trainer.experiment,
        notes=list(trainer.data.notes),
        earlier=opened.events,
        shape=list(trainer.data.shape),
    )


def _pace(engine: Engine, command: Pace) -> None:
    engine.tempo.set(command.steps_per_s)
    engine.refresh_status()
    engine.tell("paced", f"{engine.tempo.words()}.", steps_per_s=engine.tempo.steps_per_s)


def _train(engine: Engine, trainer: Trainer, command: Train) -> None:
    if trainer.experiment.steps and trainer.steps >= trainer.experiment.steps:
        raise StudioError("all steps are done; raise the number of steps to go on", "steps")
    engine.begin()
    engine.tell("started", f"Training from step {trainer.steps:,}.")


def _pause(engine: Engine, trainer: Trainer, command: Pause) -> None:
    if engine.phase == "running":
        engine.rest("paused", f"Paused after step {trainer.steps:,}.")


def _stop(engine: Engine, trainer: Trainer, command: Stop) -> None:
    engine.rest("stopped", f"Stopped after step {trainer.steps:,}.")
    engine.save(wait=False)


def _step(engine: Engine, trainer: Trainer, command: Step) -> None:
    """One step by hand, or one player's part of it."""
    if engine.phase == "running":
        raise StudioError("pause before stepping by hand")
    try:
        if command.player:
            trainer.play_until(command.player)
        else:
            trainer.step()
    except Exception as error:
        engine.fail(error)
        return
    engine.version += 1
    if engine.flush():
        engine.set_phase("paused")
        engine.tell("stepped", f"Stepped {command.player or 'all players'}; {trainer.steps:,} steps are complete.")


def _edit(engine: Engine, trainer: Trainer, command: Edit) -> None:
    engine.flush()
    changes = trainer.edit(command.path, command.value)
    # Should the edit end badly, the way back leads to where it was made: what is said of it stays true.
    if trainer.between_steps and trainer.finite():
        engine.keep(trainer)
    engine.valves.experiment = trainer.experiment
    engine.version += 1
    for one in changes:
        sentence = f"{one.path}: {one.old} → {one.new}, in force from step {trainer.steps + 1:,}."
        engine.tell("edited", sentence, path=one.path, old=one.old, new=one.new)


def _say(engine: Engine, trainer: Trainer, command: Say) -> None:
    engine.tell("said", command.caption, beat=command.beat, beats=command.beats)


def _save(engine: Engine, trainer: Trainer, command: Save) -> None:
    engine.save(wait=False)


def _restore(engine: Engine, trainer: Trainer, command: Restore) -> None:
    engine.restore(trainer)
    engine.set_phase("paused")
    engine.tell("restored", f"Back at step {trainer.steps:,}, the last state known to be finite.")


def _no_duel(engine: Engine, trainer: Trainer, command: EndDuel) -> None:
    raise StudioError("no duel is on")


_FOLLOW: dict[type[Command], Callable[[Engine, Trainer, Command], None]] = {
    Train: _train,
    Pause: _pause,
    Stop: _stop,
    Step: _step,
    Edit: _edit,
    Duel: duelling.start,
    EndDuel: _no_duel,
    Say: _say,
    Save: _save,
    Restore: _restore,
}
"""How each command that needs an open trainer is followed."""
