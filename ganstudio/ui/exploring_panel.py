"""A panel over G as the explorer has it: of now, or as it was at the step that is looked back at."""

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent

from ganstudio.ui.panel import Panel
from ganstudio.ui.widgets.sample_drag import may_be_picture

if TYPE_CHECKING:
    from ganstudio.probes.generator import GeneratorFrame
    from ganstudio.ui.studio import Studio


class ExploringPanel(Panel):
    """What it asks of the explorer is answered by an earlier G until the present is shown again."""

    past_probe = "generator"
    past_words = "weights of now, not of the past"

    def __init__(self, studio: "Studio"):
        super().__init__(studio)
        self.setAcceptDrops(True)

    def options(self) -> dict[str, Any]:
        return {"live": self.studio.explorer.live}

    def show_frame(self, frame: "GeneratorFrame") -> None:
        self.studio.explorer.look_back(frame)

    def show_past(self, step: int | None) -> None:
        if step is None:
            self.studio.explorer.look_back(None)

    # Whoever lets a picture fall here has a sample in mind: the window would open it as data, in place of what is open.

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if may_be_picture(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.studio.message.emit("That picture has no z of its own; Invert finds one for it.")
