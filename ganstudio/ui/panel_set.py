"""All panels of the window, each imported and built when it is first needed.

Until the first paint those that nobody sees are names only: their imports take longer than the paint.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ganstudio.ui.panel import Panel, panel_class, panel_names

if TYPE_CHECKING:
    from ganstudio.ui.studio import Studio


class PanelSet(Mapping[str, Panel]):
    """Panel by name, by the alphabet. Looking one up builds it, if it is not there yet.

    ``remembered`` are the panels' choices of last time, by name; ``built`` is told of each new panel.
    """

    def __init__(self, studio: "Studio", remembered: dict[str, Any], built: Callable[[Panel], object]):
        self._studio, self._remembered, self._told = studio, remembered, built
        self.built: list[Panel] = []
        """Those that are there, in the order in which they came; always the same list."""
        self._panels: dict[str, Panel | None] = dict.fromkeys(panel_names())

    def __getitem__(self, name: str) -> Panel:
        found = self._panels[name]
        if found is not None:
            return found
        panel = self._panels[name] = panel_class(name)(self._studio)
        self.built.append(panel)
        self._told(panel)
        state = self._remembered.get(name)
        if isinstance(state, dict):
            panel.load_state(state)
        return panel

    def __iter__(self) -> Iterator[str]:
        return iter(self._panels)

    def __len__(self) -> int:
        return len(self._panels)

    def build(self, names: Iterable[str]) -> None:
        """Build those of these names that are not there yet; names of no panel are passed over."""
        for name in names:
            self.get(name)

    def in_order(self) -> list[Panel]:
        """All of them, in the View menu's order."""
        return sorted(self.values(), key=lambda panel: (panel.order, panel.title))

    def save_state(self) -> dict[str, Any]:
        """The choices to remember: of a panel that was not built, those of last time."""
        return {**self._remembered, **{panel.name: panel.save_state() for panel in self.built}}
