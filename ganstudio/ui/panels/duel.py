"""The duel: two trainings that differ in one setting, side by side, with their curves over each other between them."""

from time import perf_counter
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedLayout

from ganstudio.metrics.duel_verdict import Side, Standing, Verdict, from_plain, verdict
from ganstudio.training.commands import Duel, EndDuel, Train
from ganstudio.training.contest import Contest
from ganstudio.training.events import Event
from ganstudio.training.mailbox import Mailbox
from ganstudio.ui.duel_link import SIDES, DuelLink
from ganstudio.ui.panel import Panel
from ganstudio.ui.pinning import Pinning
from ganstudio.ui.waiting import Waiting
from ganstudio.ui.widgets.duel_arena import DuelArena
from ganstudio.ui.widgets.duel_half import PROBES
from ganstudio.ui.widgets.duel_setup import DuelSetup, fields
from ganstudio.ui.widgets.sample_drag import TakesSamples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ganstudio.ui.studio import Studio

PARTS = ("curves", "picture", "histogram", "standing")
"""What is renewed in turn, one at each look."""
NO_DUEL = "There are no sides yet to pin samples on; start the duel first."
NO_IMAGES = "A duel over points has no tiles to pin a sample to; drop it on Directions or Walk."
OVER = "This duel is over: its sides make no more samples."
JUDGE_SECONDS = 0.5
"""How often the verdict is renewed while the duel is on."""


