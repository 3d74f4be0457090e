"""The window's end of the valves: a display timer that pulls what is new, under a budget of processor time."""

import gc
from time import perf_counter, thread_time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from ganstudio.training.cores import cores
from ganstudio.training.mailbox import Mailbox
from ganstudio.ui.panels.panel import Panel
from ganstudio.ui.studio import Studio

if TYPE_CHECKING:
    from ganstudio.training.history import History

FASTEST = 1 / 60
"""Seconds between two looks at the valves, at the least."""
SLOWEST = 0.12
"""And at the most: at least eight looks a second, whatever a frame costs."""
GC_SECONDS = 3.0


class Bridge(QObject):
    """Pulls events, status, history and frames from the session and hands them to the visible panels.

    ``budget`` is the share of the whole machine (0…1) that the window may take while training runs: the timer slows
    down until what it costs (painting included) stays below it.
    """

    def __init__(self, studio: Studio, panels: list[Panel], budget: float = 0.03):
        super().__init__()
        self.studio, self.panels, self.budget = studio, panels, budget
        self.frames = 0
        """Looks that brought at least one panel something new."""
        self._mailboxes: dict[Panel, Mailbox] = {}
        self._shown: dict[Panel, tuple[int, int]] = {}
        self._history: History | None = None
        self._cost = 0.0
        self._cpu = thread_time()
        self._last_gc = perf_counter()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(int(FASTEST * 1000))
        studio.options_changed.connect(self._ask_again)
        # The collector must not run on the training thread: it would finalise Qt objects there, and crash.
        gc.disable()

    @property
    def view_share(self) -> float:
        """Share of one processor core that the window takes at present, 0…1."""
        return min(1.0, self._cost / max(FASTEST, self._timer.interval() / 1000))

    def stop(self) -> None:
        """End all subscriptions."""
        self._timer.stop()
        for mailbox in self._mailboxes.values():
            self.studio.session.unsubscribe(mailbox)
        self._mailboxes.clear()
        gc.enable()

    def pause(self, paused: bool) -> None:
        """Look no more, as if the window were closed (for paired measurements), or look again."""
        if paused:
            self._timer.stop()
        else:
            self._timer.start()

    def look(self) -> None:
        """One look at the valves."""
        cpu = thread_time()
        self._cost += 0.1 * ((cpu - self._cpu) - self._cost)
        self._cpu = cpu
        for event in self.studio.session.events():
            self.studio.take_event(event)
        status = self.studio.status
        self.studio.status_changed.emit(status)
        news = False
        for panel in self.panels:
            # A hidden panel does not take its last frame, and so its probe does no work.
            if panel.isVisible() and not panel.visibleRegion().isEmpty():
                news = self._show(panel) or news
        self.frames += news
        self._pace(running=status.phase == "running")
        self._collect()

    def _show(self, panel: Panel) -> bool:
        news = False
        if panel.probe:
            mailbox = self._mailboxes.get(panel)
            if mailbox is None:
                mailbox = self._mailboxes[panel] = self.studio.session.subscribe(panel.probe, **panel.options())
            frame = mailbox.take()
            if frame is not None:
                panel.show_frame(frame)
                news = True
        if panel.reads_history:
            history = self.studio.session.history
            now = (id(history), len(history))
            if self._shown.get(panel) != now:
                self._shown[panel] = now
                panel.show_history(history)
                news = True
        return news

    def _ask_again(self, panel: Panel) -> None:
        mailbox = self._mailboxes.get(panel)
        if mailbox is not None:
            mailbox.options = panel.options()
            self.studio.session.wake()

    def _pace(self, running: bool) -> None:
        wanted = self._cost / (self.budget * cores()) if running else 1 / 30
        interval = int(1000 * min(SLOWEST, max(FASTEST, wanted)))
        if abs(interval - self._timer.interval()) > 2:
            self._timer.setInterval(interval)

    def _collect(self) -> None:
        if perf_counter() - self._last_gc > GC_SECONDS:
            gc.collect(1)
            self._last_gc = perf_counter()
