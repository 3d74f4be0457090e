"""``bench soak``: a million steps of a tiny game with every panel in view, then what a restless person does.

Over the million steps memory, threads, open files and the cost of a frame are followed. Then cycles of random but valid
actions (start, pause, edit, rewind, look back, reopen, …) through the real window, among them windows that are closed
and opened again; nothing may raise, and Qt may not complain. ``--seeds N`` sets the number of cycles, and with it
2,000 N steps; 500 unless it is said.
"""

import gc
import os
import random
import sys
import tempfile
import threading
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import thread_time
from typing import TYPE_CHECKING

from ganstudio.bench.figure import Figure
from ganstudio.bench.tiny import tiny, tiny_images
from ganstudio.bench.watching import spin, until
from ganstudio.experiment.errors import StudioError
from ganstudio.progress import passing
from ganstudio.training.commands import Duel, EndDuel, Train

if TYPE_CHECKING:
    from ganstudio.ui.main_window import MainWindow

CYCLES = 500
STEPS = 2000
"""Steps of the long run for each cycle."""
LOOKS = 100
"""How often the long run is looked at."""
GROWTH, COST = 1.05, 1.25
"""Of memory over the last half; of a frame in the last tenth over one in the first."""
PATIENCE = 120.0


def measure(preset: str | None, seeds: int = CYCLES) -> list[Figure]:
    """The long run, then the cycles."""
    if preset is not None:
        raise StudioError("bench soak measures no preset; leave it out", "--preset")
    with complaints() as wrong:
        looks = long_run(STEPS * seeds)
        passing("")
        figures = figures_of(looks)
        cycles(seeds)
    passing("")
    for words, times in Counter(wrong).items():
        print(f"{times} × {words}", file=sys.stderr)
    return [*figures, Figure(f"exceptions and warnings of Qt, over {seeds:,} cycles too", len(wrong), "≤", 0)]


@dataclass(frozen=True)
class Look:
    """What the process holds at one moment, and what painting has cost since the last."""

    step: int
    bytes: int
    """Resident memory."""
    threads: int
    files: int
    frames: int
    seconds: float
    """Processor time of the window's thread since the look before."""


def figures_of(looks: list[Look]) -> list[Figure]:
    """What has become of memory, threads, files and frames."""
    half, tenth = len(looks) // 2, max(2, len(looks) // 10)
    middle, end = looks[half : half + tenth], looks[-tenth:]
    # The very first tenth brings in what is used for the first time.
    early = looks[tenth : 2 * tenth] or looks[:tenth]
    growth = _mean([one.bytes for one in end]) / _mean([one.bytes for one in middle])
    first, last = _cost(early), _cost(end)
    return [
        Figure(f"memory after {looks[-1].step:,} steps over memory after half of them", growth, "≤", GROWTH),
        # What comes and goes, like the files that a checkpoint is written with, is there in some of the looks only.
        Figure("threads that stay, more than after a tenth", _least(end, "threads") - _most(early, "threads"), "≤", 0),
        Figure("open files that stay, more than after a tenth", _least(end, "files") - _most(early, "files"), "≤", 0),
        Figure("cost of a frame in the last tenth over one in the second", last / first, "≤", COST),
        Figure("a frame in the last tenth, ms of the window's thread", 1e3 * last),
        Figure("memory at the end, MB", end[-1].bytes / 1e6),
    ]


def _least(looks: list[Look], name: str) -> int:
    return min(getattr(one, name) for one in looks)


def _most(looks: list[Look], name: str) -> int:
    return max(getattr(one, name) for one in looks)


def _mean(values: list[int]) -> float:
    return sum(values) / len(values)


def _cost(looks: list[Look]) -> float:
    """Seconds of a frame."""
    return sum(one.seconds for one in looks) / max(1, sum(one.frames for one in looks))


def long_run(steps: int, count: int = LOOKS) -> list[Look]:
    """Train so many steps of the tiny game in a window that shows every panel, looked at ``count`` times."""
    with tempfile.TemporaryDirectory() as folder, window_in(Path(folder)) as window:
        show_all(window)
        window.open_experiment(tiny(("steps", steps)))
        window.start_session()
        window.studio.train()
        until(lambda: window.studio.status.phase in ("running", "failed", "stopped"), PATIENCE)
        looks: list[Look] = []
        frames, seconds = window.bridge.frames, thread_time()
        for index in range(1, count + 1):
            goal = steps * index // count
            _reach(window, goal)
            gc.collect()  # what waits for the collector is not held for good
            status, now = window.studio.status, thread_time()
            files = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
            looks.append(
                Look(
                    status.step,
                    status.memory,
                    _threads(),
                    files,
                    window.bridge.frames - frames,
                    now - seconds,
                )
            )
            frames, seconds = window.bridge.frames, thread_time()
            passing(
                f"step {status.step:,} of {steps:,}; {status.memory / 1e6:,.0f} MB; {status.steps_per_s:,.0f} steps/s"
            )
        return looks


