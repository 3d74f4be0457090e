"""How often to look at the valves, and how many panels to serve each time, so that watching stays within a budget."""

FASTEST = 1 / 60
"""Seconds between two looks, at the least: display rate."""
SLOWEST = 0.11
"""And at the most: nine looks a second, however little the budget allows; then not every panel is served each time."""
RENEWAL = 0.1
"""Weight of the newest look in the running means."""


class Pace:
    """Keeps the window's cost at ``budget``, a share of the whole machine (0…1).

    What the window's thread computes displaces one core; what the worker spends on frames keeps all of them from
    training.
    """

    def __init__(self, budget: float, cores: int):
        self.budget, self.cores = budget, cores
        self.interval = FASTEST
        """Seconds until the next look."""
        self.each = 0.0
        """Core-seconds that serving one panel costs, painting and the worker's part included: a running mean."""

    def note(self, window_seconds: float, worker_seconds: float, served: int) -> None:
        """A look cost the window's thread so much since the one before, and the worker for the panels served."""
        if served:
            cost = (window_seconds + worker_seconds * self.cores) / served
            self.each += (RENEWAL if self.each else 1.0) * (cost - self.each)

    def plan(self, visible: int) -> int:
        """Set ``interval``; answers how many of the visible panels to serve at each look, at least one."""
        wanted = self.each * visible / (self.budget * self.cores)
        self.interval = min(SLOWEST, max(FASTEST, wanted))
        return max(1, visible if wanted <= SLOWEST else int(visible * SLOWEST / wanted))
