"""Training without a window: the same session, told by a script instead of by hand."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.runs.compose import new_session
from ganstudio.training.commands import Command, Edit, Open, Stop, Train
from ganstudio.training.events import Event
from ganstudio.training.mailbox import Mailbox
from ganstudio.training.session import Session

LOOK_SECONDS = 1 / 30
"""How often frames are taken, as a window would."""
LAST_FRAMES_SECONDS = 30.0
"""The longest that the frames of the last step are waited for."""
CLOSE_SECONDS = 600.0


@dataclass(frozen=True)
class Plan:
    """What to train, for how long, and what to change on the way."""

    experiment: Experiment
    """Its ``steps`` end the run; 0 goes on for ``seconds``."""
    run: Path | None = None
    """The folder of a run of this experiment to go on with; None begins a new one."""
    seconds: float = 0.0
    """Ends the run after this time of training; 0 does not."""
    until: int = 0
    """Completed steps after which it rests, be the experiment's own end later; 0 leaves that to the experiment."""
    edits: Sequence[tuple[int, str, Any]] = ()
    """(completed steps after which it acts, path, value)."""
    watch: bool = False
    """Attach every probe and take its frames continuously."""
    device: str = "auto"
    threads: int = 0
    out: Path | None = None
    """The run's folder; None makes one where runs lie."""
    keep: bool = True
    """Whether the run is saved at all."""
    script: Sequence[Command] = ()
    """A scene's commands, each at its step; those after the end are left out."""

    @property
    def end(self) -> int:
        """Completed steps at which it stops by itself when all edits have acted; 0 where it does not."""
        ends = [value for _, path, value in sorted(self.edits, key=lambda edit: edit[0]) if path == "steps"]
        own = ends[-1] if ends else self.experiment.steps
        return min(filter(None, (own, self.until)), default=0)


@dataclass
class Outcome:
    """What became of it."""

    steps: int = 0
    """Completed at the end."""
    began: int = 0
    """Completed when training began: those of a run that it goes on with."""
    seconds: float = 0.0
    """Time from the start of training to its end."""
    losses: dict[str, float] = field(default_factory=dict)
    """Each player's loss at the last step."""
    frames: dict[str, int] = field(default_factory=dict)
    """Frames taken of each probe that was attached."""
    weights_sha256: str = ""
    out: Path | None = None
    """Where the run was saved; None when it was not."""
    failure: str = ""
    """The sentence of the step that failed, if one did; the weights are those of the last good state."""
    interrupted: bool = False
    """Whether it was stopped from outside."""


class Listener(Protocol):
    """Who wants to hear how it goes."""

    def heard(self, event: Event) -> None: ...
    def looked(self, session: Session, seconds: float) -> None:
        """Called about 30 times a second; ``seconds`` since training began."""


def check_edits(experiment: Experiment, edits: Sequence[tuple[int, str, Any]], until: int = 0) -> None:
    """Raise ``StudioError`` for an edit that could not act, before anything is trained."""
    for step, path, value in sorted(edits, key=lambda edit: edit[0]):
        experiment, changes = change(experiment, path, value)
        late = [one for one in changes if not one.live]
        if late:
            raise StudioError(f"takes effect on restart only, so not at step {step}; use --set", late[0].path)
        if 0 < experiment.steps <= step or 0 < until <= step:
            raise StudioError(f"an edit after step {step:,} never acts: the run ends then or before", path)


def train(plan: Plan, listener: Listener) -> Outcome:
    """Carry out a plan. Ctrl-C stops the run and saves it; a second one leaves at once.

    Raises ``StudioError`` when the experiment cannot be opened or an edit is refused.
    """
    script = [one for one in plan.script if not 0 < plan.experiment.steps <= (one.at or 0)]
    played = [(one.at or 0, one.path, one.value) for one in script if isinstance(one, Edit)]
    check_edits(plan.experiment, [*played, *plan.edits], plan.until)
    session = new_session(device=plan.device, threads=plan.threads, out=plan.out, keep=plan.keep)
    director = _Director(session, plan, listener)
    session.start()
    try:
        director.run()
    finally:
        closed = session.close(CLOSE_SECONDS)
        director.listen()
    outcome = director.outcome
    if director.refusal is not None:
        raise director.refusal
    history = session.history
    outcome.losses = {
        name.removeprefix("loss."): history.latest(name) for name in history.names if name.startswith("loss.")
    }
    outcome.weights_sha256 = session.weights_sha256() if closed and outcome.steps else ""
    return outcome


class _Director:
    """Posts the plan's commands and follows what happens until the run rests."""

    def __init__(self, session: Session, plan: Plan, listener: Listener):
        self.session, self.plan, self.listener = session, plan, listener
        self.outcome = Outcome()
        self.refusal: StudioError | None = None
        self._mailboxes: dict[str, Mailbox] = {}
        self._began = 0.0
        self._ended = 0.0

    def run(self) -> None:
        if self.plan.watch:
            from ganstudio.probes.all import all_probes

            self._mailboxes = {name: self.session.subscribe(name) for name in all_probes()}
        self.session.post(Open(experiment=self.plan.experiment, run=self.plan.run))
        for command in self.plan.script:
            self.session.post(command)
        for step, path, value in self.plan.edits:
            self.session.post(Edit(at=step, path=path, value=value))
        self.session.post(Train(until=self.plan.until))
        try:
            self._until_it_rests()
        except KeyboardInterrupt:
            self.outcome.interrupted = True
            self.session.post(Stop())
            self._until_it_rests()
        self._last_frames()
        self.outcome.frames = {name: mailbox.taken for name, mailbox in self._mailboxes.items()}

    def listen(self) -> None:
        """Follow the events since the last look."""
        for event in self.session.events():
            self.listener.heard(event)
            if event.kind == "started":
                self._began, self.outcome.began = event.time, event.step
            elif event.kind in ("stopped", "finished", "failed"):
                self._ended = event.time
                self.outcome.steps, self.outcome.seconds = (
                    event.step,
                    max(0.0, event.time - (self._began or event.time)),
                )
                self.outcome.failure = event.sentence if event.kind == "failed" else ""
            elif event.kind == "refused" and not self._ended:
                # The first one is the cause; what follows from it is refused too.
                self.refusal = self.refusal or StudioError(event.sentence)
            elif event.kind == "saved":
                self.outcome.out = Path(event.data["path"])

    def _until_it_rests(self) -> None:
        stopping = False
        while not self._ended and self.refusal is None:
            time.sleep(LOOK_SECONDS)
            self._take()
            self.listen()
            seconds = time.time() - self._began if self._began else 0.0
            self.listener.looked(self.session, seconds)
            if self.plan.seconds and seconds >= self.plan.seconds and not stopping:
                stopping = True
                self.session.post(Stop())

    def _take(self) -> bool:
        taken = [mailbox.take() is not None for mailbox in self._mailboxes.values()]
        if any(taken):
            self.session.wake()
        return any(taken)

    def _last_frames(self) -> None:
        """A run of a few steps may be over before every probe had its turn."""
        deadline = time.time() + LAST_FRAMES_SECONDS
        while time.time() < deadline and self.session.status.step:
            news = self._take()
            if not news and all(mailbox.taken for mailbox in self._mailboxes.values()):
                return
            self.listen()
            time.sleep(LOOK_SECONDS)
