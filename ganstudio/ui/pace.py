"""How often to look at the valves, and how many panels to serve each time, so that watching stays within a budget."""

FASTEST = 1 / 60
"""Seconds between two looks, at the least: display rate."""
SLOWEST = 0.12
"""And at the most: eight looks a second, however little the budget allows; then not every panel is served each time."""
RENEWAL = 0.1
"""Weight of the newest look in the running means."""
STEADY = 0.002
"""Seconds by which the interval does not follow what it should be: each change begins the wait for a look anew."""
SHARE = 0.04
"""Share of training's time that watching may take where training leaves cores free."""


class Pace:
    """Keeps what the window costs within bounds; ``threads`` says how many of the ``cores`` training computes on.

    While it needs all of them, the bound is ``budget``, a share of the whole machine (0…1): what the window's thread
    computes, and what is computed beside the worker, displaces one core; what the worker spends on frames keeps all of
    them from training.

    With fewer threads there are cores free for all that, and computing displaces nothing. But Qt paints without letting
    go of Python's lock, and a step that is made of a thousand short operations needs it a thousand times: each second
    in the window's thread still costs training a second, however many cores there are. The bound is then a share of
    training's time.
    """

    def __init__(self, budget: float, cores: int):
        self.budget, self.cores = budget, cores
        self.interval = FASTEST
        """Seconds until the next look."""
        self.each = 0.0
        """What serving one panel costs, painting and the worker's part included: a running mean, in core-seconds; in
        seconds of training where it leaves cores free."""
        self.spare = False
        """Whether training leaves cores free."""

    def train_on(self, threads: int) -> None:
        """Note how many threads training has; 0 if that is not known, and then it may be all."""
        spare = 0 < threads < self.cores
        if spare != self.spare:
            self.spare, self.each = spare, 0.0

    def note(self, window_seconds: float, worker_seconds: float, served: int, aside_seconds: float = 0.0) -> None:
        """What the window's thread has taken since the look before, and what the frames of the panels served took.

        ``aside_seconds`` is what was computed of them beside the worker.
        """
        if not served:
            return
        if self.spare:
            cost = (window_seconds + worker_seconds) / served
        else:
            cost = (window_seconds + aside_seconds + worker_seconds * self.cores) / served
        self.each += (RENEWAL if self.each else 1.0) * (cost - self.each)

    def plan(self, visible: int, share: float = SHARE, fastest: float = FASTEST) -> int:
        """Set ``interval``; answers how many of the visible panels to serve at each look, at least one.

        ``share`` is what watching may take of training's time where training leaves cores free; ``fastest`` are the
        seconds between two looks that nobody who is watching asks to be fewer.
        """
        wanted = self.each * visible / (share if self.spare else self.budget * self.cores)
        bounded = min(SLOWEST, max(fastest, wanted))
        if bounded in (fastest, SLOWEST) or abs(bounded - self.interval) > STEADY:
            self.interval = bounded
        return max(1, visible if wanted <= SLOWEST else int(visible * SLOWEST / wanted))
