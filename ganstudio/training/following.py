"""What each command does to the engine: one short function a command."""

from collections.abc import Callable
from time import time

from ganstudio.data.dataset import Cancelled
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.wording import edit_words
from ganstudio.training import duelling, saving, worker
from ganstudio.training.commands import (
    Command,
    Diagnose,
    Duel,
    Edit,
    EndDuel,
    Forget,
    Note,
    Open,
    Pace,
    Pause,
    Restore,
    Rewind,
    Save,
    Say,
    Step,
    Stop,
    Train,
)
from ganstudio.training.engine import Engine
from ganstudio.training.events import Event
from ganstudio.training.pending import commands_of
from ganstudio.training.protocols import Opened
from ganstudio.training.reach import out_of_reach
from ganstudio.training.trainer import Trainer

CHANGING = (Train, Step, Edit, Duel, Note, Save)
"""Commands that lead a run further, or write it: not without its data."""


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
        if isinstance(command, CHANGING) and engine.trainer.data.absence is not None:
            raise engine.trainer.data.absence
        _FOLLOW[type(command)](engine, engine.trainer, command)


def _open(engine: Engine, command: Open) -> None:
    assert command.experiment is not None
    saving.checkpoint_at_end(engine)
    engine.set_phase("opening")
    began = time()
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

    def shape() -> tuple[int, ...] | None:
        if command.run is None or engine.keeper is None:
            return None
        return engine.keeper.sample_shape(command.run, command.experiment)

    try:
        found = worker.open_trainer(command.experiment, device, engine.wanted_threads, progress, bring, shape)
    except Cancelled:  # something else was opened meanwhile, or all ends
        return
    trainer, opened, threads = found
    engine.device = device
    engine.take(trainer, threads, opened)
    engine.set_phase("ready")
    absence = trainer.data.absence
    engine.tell(
        "opened",
        f"{trainer.experiment.title} is ready.{_wait_again(engine, trainer, opened)}",
        experiment=trainer.experiment,
        branch=opened.branch,
        read_only=opened.read_only,
        notes=list(trainer.data.notes),
        absence="" if absence is None else str(absence),
        earlier=opened.events,
        shape=list(trainer.data.shape),
    )
    if beyond := out_of_reach(trainer):
        engine.tell("warned", beyond)
    # What was found out in opening stands in the run already.
    for event in opened.events:
        if event.kind == "warned" and event.time >= began:
            engine.valves.tell(event)
    if absence is None:
        saving.checkpoint(engine, "start")


def _wait_again(engine: Engine, trainer: Trainer, opened: Opened) -> str:
    """Let the commands wait that waited when this state was saved; a sentence that says so, if there are any."""
    found: list[Command] = []
    try:
        found = commands_of(opened.pending, trainer.steps)
    except StudioError as error:
        engine.tell("warned", f"{str(error)[:1].upper()}{str(error)[1:]}; it is left out, with all that waited.")
    engine.valves.put_back(found)
    if not found:
        return ""
    words = "One command waits" if len(found) == 1 else f"{len(found)} commands wait"
    return f" {words} for a later step."


def _pace(engine: Engine, command: Pace) -> None:
    engine.tempo.set(command.steps_per_s)
    engine.refresh_status()
    engine.tell("paced", f"{engine.tempo.words()}.", steps_per_s=engine.tempo.steps_per_s)


def _train(engine: Engine, trainer: Trainer, command: Train) -> None:
    if trainer.experiment.steps and trainer.steps >= trainer.experiment.steps:
        raise StudioError("all steps are done; raise the number of steps to go on", "steps")
    engine.begin(command.until)
    engine.tell("started", f"Training from step {trainer.steps:,}.")


def _pause(engine: Engine, trainer: Trainer, command: Pause) -> None:
    if engine.phase == "running":
        saving.rest(engine, "paused", f"Paused after step {trainer.steps:,}.", "pause")


def _stop(engine: Engine, trainer: Trainer, command: Stop) -> None:
    saving.rest(engine, "stopped", f"Stopped after step {trainer.steps:,}.", "stop")


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
        saving.checkpoint_if_due(engine, trainer)


def _edit(engine: Engine, trainer: Trainer, command: Edit) -> None:
    if engine.phase == "running":  # in slow motion: an edit acts at the next step
        engine.complete_step()
    trainer.changed(command.path, command.value)
    saving.before_edit(engine, trainer, command)
    changes = trainer.edit(command.path, command.value)
    # Should the edit end badly, the way back leads to where it was made: what is said of it stays true.
    if trainer.finite():
        engine.keep(trainer)
    engine.valves.experiment = trainer.experiment
    engine.version += 1
    since = f"step {trainer.steps + 1:,}" if trainer.between_steps else f"the rest of step {trainer.steps + 1:,}"
    for one in changes:
        sentence = f"{edit_words(trainer.experiment, one.path, one.old, one.new)}, in force from {since}."
        engine.tell("edited", sentence, path=one.path, old=one.old, new=one.new)


def _say(engine: Engine, trainer: Trainer, command: Say) -> None:
    engine.tell("said", command.caption, beat=command.beat, beats=command.beats)


def _note(engine: Engine, trainer: Trainer, command: Note) -> None:
    if not command.text.strip():
        raise StudioError("write something to note", "note")
    step = trainer.steps if command.seen is None else min(command.seen, trainer.steps)
    engine.publish(Event("noted", step, command.text, {"text": command.text}))
    if step == trainer.steps:
        saving.checkpoint(engine, "asked")  # a remark is about a state, which one may want to come back to


def _diagnose(engine: Engine, trainer: Trainer, command: Diagnose) -> None:
    # Said of a moment ago: a run that has gone back meanwhile no longer knows that moment.
    if command.seen <= trainer.steps:
        engine.publish(Event("diagnosed", command.seen, command.sentence, {"complaint": command.complaint}))


def _save(engine: Engine, trainer: Trainer, command: Save) -> None:
    saving.checkpoint(engine, "asked")


def _restore(engine: Engine, trainer: Trainer, command: Restore) -> None:
    engine.restore(trainer)
    engine.set_phase("paused")
    engine.tell("restored", f"Back at step {trainer.steps:,}, the last state known to be finite.")


def _rewind(engine: Engine, trainer: Trainer, command: Rewind) -> None:
    if engine.keeper is None:
        raise StudioError("this session keeps no runs, so there is nothing to go back to", "rewind")
    if engine.phase == "running":
        engine.rest("paused", f"Paused after step {trainer.steps:,}.")
    saving.checkpoint(engine, "pause", wait=True)  # to come back to
    opened = engine.keeper.rewind(trainer, command.branch, command.step)
    engine.stand(trainer, opened)
    engine.set_phase("paused")
    sentence = f"Back at step {trainer.steps:,}. Going on from here leaves what came after as it is."
    engine.tell(
        "rewound",
        sentence + _wait_again(engine, trainer, opened),
        branch=opened.branch,
        step=trainer.steps,
        experiment=trainer.experiment,
        earlier=opened.events,
    )


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
    Note: _note,
    Diagnose: _diagnose,
    Save: _save,
    Restore: _restore,
    Rewind: _rewind,
}
"""How each command that needs an open trainer is followed."""