class DuelPanel(Panel):
    """A page to begin a duel, and one to watch it; what was to be seen at its end stays there."""

    name = "duel"
    title = "Duel"
    description = "Two trainings that differ in one setting, side by side"
    keys: ClassVar[dict[str, str]] = {
        "Ctrl+Return": "Start the duel",
        "T": "Curves or verdict",
        "Shift+←": "Keep the left side",
        "Shift+→": "Keep the right side",
        "Shift+↓": "Keep neither: the run goes on as it was",
        "Enter or click": "Pin or unpin a sample, on both sides",
        "Drag, Ctrl+C": "Carry or copy a sample with its z, the same on both sides",
        "Drop, Ctrl+V": "Pin a sample in the same place on both sides",
        "Ctrl+Z · Ctrl+Shift+Z": "Pins as they were · and again",
    }
    past_words = "The duel shows the present."
    # It is what an audience looks at: rather fluent than all steps.
    share = 0.12
    order = 28

    def __init__(self, studio: "Studio"):
        super().__init__(studio)
        self.contest: Contest | None = None
        """The duel that is shown."""
        self.over = False
        """Whether it has ended."""
        self.verdict: Verdict | None = None
        self._kept = ""
        self._link = DuelLink(studio.session)
        self._shape: list[int] = []
        self._turn = 0
        self._taken: tuple[Mailbox, ...] = ()
        self._standings = {name: (Standing(), True) for name in SIDES}
        self._judged_at = 0.0
        self.setup, self.arena = DuelSetup(), DuelArena()
        self._pages = QStackedLayout(self)
        for page in (self.setup, self.arena):
            self._pages.addWidget(page)
        self.setup.started.connect(self._start)
        self.arena.train_wanted.connect(studio.toggle_training)
        self.arena.keep_wanted.connect(self.keep)
        self.arena.new_wanted.connect(self.show_setup)
        halves = self.arena.halves
        self.pinning = Pinning(
            *(half.grid for half in halves.values()), shown=lambda: halves["left"].inputs, closed=self._closed
        )
        """What is pinned on both sides, which are fed the same."""
        self.pinning.changed.connect(self._ask_picture)
        self.pinning.refused.connect(studio.trouble)
        self.pinning.undone_in(self, studio.undo_stack)
        for half in halves.values():
            half.grid.clicked.connect(self.pinning.toggle)
            TakesSamples(half, lambda parcel, at: self.pinning.take(parcel), refused=studio.trouble.emit)
            half.grid.told.connect(studio.message)
            half.plane.samples.told.connect(studio.message)
            half.line.samples.told.connect(studio.message)
        for keys, run in (
            ("Ctrl+Return", self._start_by_key),
            ("Ctrl+V", self._paste),
            ("T", self.arena.toggle_table),
            ("Shift+Left", lambda: self.keep("left")),
            ("Shift+Right", lambda: self.keep("right")),
            ("Shift+Down", lambda: self.keep("")),
        ):
            QShortcut(QKeySequence(keys), self, run).setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._waiting = Waiting(studio, lambda words: self.setup.show_experiment(None, words), "")
        studio.event.connect(self._take_event)
        studio.status_changed.connect(lambda _: self._say())
        studio.edited.connect(lambda _: self._offer())
        studio.loaded.connect(self._offer)

    # what a person does

    def _start(self, path: str, left: object, right: object, steps: int) -> None:
        if self.studio.session.duel is None:
            self.studio.session.post(Duel(path=path, left=left, right=right, steps=steps))
            self.studio.session.post(Train())

    def _start_by_key(self) -> None:
        if self._pages.currentWidget() is self.setup:
            self.setup.begin()

    def keep(self, side: str) -> None:
        """End the duel and go on with a side, or with neither (empty)."""
        if self.contest is not None and not self.over:
            self.studio.session.post(EndDuel(keep=side))

    def _paste(self) -> None:
        """Pin what is on the clipboard, at the chosen tile of the side with the focus."""
        sides = sorted(self.arena.halves.values(), key=lambda half: not half.grid.hasFocus())
        sides[0].grid.samples.paste()

    def _closed(self) -> str:
        if self.contest is None:
            return NO_DUEL
        if self.arena.halves["left"].kind != "images":
            return NO_IMAGES
        return OVER if self.over else ""

    def show_setup(self) -> None:
        """Choose the next duel, unless one is on."""
        if self.contest is None or self.over:
            self._pages.setCurrentWidget(self.setup)
            self._offer()
            self.setup.start.setFocus()

    def come_up(self) -> None:
        """Be ready for the hand that has called for a duel."""
        if self.contest is None or self.over:
            self.show_setup()
        else:
            self.arena.train.setFocus()

    def _offer(self) -> None:
        """Let the setup show the fields of the open experiment."""
        if self._shape and self.studio.is_loaded and self.studio.session.experiment is not None:
            self._waiting.over()
            self.setup.show_experiment(self.studio.session.experiment)

    # what the session tells

    def _take_event(self, event: Event) -> None:
        if event.kind == "opened":
            self._shape = list(event.data["shape"])
            self._link.close()
            self.contest = None
            self.pinning.begin()
            self._pages.setCurrentWidget(self.setup)
            self._offer()
        elif event.kind == "duel":
            self._begin()
        elif event.kind == "duel-ended":
            self._end(event)
        elif event.kind in ("paused", "stopped") and event.trainer == "duel":
            if self.contest is not None:
                self.arena.show_contest(self.contest)  # to the last step, before anybody turns to the curves
            self._judge()
            self.arena.show_table(True)
        elif event.kind == "started" and event.trainer == "duel":
            self.arena.show_table(False)

    def _begin(self) -> None:
        contest = self.studio.session.duel
        if contest is None:  # it is over already
            return
        self._link.close()
        self.contest, self.over, self.verdict, self._kept = contest, False, None, ""
        self.pinning.begin()
        self._standings = {name: (Standing(), True) for name in SIDES}
        words, _ = fields(contest.left.experiment).get(contest.path, (contest.path, None))
        self.arena.begin(contest, self._shape, words)
        self._judge()
        self._pages.setCurrentWidget(self.arena)
        if self.isVisible():
            self.arena.train.setFocus()

    def _end(self, event: Event) -> None:
        if self.contest is None or self.over:
            return
        self.over, self._kept = True, event.data["keep"]
        self._link.close()
        self.arena.show_contest(self.contest)
        if event.data["verdict"]:
            self.verdict = from_plain(event.data["verdict"])
        if self.verdict is not None:
            self.arena.show_verdict(self.verdict, event.sentence)
        self.arena.show_table(True)
        self._say()

    # what the bridge brings

    def pull(self) -> bool:
        """Renew one part of the panel, the next in turn that has news."""
        self._taken = ()
        if self.contest is None or self.over:
            return False
        self._subscribe()
        for _ in PARTS:
            part = PARTS[self._turn % len(PARTS)]
            self._turn += 1
            if self._pull_curves() if part == "curves" else self._pull_frames(part):
                return True
        return False

    @property
    def mailboxes(self) -> "Sequence[Mailbox]":
        return self._taken

    def _subscribe(self) -> None:
        if not self._link.boxes("picture"):
            left = self.arena.halves["left"]
            self._link.ask("picture", PROBES[left.kind], **left.options(self.pinning.pinned))
            self._link.ask("histogram", "histogram", view="logit")
            self._link.ask("standing", "standing")

    def _pull_curves(self) -> bool:
        now = self.studio.session.duel
        if now is None or self.contest is None or _reach(now) == _reach(self.contest):
            return False
        self.contest = now
        self.arena.show_contest(now)
        if perf_counter() - self._judged_at >= JUDGE_SECONDS:
            self._judge()
        self._say()
        return True

    def _pull_frames(self, part: str) -> bool:
        assert self.contest is not None
        found = self._link.take(part, self.contest)
        if not found:
            return False
        if part == "picture":
            self.arena.show_pictures(found)
        elif part == "histogram":
            self.arena.show_histograms(found)
        else:
            self._standings |= {name: (frame.standing, frame.probability) for name, frame in found.items()}
        self._taken = self._link.boxes(part)
        self.studio.session.wake()
        return True

    def _judge(self) -> None:
        """Renew the verdict."""
        if self.contest is None or self.over:
            return
        self._judged_at = perf_counter()
        sides = []
        for one in (self.contest.left, self.contest.right):
            standing, probability = self._standings[one.trainer]
            sides.append(Side(one.words, one.history, probability, standing, one.failure))
        self.verdict = verdict(*sides, self.contest.step)
        self.arena.show_verdict(self.verdict)
        self._say()

    def _say(self) -> None:
        """Make the arena say what the session does."""
        running = self.studio.status.phase == "running" and not self.over
        told = "over" if self.over else "running" if running else "at rest"
        self.arena.say(told, running=running, over=self.over, kept=self._kept)

    # looks

    def minimumSizeHint(self) -> QSize:
        return QSize(640, 380)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ask_picture()

    def _ask_picture(self) -> None:
        """Images in another layout, or of other inputs."""
        half = self.arena.halves["left"]
        if self._link.boxes("picture") and half.kind == "images":
            self._link.ask("picture", "samples", **half.options(self.pinning.pinned))

    def restyle(self) -> None:
        self.setup.restyle()
        self.arena.restyle()


def _reach(contest: Contest) -> tuple[tuple[int, int, str], ...]:
    """What the curves and the words depend on."""
    return tuple((len(one.history), one.step, one.failure) for one in (contest.left, contest.right))
