"""A panel over G as the explorer has it: of now, or as it was at the step that is looked back at."""

from typing import TYPE_CHECKING, Any

from ganstudio.ui.panel import Panel

if TYPE_CHECKING:
    from ganstudio.probes.generator import GeneratorFrame


class ExploringPanel(Panel):
    """What it asks of the explorer is answered by an earlier G until the present is shown again."""

    past_probe = "generator"
    past_words = "weights of now, not of the past"

    def options(self) -> dict[str, Any]:
        return {"live": self.studio.explorer.live}

    def show_frame(self, frame: "GeneratorFrame") -> None:
        self.studio.explorer.look_back(frame)

    def show_past(self, step: int | None) -> None:
        if step is None:
            self.studio.explorer.look_back(None)