def _threads() -> int:
    """Those that stay: the keeper's writer comes and goes."""
    return sum(thread.name != "keeper" for thread in threading.enumerate())


def _reach(window: "MainWindow", goal: int) -> None:
    """Wait for a step; as long as it goes on, however slowly."""
    studio, before = window.studio, -1
    while studio.status.step < goal:
        if studio.status.phase != "running" or studio.status.step == before:
            raise StudioError(f"training has come to a halt after step {studio.status.step:,} ({studio.status.phase})")
        before = studio.status.step
        until(lambda: studio.status.step >= goal or studio.status.phase != "running", PATIENCE)


@contextmanager
def window_in(folder: Path) -> Iterator["MainWindow"]:
    """The real window, shown without a display; closed afterwards."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QCoreApplication, QEvent

    from ganstudio.ui.settings import Settings
    from ganstudio.ui.window import make_window

    window = make_window(Settings(folder / "settings.json"), out=folder / "runs", threads=1)
    window.resize(1600, 1000)
    window.show()
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def show_all(window: "MainWindow") -> None:
    """Every panel in view at once: each in a window of its own."""
    for dock in window.docks.values():
        dock.setFloating(True)
        dock.resize(480, 360)
        dock.show()
    hidden = [name for name, panel in window.panels.items() if not panel.isVisible()]
    if hidden:
        raise StudioError(f"cannot be brought into view: {', '.join(hidden)}")


# the restless person


@dataclass
class Person:
    """Does what may be done with a window, at random."""

    window: "MainWindow"
    chance: random.Random
    done: list[str] = field(default_factory=list)
    """Names of the actions so far."""

    def act(self) -> None:
        """One action, and a moment for the window."""
        name = self.chance.choice(ACTIONS)
        self.done.append(name)
        getattr(self, f"_{name}")()
        spin(self.chance.random() * 0.04)

    def _train(self) -> None:
        self.window.actions_by_name["train"].trigger()

    def _stop(self) -> None:
        self.window.actions_by_name["stop"].trigger()

    def _step(self) -> None:
        name = self.chance.choice(("step", "step-d", "step-g"))
        if self.window.actions_by_name[name].isEnabled():
            self.window.actions_by_name[name].trigger()

    def _slow(self) -> None:
        self.window.actions_by_name["slow"].trigger()
        spin(0.05)
        self.window.studio.set_pace(0.0)

    def _edit(self) -> None:
        path, values = self.chance.choice(EDITS)
        self.window.studio.edit(path, self.chance.choice(values))

    def _undo(self) -> None:
        self.window.actions_by_name[self.chance.choice(("undo", "redo"))].trigger()

    def _save(self) -> None:
        self.window.actions_by_name["save-run"].trigger()

    def _restore(self) -> None:
        self.window.actions_by_name["restore"].trigger()

    def _restart(self) -> None:
        self.window.actions_by_name["restart"].trigger()

    def _reopen(self) -> None:
        """Another experiment, or a run that has been saved."""
        runs = [one for one in self.window.runs_folder.glob("*") if (one / "store.sqlite").is_file()]
        if runs and self.chance.random() < 0.6:
            self.window.files.open_path(self.chance.choice(runs))
        else:
            edits = (("seed", self.chance.randrange(100)), ("players.*.network.hidden", [self.chance.choice((4, 8))]))
            self.window.open_experiment(self.chance.choice((tiny, tiny_images))(*edits))

    def _look_back(self) -> None:
        timeline = self.window.timeline
        if timeline.length:
            timeline.go_to(self.chance.randrange(timeline.length))
            for _ in range(3):
                spin(0.01)
                self.chance.choice((timeline.previous, timeline.next, timeline.toggle_play, timeline.previous_mark))()

    def _live(self) -> None:
        self.window.timeline.go_live()

    def _go_on_from_here(self) -> None:
        if self.window.timeline.checkpoint is not None:
            self.window.timeline.continue_from_here()

    def _duel(self) -> None:
        session = self.window.studio.session
        if session.duel is None:
            session.post(Duel(steps=self.chance.choice((0, 20))))
            session.post(Train())
        else:
            session.post(EndDuel(keep=self.chance.choice(("left", "right", ""))))

    def _anything(self) -> None:
        action = self.window.actions_by_name[self.chance.choice(HARMLESS)]
        if action.isEnabled():
            action.trigger()

    def _note(self) -> None:
        self.window.timeline.note("something happened")

    def _perspective(self) -> None:
        chosen = self.window.perspectives.itemData(self.chance.randrange(self.window.perspectives.count()))
        self.window.show_perspective(chosen)

    def _panel(self) -> None:
        name = self.chance.choice(list(self.window.docks))
        dock = self.window.docks[name]
        self.chance.choice((self.window.bring_up, lambda _: dock.hide(), lambda _: dock.setFloating(True)))(name)

    def _theme(self) -> None:
        self.window.actions_by_name["theme"].trigger()

    def _size(self) -> None:
        self.window.resize(self.chance.choice((960, 1280, 1920)), self.chance.choice((600, 720, 1080)))

    def _wait(self) -> None:
        spin(0.2)


ACTIONS = tuple(name.removeprefix("_") for name in vars(Person) if name.startswith("_") and name[1].isalpha())
EDITS = (
    ("lr", (1e-4, 1e-3, 5e-3)),
    ("objective.kind", ("saturating", "non-saturating", "hinge", "least-squares")),
    ("players.discriminator.updates", (1, 2, 3)),
    ("players.generator.updates", (1, 2)),
    ("ema", (0.0, 0.9, 0.999)),
    ("batch_size", (8, 16, 32)),
    ("regularisers.r1.weight", (0.0, 1.0)),
    ("checkpoints.every_seconds", (1, 60)),
    ("lr", (-1.0,)),
)
"""Fields, and what a person sets them to: good values, and one that is refused."""
HARMLESS = (
    "saturating",
    "timeline-first",
    "timeline-back",
    "timeline-forward",
    "timeline-live",
    "scene-leave",
    "reset-layout",
    "full-screen",
    "palette",
    "keys",
    "record",
    "runs",
)
"""Names of actions that ask no question."""
PER_WINDOW = 25
"""Cycles until the window is closed and opened again."""
PER_CYCLE = 4
"""Actions in a cycle."""


def cycles(count: int, seed: int = 0, per_window: int = PER_WINDOW) -> int:
    """So many cycles of random actions, in windows that are closed and opened again. Answers the number of actions."""
    chance, actions = random.Random(seed), 0
    with tempfile.TemporaryDirectory() as folder:
        for first in range(0, count, per_window):
            with window_in(Path(folder)) as window:
                from ganstudio.ui.window import start

                if first:
                    start(window)  # as it was left
                else:
                    window.open_experiment(tiny())
                    window.start_session()
                until(lambda window=window: window.studio.is_loaded, PATIENCE)
                person = Person(window, chance)
                for cycle in range(first, min(count, first + per_window)):
                    passing(f"cycle {cycle + 1:,} of {count:,}")
                    for _ in range(PER_CYCLE):
                        person.act()
                    _settled(window)
                actions += len(person.done)
    return actions


def _settled(window: "MainWindow") -> None:
    """Wait until the session has followed what it was told. Raises ``StudioError`` when it hangs."""
    studio = window.studio
    until(lambda: studio.session.idle and studio.status.phase not in ("loading", "opening"), PATIENCE)
    if not studio.session.idle or studio.status.phase in ("loading", "opening", "closed"):
        raise StudioError(f"the session does not follow: it is {studio.status.phase}")


@contextmanager
def complaints() -> Iterator[list[str]]:
    """What is raised on any thread and caught by nobody, and what Qt warns of, meanwhile."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QtMsgType, qInstallMessageHandler

    found: list[str] = []

    def qt(kind: QtMsgType, _: object, words: str) -> None:
        if kind in (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg) and "This plugin does not support" not in words:
            found.append(f"Qt: {words}")

    def raised(kind: type[BaseException], error: BaseException, trace: object) -> None:
        found.append("".join(traceback.format_exception(error)))

    before = sys.excepthook, threading.excepthook
    sys.excepthook = raised
    threading.excepthook = lambda what: raised(what.exc_type, what.exc_value, what.exc_traceback)
    handler = qInstallMessageHandler(qt)
    try:
        yield found
    finally:
        qInstallMessageHandler(handler)
        sys.excepthook, threading.excepthook = before
