"""The window's end of the valves: a display timer that pulls what is new, under a budget of processor time."""

import gc
from time import perf_counter, thread_time

from PySide6.QtCore import QObject, Qt, QTimer

from ganstudio.runs.reel import Reel
from ganstudio.training.cores import cores
from ganstudio.training.mailbox import Mailbox
from ganstudio.training.status import Status
from ganstudio.ui import collecting
from ganstudio.ui.failing import FailedPanels
from ganstudio.ui.in_view import InView
from ganstudio.ui.pace import FASTEST, SHARE, Pace
from ganstudio.ui.panel import Panel
from ganstudio.ui.past import Past
from ganstudio.ui.past_run import PastRun
from ganstudio.ui.studio import Studio

GC_SECONDS, FULL_GC_SECONDS = 6.0, 30.0
"""Between two collections of what is young (a millisecond), and between two of everything (some 20)."""
STATUS_SECONDS = 0.5
"""Between two words on how far training is: whoever hears them renews labels, which nobody reads faster."""
RESTING_MS = 33
"""Milliseconds between two looks while nothing trains."""


class Bridge(QObject):
    """Pulls events, status, history and frames from the session and hands them to the visible panels.

    ``budget`` is the share of the whole machine (0…1) that watching may take while training runs (see ``pace``): the
    timer slows down, and then serves the panels in turn, until what it costs stays below it.

    While the window looks at the ``past``, new frames are kept in the ``reel`` as ever, but not shown.
    """

    def __init__(self, studio: Studio, panels: list[Panel], budget: float = 0.015, reel: Reel | None = None):
        super().__init__()
        self.studio, self.panels = studio, panels
        self.past = Past(panels, reel or Reel(), PastRun(studio.runs))
        self.failed = FailedPanels(studio)
        self._in_view = InView(panels)
        self.frames = 0
        """Looks that brought at least one panel something new."""
        self._mailboxes: dict[Panel, Mailbox] = {}
        self._shown: dict[Panel, tuple[int, int]] = {}
        self._pace = Pace(budget, cores())
        self._planned: list[Panel] = []  # the panels in view for which share and rate were asked
        self._share, self._fastest = SHARE, FASTEST
        self._turns: dict[Panel, float] = {}  # when each was served last, in turns
        self._turn = 0.0
        self._served = 0
        self._worker_seconds = self._aside_seconds = 0.0
        self._view_share = 0.0
        self._status = Status()
        self._told_at = 0.0
        self._cpu, self._at = thread_time(), perf_counter()
        self._last_gc = self._last_full_gc = perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.look)
        self._timer.start(RESTING_MS)
        studio.options_changed.connect(self._ask_again)
        collecting.hold(self)
        # What is there once torch is in stays for good: set aside, it does not make each collection take half a second.
        studio.loaded.connect(gc.freeze)

    @property
    def view_share(self) -> float:
        """Share of one processor core that the window has taken of late, 0…1."""
        return self._view_share

    def stop(self) -> None:
        """End all subscriptions."""
        self._timer.stop()
        for mailbox in self._mailboxes.values():
            self.studio.session.unsubscribe(mailbox)
        self._mailboxes.clear()
        self.past.run.close()
        collecting.let_go(self)

    def pause(self, paused: bool) -> None:
        """Look no more, as if the window were closed (for paired measurements), or look again."""
        if paused:
            self._timer.stop()
        else:
            self._served, self._cpu, self._at = 0, thread_time(), perf_counter()  # what went on meanwhile was no look
            self._timer.start()

    def look(self) -> None:
        """One look at the valves."""
        self._measure()
        for event in self.studio.session.events():
            if event.kind == "opened":
                self._begin_again()
            elif event.kind in ("restored", "failed", "rewound"):
                self.past.forget_after(event.step)
            self.studio.take_event(event)
        status = self.studio.status
        self._tell(status)
        # A hidden panel does not take its last frame, and so its probe does no work.
        seen = self._in_view.now()
        running = status.phase == "running"
        self._pace.train_on(status.threads)
        count = self._plan(seen) if running else len(seen)
        self._serve(seen, count)
        if self.past.step is not None:
            for panel in seen:
                self.failed.guard(panel, lambda panel=panel: self.past.look([panel]))
        interval = int(1000 * self._pace.interval) if running else RESTING_MS
        if interval != self._timer.interval():
            self._timer.setInterval(interval)
        self._collect()

    def _tell(self, status: Status) -> None:
        """Pass the status on: at once if the session does something else, else now and then."""
        if status is self._status:
            return
        goes_on = (status.phase, status.pace) == (self._status.phase, self._status.pace) and status.phase == "running"
        if goes_on and perf_counter() - self._told_at < STATUS_SECONDS:
            return
        self._status, self._told_at = status, perf_counter()
        self.studio.status_changed.emit(status)

    def _measure(self) -> None:
        """Note what the last look and the painting after it have cost."""
        cpu, now = thread_time(), perf_counter()
        self._pace.note(cpu - self._cpu, self._worker_seconds, self._served, self._aside_seconds)
        share = (cpu - self._cpu) / max(1e-3, now - self._at)
        self._view_share += 0.05 * (min(1.0, share) - self._view_share)
        self._cpu, self._at = cpu, now

    def _plan(self, seen: list[Panel]) -> int:
        """How many of the panels to serve at this look; sets how soon the next one comes."""
        if seen is not self._planned:
            self._planned = seen
            self._share = max((panel.share for panel in seen), default=SHARE)
            self._fastest = min((panel.fastest for panel in seen), default=FASTEST)
        return self._pace.plan(len(seen), self._share, self._fastest)

    def _serve(self, seen: list[Panel], count: int) -> None:
        """Give so many panels what is new, in turn; ones with nothing new cost no turn.

        Each waits for a number of turns, ``Panel.wait``, and whoever has waited longest beyond it comes first.
        """
        self._served, self._worker_seconds, self._aside_seconds = 0, 0.0, 0.0
        for panel in sorted(seen, key=lambda panel: self._turns.get(panel, 0.0) + panel.wait):
            if self._served >= count:
                break
            if self.failed.guard(panel, lambda panel=panel: self._show(panel)):
                self._served += 1
                self._turn = max(self._turn, self._turns.get(panel, 0.0) + panel.wait)
                self._turns[panel] = self._turn
                for one in (self._mailboxes[panel],) if panel in self._mailboxes else panel.mailboxes:
                    self._worker_seconds += one.seconds
                    self._aside_seconds += one.seconds_aside
        self.frames += self._served > 0

    def _show(self, panel: Panel) -> bool:
        news = panel.pull()
        if panel.probe:
            mailbox = self._mailboxes.get(panel)
            if mailbox is None:
                mailbox = self._mailboxes[panel] = self.studio.session.subscribe(panel.probe, **panel.options())
            frame = mailbox.take()
            if frame is not None:
                self.past.take(panel, frame)
                news = True
        if panel.reads_history:
            history = self.studio.session.history
            now = (id(history), len(history))
            if self._shown.get(panel) != now:
                self._shown[panel] = now
                panel.show_history(history)
                news = True
        return news

    def _begin_again(self) -> None:
        """Another trainer: forget the frames of the one before, also those that nobody has taken."""
        self.failed.wake()
        self.past.forget()
        for panel, mailbox in self._mailboxes.items():
            mailbox.take()
            mailbox.options = panel.options()  # should it have been the new trainer's, it is made again

    def _ask_again(self, panel: Panel) -> None:
        mailbox = self._mailboxes.get(panel)
        if mailbox is not None:
            mailbox.options = panel.options()
            self.studio.session.wake()
        self.past.ask_again(panel)

    def _collect(self) -> None:
        now = perf_counter()
        if now - self._last_full_gc > FULL_GC_SECONDS:
            gc.collect()
            self._last_gc = self._last_full_gc = now
        elif now - self._last_gc > GC_SECONDS:
            gc.collect(1)
            self._last_gc = now
