"""What else may happen to a run and to whoever trains it: each hazard is made to happen, and its end is judged.

A hazard is a function that trains in an empty folder and raises ``Fault`` when something is lost, hangs or is not said.
"""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

import torch

from ganstudio.bench.beside import say
from ganstudio.bench.tiny import tiny
from ganstudio.experiment.errors import StudioError
from ganstudio.runs.keeper import RunKeeper
from ganstudio.runs.read import read_run
from ganstudio.training.commands import Edit, Open, Pause, Restore, Save, Step, Stop, Train
from ganstudio.training.events import Event
from ganstudio.training.mailbox import Frame
from ganstudio.training.session import Session
from ganstudio.training.trainer import Trainer
from ganstudio.ui.settings import Settings

PATIENCE = 30.0
NOBODY = 65534
"""A user to whom nothing belongs."""


class Fault(Exception):
    """What should have been otherwise, in a sentence."""


class Course:
    """A session that trains the tiny game into ``folder/run`` and saves all the time."""

    def __init__(self, folder: Path, run: Path | None = None, probes: Callable[[], dict[str, Any]] = dict):
        self.run = run or folder / "run"
        self.events: list[Event] = []
        keeper = RunKeeper(None if run else self.run, folder / "runs", every=0.02)
        self.session = Session(probes=probes, keeper=lambda: keeper, device="cpu", threads=1).start()
        self.experiment = tiny(("checkpoints.every_seconds", 0.05))
        self.session.post(Open(experiment=self.experiment, run=run))

    def until(self, done: Callable[[], object], words: str) -> None:
        """Follow the events until something is so."""
        end = time.monotonic() + PATIENCE
        while not done():
            self.events += self.session.events()
            expect(time.monotonic() < end, f"{words} (waited {PATIENCE:g} s; {self._last()})")
            time.sleep(0.005)
        self.events += self.session.events()

    def hears(self, kind: str, since: int = 0) -> Event:
        """The first event of a kind from the number ``since`` on, waited for."""
        self.until(lambda: self.of(kind, since), f"nothing of the kind {kind!r} is told")
        return self.of(kind, since)[0]

    def of(self, kind: str, since: int = 0) -> list[Event]:
        return [event for event in self.events[since:] if event.kind == kind]

    def trains_on(self, steps: int = 30) -> None:
        """Wait for so many steps more."""
        before = self.session.status.step
        self.until(lambda: self.session.status.step >= before + steps, "training does not go on")

    def close(self) -> int:
        """End the session; answers its last step."""
        expect(self.session.close(PATIENCE), "the session does not end")
        self.events += self.session.events()
        return self.session.status.step

    def _last(self) -> str:
        return "; ".join(event.sentence for event in self.events[-3:])


@contextmanager
def training(folder: Path, **options: Any) -> Iterator[Course]:
    """A course that trains and has saved once."""
    course = Course(folder, **options)
    try:
        course.session.post(Train())
        course.hears("saved")
        yield course
    finally:
        course.session.close(PATIENCE)


def expect(so: object, words: str) -> None:
    """Raise ``Fault`` unless it is so."""
    if not so:
        raise Fault(words)


def opens_at(run: Path, step: int) -> None:
    """Expect that a run opens, and goes on from this step."""
    trainer, keeper = Trainer(read_run(run).experiment), RunKeeper()
    keeper.open(run, trainer)
    keeper.close()
    expect(trainer.steps == step, f"the run goes on from step {trainer.steps}, not {step}")
    trainer.step()
    expect(trainer.flush(), "its next step is not finite")


# hazards of the disk


def disk_full(folder: Path) -> None:
    """No file may grow any more; then there is room again."""
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with training(folder) as course:
        since = len(course.events)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
        try:
            warned = course.hears("warned", since)
            course.trains_on()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        expect("cannot be saved" in warned.sentence, f"it says only: {warned.sentence}")
        expect(len(course.of("warned", since)) == 1, "it warns again and again")
        course.hears("saved", len(course.events))
        step = course.close()
    opens_at(course.run, step)


