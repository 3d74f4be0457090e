"""All panels of the window, each built when it is first needed: the window paints before those that nobody sees."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ganstudio.ui.panels.panel import Panel, panel_classes

if TYPE_CHECKING:
    from ganstudio.ui.studio import Studio


class PanelSet(Mapping[str, Panel]):
    """Panel by name, in the View menu's order. Looking one up builds it, if it is not there yet.

    ``remembered`` are the panels' choices of last time, by name; ``built`` is told of each new panel.
    """

    def __init__(self, studio: "Studio", remembered: dict[str, Any], built: Callable[[Panel], object]):
        self._studio, self._remembered, self._told = studio, remembered, built
        self.kinds: dict[str, type[Panel]] = {kind.name: kind for kind in panel_classes()}
        """What each panel is: title, description and keys are known before it is built."""
        self.built: list[Panel] = []
        """Those that are there, in the order in which they came; always the same list."""
        self._panels: dict[str, Panel] = {}

    def __getitem__(self, name: str) -> Panel:
        if name not in self._panels:
            panel = self._panels[name] = self.kinds[name](self._studio)
            self.built.append(panel)
            self._told(panel)
            state = self._remembered.get(name)
            if isinstance(state, dict):
                panel.load_state(state)
        return self._panels[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.kinds)

    def __len__(self) -> int:
        return len(self.kinds)

    def build(self, names: Iterable[str]) -> None:
        """Build those of these names that are not there yet; names of no panel are passed over."""
        for name in names:
            self.get(name)

    def save_state(self) -> dict[str, Any]:
        """The choices to remember: of a panel that was not built, those of last time."""
        return {**self._remembered, **{panel.name: panel.save_state() for panel in self.built}}
