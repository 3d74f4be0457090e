"""The four moments of figure 1 in Goodfellow et al. 2014, as what one tells a session and what one then waits for.

(a) now · (b) D trained to its optimum while G rests · (c) one step of G while D rests · (d) both to the equilibrium.
A player rests by making k = 0 updates in a step; and since D* is the optimum of a D that nothing holds back, its
regularisers are off on the way to it, label smoothing excepted. These edits are events like any other, and are taken
back at the end, also when what was asked for is cancelled or goes wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any, Literal, Protocol

from ganstudio.experiment.differences import default
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.paths import live, value_at
from ganstudio.training.commands import Command, Edit, Pause, Step, Train
from ganstudio.training.events import Event
from ganstudio.training.mailbox import Mailbox
from ganstudio.training.session import Session

Goal = Literal["", "optimum", "move", "equilibrium"]
Stage = Literal["idle", "freezing", "moving", "checking", "thawing"]

TOLERANCE = 0.01
"""Nats: how near V(G, D) must come to V(G, D*), and how small the JSD must be."""
MOST_UPDATES = 5_000
"""Updates of D on its way to the optimum."""
PATIENCE, GAIN = 1_000, 0.05
"""D has come to rest when so many updates bring it nearer to the optimum by less than this share of what is left."""
MOST_STEPS = 20_000
"""Steps on the way to the equilibrium."""
RESTING: dict[Goal, str] = {"optimum": "generator", "move": "discriminator"}
G, D = "generator", "discriminator"


class Judged(Protocol):
    """What is needed of a frame of the ``density`` probe; None where there is no such number."""

    step: int
    jsd: float | None
    shortfall: float | None


@dataclass(frozen=True)
class Progress:
    """How far a moment has come."""

    goal: Goal
    done: int
    """Updates of D, or steps."""
    most: int
    measure: float | None
    """What has to fall below ``TOLERANCE``; None before it is known."""


class FourMoments:
    """Asks a session for one moment at a time. ``take_event`` wants its events, ``look`` is to be called often.

    ``told`` gets one plain sentence when a moment has come, or why it has not. All on one thread; nothing waits.
    """

    def __init__(self, session: Session, told: Callable[[str], object] = lambda _: None):
        self.goal: Goal = ""
        """Which moment is being brought about; empty for none."""
        self.stage: Stage = "idle"
        self._session, self._told = session, told
        self._mailbox: Mailbox | None = None
        self._last: Judged | None = None
        self._posted: list[Command] = []
        self._start = self._most = 0  # in steps
        self._updates = 1  # of D in a step
        self._held: dict[str, Any] = {}  # fields that were edited, and what to put back
        self._awaited: dict[str, Any] = {}  # edits that have not acted yet
        self._off: list[str] = []  # titles of D's regularisers that are off meanwhile
        self._is_moving = False  # whether what was posted last has begun: a rest told before that is an earlier one
        self._rests_at: int | None = None
        self._best: tuple[float, int] = (inf, 0)  # the least that was left to gain, and after how many updates
        self._verdict = ""

    @property
    def progress(self) -> Progress | None:
        """How far the moment has come; None when there is none."""
        if not self.goal:
            return None
        done = max(0, self._session.status.step - self._start) * self._updates
        return Progress(self.goal, done, self._most * self._updates, self._measure())

    # what a person does

    def now(self) -> None:
        """(a): rest, and show what is."""
        if self.goal:
            self.cancel()
        else:
            self._session.post(Pause())

    def to_optimum(self) -> None:
        """(b): train D alone until next to nothing is left to gain, or it stalls, or ``MOST_UPDATES``; then rest."""
        self._begin("optimum", D)

    def move_generator(self) -> None:
        """(c): one step in which G alone moves."""
        self._begin("move", G)

    def to_equilibrium(self) -> None:
        """(d): train both until p_g is p_data, or for ``MOST_STEPS``; then rest."""
        self._begin("equilibrium", G)

    def cancel(self) -> None:
        """Rest at once, with every field as it was."""
        if self.stage == "freezing":
            self._verdict = "Cancelled."
        elif self.stage in ("moving", "checking"):
            self._thaw("Cancelled.")

    # the way there

    def _begin(self, goal: Goal, mover: str) -> None:
        experiment = self._session.experiment
        if self.goal or experiment is None:
            return
        names = (G, D) if goal == "equilibrium" else (mover,)
        idle = [name for name in names if experiment.players[name].updates == 0]
        if idle:
            self._told(f"The {idle[0]} makes no updates: set its k above 0 first.")
            return
        self.goal, self._last, self._verdict, self._rests_at = goal, None, "", None
        self._start, self._posted, self._best = self._session.status.step, [], (inf, 0)
        self._updates = experiment.players[D].updates if goal == "optimum" else 1
        self._most = max(1, MOST_UPDATES // self._updates) if goal == "optimum" else MOST_STEPS
        if goal != "move":
            self._mailbox = self._session.subscribe("density")
        if goal == "equilibrium":
            self._post(Train(), "moving")
            return
        edits: dict[str, Any] = {f"players.{RESTING[goal]}.updates": 0}
        self._off = []
        if goal == "move":
            self._session.post(Pause())
        else:
            found, self._off = unregularised(experiment)
            edits |= found
        self._held = {path: value_at(experiment, path) for path in edits}
        self._edit(edits, "freezing")

    def _edit(self, edits: dict[str, Any], stage: Stage) -> None:
        self._awaited = dict(edits)
        for path, value in edits.items():
            self._post(Edit(path=path, value=value), stage)

    def _post(self, command: Command, stage: Stage) -> None:
        self.stage, self._is_moving = stage, False
        self._posted.append(command)
        self._session.post(command)

    def look(self) -> None:
        """Take what there is to see, and go on."""
        if self._mailbox is None:
            return
        frame: Any = self._mailbox.take()
        if frame is not None:
            self._last = frame
            self._judge()
        if self.stage == "moving" and self._session.status.step - self._start >= self._most:
            self._post(Pause(), "checking")

    def _measure(self) -> float | None:
        if self._last is None:
            return None
        return self._last.shortfall if self.goal == "optimum" else self._last.jsd

    def _judge(self) -> None:
        measure = self._measure()
        if measure is None:
            if self.stage in ("moving", "checking"):
                self._thaw("This needs data of a known density on the number line, and a D that gives a probability.")
        elif self.stage == "moving":
            if measure < TOLERANCE or self._stalls(measure):
                self._post(Pause(), "checking")
        elif self.stage == "checking" and self._last is not None and self._last.step == self._rests_at:
            # Some steps were made between the frame and the rest: what counts is what is there now.
            done = self._last.step - self._start
            if measure < TOLERANCE or done >= self._most or self._stalls(measure):
                self._thaw(self._summary(measure, done))
            else:
                self._post(Train(), "moving")

    def _stalls(self, measure: float) -> bool:
        """Whether D, on its way to the optimum, hardly comes nearer any more."""
        done = (self._last.step - self._start) * self._updates if self._last is not None else 0
        if measure < (1 - GAIN) * self._best[0]:
            self._best = measure, done
        return self.goal == "optimum" and done - self._best[1] >= PATIENCE

    def _summary(self, measure: float, done: int) -> str:
        reached = measure < TOLERANCE
        if self.goal == "equilibrium":
            found = f"JSD is {measure:.3f} after {done:,} steps"
            return f"At the equilibrium: {found}." if reached else f"Not at the equilibrium: {found}."
        found = f"{measure:.3f} is left to gain after {done * self._updates:,} updates of D alone"
        off = f", with {' and '.join(self._off)} off meanwhile" if self._off else ""
        return f"D is {'at' if reached else 'still short of'} its optimum: {found}{off}."

    # what the session tells

    def take_event(self, event: Event) -> None:
        """Follow an event of the session."""
        if not self.goal:
            return
        if event.kind == "opened":  # another trainer, of the experiment as the person has it
            self._end("Another run has been opened.")
        elif event.kind == "edited" and event.data["path"] in self._held:
            self._take_edit(event.data["path"], event.data["old"], event.data["new"])
        elif event.kind == "refused" and any(event.data.get("command") is one for one in self._posted):
            self._take_refusal(event)
        elif event.kind == "stepped" and self.goal == "move" and self.stage == "moving":
            self._thaw("G has made its step; D has not moved.")
        elif event.kind == "failed" and self.stage != "thawing":
            self._thaw("Training has failed.")
        elif event.kind == "started":
            self._is_moving = self.stage == "moving"
        elif event.kind in ("paused", "stopped", "finished"):
            self._take_rest(event.step)

    def _take_edit(self, path: str, old: Any, new: Any) -> None:
        if self._awaited.get(path) == new:
            del self._awaited[path]
            if self.stage == "freezing":
                self._held[path] = old
            self._go_on()
        elif path not in self._awaited and self.stage != "thawing":
            del self._held[path]
            self._thaw(f"{path} was set to {new} meanwhile.")

    def _take_refusal(self, event: Event) -> None:
        if self.stage == "thawing":
            self._awaited.pop(event.data["command"].path, None)
            self._go_on()
        else:
            self._thaw(event.sentence)

    def _go_on(self) -> None:
        """Once all edits have acted."""
        if self._awaited:
            return
        if self.stage == "thawing":
            self._end(self._verdict)
        elif self._verdict:  # cancelled meanwhile
            self._thaw(self._verdict)
        else:
            self._post(Step(player=G) if self.goal == "move" else Train(), "moving")

    def _take_rest(self, step: int) -> None:
        if self.stage == "moving" and self._is_moving:
            self._thaw("Paused before it was reached.")
        elif self.stage == "checking":
            self._rests_at = step
            if self._last is not None:
                self._judge()

    def _thaw(self, verdict: str) -> None:
        """Rest, and put back what was edited."""
        self._verdict = verdict
        self._session.post(Pause())
        if self._held:
            self._edit(self._held, "thawing")
        else:
            self._end(verdict)

    def _end(self, verdict: str) -> None:
        if self._mailbox is not None:
            self._session.unsubscribe(self._mailbox)
        self.goal, self.stage, self._mailbox, self._held = "", "idle", None, {}
        self._told(verdict)


def unregularised(experiment: Experiment) -> tuple[dict[str, Any], list[str]]:
    """Edits that switch off what keeps D from D*, and the titles of what they switch off."""
    from ganstudio.training import build  # an experiment is open, so torch is in

    edits, titles = {}, []
    for group in ("regularisers", "constraints"):
        for one in build.active(experiment, group):
            if one.kind != "label-smoothing":
                paths = [f"{group}.{one.kind}.{name}" for name in type(one).Config.model_fields]
                edits |= {path: default(experiment, path) for path in paths if live(experiment, path)}
                titles.append(one.title)
    return edits, titles