def folder_read_only(folder: Path) -> None:
    """Neither the folder of the runs nor the run itself can be written. Leaves the process with fewer rights."""
    with training(folder) as course:
        step = course.close()
    for place in (folder, course.run, course.run / "checkpoints"):
        place.chmod(0o555)
    if os.geteuid() == 0:  # nothing is forbidden to the system's administrator
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    later = Course(folder, run=course.run)
    opened = later.hears("opened")
    expect(opened.step == step, "the run does not open where it stood")
    expect(any("new run" in event.sentence for event in _told(later)), "it is not said that it is only read")
    since = len(later.events)
    later.session.post(Train())
    later.hears("warned", since)
    later.trains_on()
    expect(not later.of("failed"), "training fails")
    later.close()
    expect(read_run(course.run).step == step, "the run is not what it was")


def folder_deleted(folder: Path) -> None:
    """The run's folder is deleted while it trains; asked to save, it finds another."""
    with training(folder) as course:
        since = len(course.events)
        shutil.rmtree(course.run)
        course.hears("warned", since)
        course.trains_on()
        since = len(course.events)
        course.session.post(Save())
        saved = course.hears("saved", since)
        course.trains_on()
        step = course.close()
        where = Path(course.of("saved")[-1].data["path"])
    expect(where.is_dir(), f"{saved.sentence} but there is nothing")
    opens_at(where, step)


def two_windows(folder: Path) -> None:
    """A second session opens the run that the first one trains: it reads, and goes on in a run of its own."""
    with training(folder) as first:
        second = Course(folder, run=first.run)
        second.hears("opened")
        expect(any("new run" in event.sentence for event in _told(second)), "it is not said that it is only read")
        second.session.post(Train())
        saved = second.hears("saved", len(second.events))
        last = second.close()
        first.trains_on()
        step = first.close()
    own = Path(saved.data["path"])
    expect(own != first.run, "both write into one folder")
    opens_at(first.run, step)
    opens_at(own, last)


def clock_set_back(folder: Path) -> None:
    """The system's clock goes back by a day while it trains."""
    now = time.time
    with (
        training(folder) as course,
        patch("time.time", lambda: now() - 86_400),
        patch("ganstudio.runs.scribe.time", lambda: now() - 86_400),
        patch("ganstudio.runs.keeper.time", lambda: now() - 86_400),
    ):
        since = len(course.events)
        course.session.post(Edit(path="lr", value=0.0005))
        course.hears("edited", since)
        course.hears("saved", len(course.events))
        course.trains_on()
        step = course.close()
    expect(not course.of("failed"), "training fails")
    opens_at(course.run, step)


def settings_unwritable(folder: Path) -> None:
    """The settings cannot be written: one sentence, and what was read stays."""
    (folder / "settings").write_text("")
    settings = Settings(folder / "settings" / "settings.json")
    settings.set("theme", "dark")
    sentence = settings.save()
    expect("cannot be saved" in sentence, f"it says only: {sentence!r}")
    expect(settings.get("theme", str, "") == "dark", "the choice is forgotten at once")


# hazards of the step


def weight_not_finite(folder: Path) -> None:
    """A weight becomes NaN: the run rests in its last good state, and goes on from there."""

    class Poison:
        """A probe that does what no probe may."""

        name: ClassVar[str] = "poison"

        def frame(self, trainer: Trainer) -> Frame:
            with torch.no_grad():
                next(trainer.players["generator"].network.parameters()).fill_(float("nan"))
            return Frame(trainer.steps, trainer.name)

    with training(folder, probes=lambda: {"poison": Poison}) as course:
        course.trains_on()
        mailbox = course.session.subscribe("poison")
        failed = course.hears("failed")
        course.session.unsubscribe(mailbox)
        expect("finite" in failed.sentence, f"it says only: {failed.sentence}")
        since = len(course.events)
        course.session.post(Train())
        course.hears("started", since)
        course.trains_on()
        expect(not course.of("failed", since), "it fails again")
        step = course.close()
    opens_at(course.run, step)


