"""The status bar: what the session does, how fast, where, and how the machine is shared."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStatusBar

from ganstudio.training.status import Status
from ganstudio.training.tempo import rate_words
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.steady_label import SteadyLabel

STATES = {
    "loading": "Loading PyTorch…",
    "empty": "No experiment",
    "opening": "Preparing…",
    "ready": "Ready",
    "running": "Training",
    "paused": "Paused",
    "stopped": "Stopped",
    "failed": "Failed",
    "closed": "Closed",
}
FIELDS = {
    "state": "What the session is doing",
    "step": "Completed steps",
    "epoch": "Passes through the real data",
    "speed": "Steps and real images per second, over the last two seconds",
    "device": "Where the networks are, and torch's threads",
    "memory": "Memory of this process (CPU) or of torch on the device (CUDA)",
    "shares": "Train: share of the worker's time spent in steps. View: share of one core that the window takes",
}


class StudioStatusBar(QStatusBar):
    """Labels that are rewritten only when their text changes: each repaint costs training time."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self.labels: dict[str, SteadyLabel] = {}
        for name, tip in FIELDS.items():
            label = SteadyLabel()
            label.setToolTip(tip)
            label.setAccessibleName(tip)
            label.setContentsMargins(8, 0, 8, 0)
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.labels[name] = label
            self.addPermanentWidget(label)

    def show_status(self, status: Status, view_share: float) -> None:
        """Write what has changed."""
        running = status.phase == "running"
        speed = f"{status.steps_per_s:.1f} steps/s · {status.images_per_s:,.0f} images/s" if running else ""
        if running and status.pace:
            speed = f"slow motion: {rate_words(status.pace)}"
        threads = f" · {status.threads} thread{'s' if status.threads != 1 else ''}" if status.threads else ""
        self._set("state", STATES[status.phase])
        self._set("step", f"step {status.step:,}")
        self._set("epoch", f"epoch {status.epoch:.2f}")
        self._set("speed", speed)
        self._set("device", f"{status.device.upper()}{threads}" if status.device else "")
        self._set("memory", f"{status.memory / 2**20:,.0f} MiB" if status.memory else "")
        shares = f"train {status.train_share:.0%} / view {view_share:.0%}" if running else ""
        self._set("shares", shares)

    def _set(self, name: str, text: str) -> None:
        label = self.labels[name]
        if label.text() != text:
            label.setText(text)
            label.setVisible(bool(text))

    def restyle(self) -> None:
        """Follow a change of theme."""
        self.labels["state"].setStyleSheet(f"font-weight: bold; color: {colours().accent};")
