"""Kill −9 at random moments, while a run trains and saves without a pause: what is left of it each time."""

import os
import random
import select
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from ganstudio.bench.beside import say
from ganstudio.bench.tiny import tiny
from ganstudio.experiment.errors import StudioError
from ganstudio.runs.folder import CHECKPOINTS, STORE
from ganstudio.runs.keeper import RunKeeper
from ganstudio.runs.read import read_run
from ganstudio.training.commands import Open, Train
from ganstudio.training.session import Session
from ganstudio.training.trainer import Trainer

SAVE_STEPS = 25
"""Steps between two checkpoints: a save is under way most of the time."""
LONGEST = 0.5
"""Seconds from the first step, or the first save, to the kill at most."""
EARLY = 0.3
"""Share of the kills that do not wait for a save."""
PATIENCE = 60.0


@dataclass(frozen=True)
class Kill:
    """What was left after one."""

    saved: int
    """Step of the newest save that a session had told of; −1 when there was none."""
    reached: int
    """The last step that it had told of."""
    resumed: int = -1
    """Step at which the run goes on; −1 when it does not open."""
    integrity: bool = False
    """Whether SQLite finds the store whole."""
    again: bool = False
    """Whether the next step is finite."""
    words: str = ""

    @property
    def lost(self) -> int:
        """Steps of the last completed save that are gone; 0 when nothing was lost."""
        return max(0, self.saved - self.resumed)


def kills(folder: Path, count: int, seed: int = 0) -> Iterator[Kill]:
    """Train the run in a folder, killed so many times, each time going on from what is left."""
    torch.set_num_threads(1)
    chance = random.Random(seed)
    Trainer(_experiment())  # loads what the children then have
    known = -1
    for _ in range(count):
        saved, reached = _killed(folder, chance)
        left = _left(folder, max(saved, known), reached)
        known = left.resumed if folder.exists() else -1
        yield left


def as_if_never(folder: Path) -> bool:
    """Whether the run that has been killed stands where one without a pause would, to the bit."""
    if not folder.exists():  # it never came to a save
        return True
    resumed, through = Trainer(_experiment()), Trainer(_experiment())
    RunKeeper().open(folder, resumed)
    while through.steps < resumed.steps:
        through.step()
    through.flush()
    return (
        resumed.weights_sha256() == through.weights_sha256()
        and resumed.history.rows().tobytes() == through.history.rows().tobytes()
    )


def _experiment():
    return tiny(("checkpoints.every_steps", SAVE_STEPS), ("checkpoints.every_seconds", 0))


def _killed(folder: Path, chance: random.Random) -> tuple[int, int]:
    """Let a child train the run, kill it, and answer the steps that it had told of: saved, reached."""
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(here)
            os.setsid()
            _train(folder, there)
        finally:
            os._exit(1)
    os.close(there)
    said, sign = b"", b"running" if chance.random() < EARLY else b"saved"
    end = time.monotonic() + PATIENCE
    while sign not in said and time.monotonic() < end:
        if select.select([here], [], [], 0.05)[0]:
            part = os.read(here, 1 << 16)
            if not part:  # it has ended of itself
                break
            said += part
    time.sleep(chance.random() * LONGEST)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while part := os.read(here, 1 << 16):
        said += part
    os.close(here)
    steps = {"saved": -1, "running": -1}
    for line in said.decode().splitlines(keepends=True):
        word, _, step = line.partition(" ")
        if line.endswith("\n") and word in steps:  # the last one may have been cut
            steps[word] = int(step)
    return steps["saved"], max(steps.values())


def _train(folder: Path, out: int) -> None:
    """In the child: train until it is killed, and tell each save as it is told."""
    session = Session(probes=dict, keeper=lambda: RunKeeper(folder, every=0.01), device="cpu", threads=1).start()
    session.post(Open(experiment=_experiment(), run=folder if folder.exists() else None))
    session.post(Train())
    while True:
        for event in session.events():
            if event.kind in ("refused", "failed"):
                os.write(2, f"{event.sentence}\n".encode())
                return
            if event.kind == "saved":
                os.write(out, f"saved {event.step}\n".encode())
        if session.status.phase == "running":
            os.write(out, f"running {session.status.step}\n".encode())
        time.sleep(0.002)


def _left(folder: Path, saved: int, reached: int) -> Kill:
    """Open what is left."""
    if saved < 0 and not folder.exists():
        return Kill(saved, reached, 0, True, True)
    try:
        run = read_run(folder)
        trainer, keeper = Trainer(run.experiment), RunKeeper()
        keeper.open(folder, trainer)
        resumed = trainer.steps
        trainer.step()
        again = trainer.flush()
        keeper.close()
    except StudioError as error:
        if saved < 0 and not list(folder.glob(f"{CHECKPOINTS}/*.safetensors")):
            # Killed before its first save was complete: there is no run yet.
            whole = _whole(folder)
            shutil.rmtree(folder)
            return Kill(saved, reached, 0, whole, True)
        return Kill(saved, reached, words=str(error))
    return Kill(saved, reached, resumed, _whole(folder), again)


def _whole(folder: Path) -> bool:
    if not (folder / STORE).exists():
        return True
    connection = sqlite3.connect(folder / STORE)
    try:
        return connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        connection.close()


if __name__ == "__main__":
    place, count = Path(sys.argv[1]), int(sys.argv[2])
    for kill in kills(place, count):
        say(lost=kill.lost, **vars(kill))
    say(same=as_if_never(place))
