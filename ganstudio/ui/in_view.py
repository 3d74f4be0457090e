"""Which panels a person sees, asked of Qt only when that may have changed: asking takes longer than a whole look."""

from collections.abc import Sequence
from time import perf_counter

from PySide6.QtCore import QEvent, QObject

from ganstudio.ui.panel import Panel

RENEWAL_SECONDS = 0.5
"""How long a panel that something has come to cover may be taken for seen: Qt does not tell of it."""
MOVES = (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize)


class InView(QObject):
    """Keeps an eye on ``panels``, a list that may grow."""

    def __init__(self, panels: Sequence[Panel]):
        super().__init__()
        self._panels = panels
        self._followed = 0
        self._seen: list[Panel] = []
        self._asked_at: float | None = None

    def now(self) -> list[Panel]:
        """Those that are seen, also one that has come into view only just now."""
        for panel in self._panels[self._followed :]:
            panel.installEventFilter(self)
            self._asked_at = None
        self._followed = len(self._panels)
        now = perf_counter()
        if self._asked_at is None:
            self._seen, self._asked_at = visible(self._panels), now
        elif now - self._asked_at >= RENEWAL_SECONDS:
            self._seen, self._asked_at = visible(self._seen), now  # of one that comes into view Qt does tell
        return self._seen

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        # What is uncovered is painted.
        if kind in MOVES or (kind == QEvent.Type.Paint and watched not in self._seen):
            self._asked_at = None
        return False


def visible(panels: Sequence[Panel]) -> list[Panel]:
    """Those of the panels that a person sees: not hidden, and not behind another tab."""
    return [panel for panel in panels if panel.isVisible() and not panel.visibleRegion().isEmpty()]
