"""The worker's loop: commands that are due, a step if it runs, frames that are wanted; and what to do when it fails."""

import traceback
from collections.abc import Callable, Mapping

from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.registry import registry
from ganstudio.training import saving, worker
from ganstudio.training.engine import Engine
from ganstudio.training.following import follow
from ganstudio.training.frames import Frames
from ganstudio.training.protocols import Judge, Keeper, Probe
from ganstudio.training.trainer import Trainer
from ganstudio.training.valves import REST_SECONDS, Valves


class Loop:
    """Runs on the training thread alone, and deals with all others through the valves."""

    def __init__(self, valves: Valves, threads: int):
        self._valves = valves
        self._engine = Engine(valves, threads)

    @property
    def trainer(self) -> Trainer | None:
        """The open one."""
        return self._engine.trainer

    def run(
        self,
        device: str,
        probes: Callable[[], Mapping[str, type[Probe]]],
        keeper: Callable[[], Keeper | None],
        judge: Callable[[], Judge | None],
    ) -> None:
        """Load everything, work until the session is closed, save."""
        engine = self._engine
        try:
            registry.load()
            engine.device = worker.device(device)
            self._frames, engine.keeper, engine.judge = Frames(self._valves, probes()), keeper(), judge()
            engine.set_phase("empty")
            engine.tell("loaded", "PyTorch is in.")
            while not self._valves.closing:
                try:
                    self._turn()
                except Exception as error:
                    engine.fail(error)
            self._frames.close()
            saving.close(engine)
        except BaseException as error:  # the window must learn of it, whatever it is
            engine.fail(error)
        engine.set_phase("closed")

    def _turn(self) -> None:
        engine = self._engine
        self._follow_commands()
        running = engine.phase == "running" and not self._valves.closing
        due = running and not engine.tempo.wait()
        if due:
            self._valves.yield_to_hand()
            engine.step()
        served = self._frames.serve_all(engine.trainers, engine.version)
        if not due:
            engine.refresh_status()
            saving.hear(engine)
            if not served:
                self._valves.rest(engine.steps, engine.tempo.wait() if running else REST_SECONDS)

    def _follow_commands(self) -> None:
        engine = self._engine
        while not self._valves.closing:
            command = self._valves.next_command(engine.steps)
            if command is None:
                return
            try:
                follow(engine, command)
            except StudioError as error:
                self._not_opened()
                engine.tell("refused", str(error), field=error.field, command=command)
            except Exception as error:
                if engine.phase != "opening":
                    engine.fail(error)
                    continue
                # Nothing is wrong with the trainer that is open.
                self._not_opened()
                details = "".join(traceback.format_exception(error))
                sentence = f"The experiment cannot be opened: {type(error).__name__}: {error}."
                engine.tell("failed", sentence, traceback=details, failed_at=engine.steps)

    def _not_opened(self) -> None:
        if self._engine.phase == "opening":
            self._engine.set_phase("empty" if self._engine.trainer is None else "paused")