def no_memory_in_a_step(folder: Path) -> None:
    """A step runs out of memory once."""
    _step_that_raises(folder, torch.OutOfMemoryError("out of memory"), "not enough memory")


def step_raises(folder: Path) -> None:
    """A step raises what nobody has thought of."""
    _step_that_raises(folder, ZeroDivisionError("once"), "A step failed")


def _step_that_raises(folder: Path, error: Exception, words: str) -> None:
    play = Trainer.step
    bad: list[Exception] = []

    def sometimes(trainer: Trainer) -> None:
        if bad:
            raise bad.pop()
        play(trainer)

    with patch.object(Trainer, "step", sometimes), training(folder) as course:
        bad.append(error)
        failed = course.hears("failed")
        expect(words in failed.sentence, f"it says only: {failed.sentence}")
        course.session.post(Restore())
        course.session.post(Step())
        course.hears("stepped")
        since = len(course.events)
        course.session.post(Train())
        course.hears("started", since)
        course.trains_on()
        step = course.close()
    opens_at(course.run, step)


def probe_raises(folder: Path) -> None:
    """A probe fails: it rests, the others and training go on."""

    class Bad:
        name: ClassVar[str] = "bad"

        def frame(self, trainer: Trainer) -> Frame:
            raise RuntimeError("a probe at its limits")

    class Good:
        name: ClassVar[str] = "good"

        def frame(self, trainer: Trainer) -> Frame:
            return Frame(trainer.steps, trainer.name)

    with training(folder, probes=lambda: {"bad": Bad, "good": Good}) as course:
        course.session.subscribe("bad")
        good = course.session.subscribe("good")
        warned = course.hears("warned")
        expect("bad probe failed" in warned.sentence, f"it says only: {warned.sentence}")
        course.trains_on()
        course.until(lambda: good.take() is not None, "the other probe gives no frames")
        expect(not course.of("failed"), "training fails")
        step = course.close()
    opens_at(course.run, step)


def orders_without_sense(folder: Path) -> None:
    """Edits that cannot be, and commands at the wrong time: refused, and nothing is changed."""
    with training(folder) as course:
        since = len(course.events)
        for command in (Edit(path="nonsense", value=1), Edit(path="lr", value=-1), Step(), Edit(path="lr", value="x")):
            course.session.post(command)
        course.until(lambda: len(course.of("refused", since)) == 4, "not all of them are refused")
        course.trains_on()
        for command in (Pause(), Pause(), Stop(), Stop(), Save()):
            course.session.post(command)
        course.hears("stopped", since)
        expect(not course.of("failed"), "training fails")
        step = course.close()
    opens_at(course.run, step)


def _told(course: Course) -> list[Event]:
    """The warnings that an opened run brings with it, and those told since."""
    opened = course.of("opened")
    earlier = opened[-1].data.get("earlier", []) if opened else []
    return [event for event in (*earlier, *course.events) if event.kind == "warned"]


HAZARDS: dict[str, Callable[[Path], None]] = {
    "disk full": disk_full,
    "read-only folder": folder_read_only,
    "folder deleted while training": folder_deleted,
    "two windows on one run": two_windows,
    "clock set back": clock_set_back,
    "settings unwritable": settings_unwritable,
    "NaN in a weight": weight_not_finite,
    "out of memory in a step": no_memory_in_a_step,
    "a step raises": step_raises,
    "a probe raises": probe_raises,
    "orders without sense": orders_without_sense,
}


def judge(name: str, folder: Path) -> str:
    """Make a hazard happen in an empty folder. Answers what is wrong; nothing when it ended well."""
    torch.set_num_threads(1)
    folder.mkdir(parents=True)
    try:
        HAZARDS[name](folder)
    except Fault as fault:
        return str(fault)
    except (StudioError, OSError) as error:
        return f"{type(error).__name__}: {error}"
    return ""


if __name__ == "__main__":
    for index, hazard in enumerate(sys.argv[2:]):
        say(name=hazard, wrong=judge(hazard, Path(sys.argv[1], f"{index}")))
