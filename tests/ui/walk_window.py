"""A Walk panel over a session that works."""

from time import monotonic

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from ganstudio.training.session import Session
from ganstudio.ui import theme
from ganstudio.ui.panels.walk import WalkPanel
from ganstudio.ui.studio import Studio


def probes() -> dict[str, type]:
    """Imported by the session."""
    from ganstudio.probes.generator import GeneratorProbe

    return {"generator": GeneratorProbe}


class WalkWindow:
    """Opens an experiment; what the panel says is kept."""

    def __init__(self):
        theme.apply(QApplication.instance(), "dark")
        self.session = Session(probes=probes, device="cpu", threads=1).start()
        self.studio = Studio(self.session)
        self.said: list[str] = []
        self.troubles: list[str] = []
        self.chosen: list[np.ndarray] = []
        self.studio.message.connect(self.said.append)
        self.studio.trouble.connect(self.troubles.append)
        self.studio.sample_chosen.connect(self.chosen.append)
        self.panel = WalkPanel(self.studio)
        self.panel.resize(760, 460)
        self.panel.show()

    def until(self, condition) -> None:
        """Let the window live until something holds."""
        end = monotonic() + 20
        while not condition():
            assert monotonic() < end, "waited in vain"
            for event in self.session.events():
                self.studio.take_event(event)
            self.studio.status_changed.emit(self.studio.status)
            QCoreApplication.processEvents()

    def open(self, experiment) -> None:
        """Open an experiment and wait for the walk through it."""
        self.open_only(experiment)
        self.settle()

    def open_only(self, experiment) -> None:
        """Open an experiment."""
        opened: list[bool] = []
        self.studio.opened.connect(lambda _: opened.append(True))
        self.studio.open(experiment)
        self.until(lambda: opened)

    def settle(self) -> None:
        """Wait until every frame of the walk (or every tile of the map) is in memory, and of one G."""
        walk, map_ = self.panel.walk, self.panel.map
        if self.panel.on_map:
            self.until(lambda: map_.section and self._whole(map_.feed.cache, [*map_.map.wanted, map_.map.handle]))
        else:
            self.until(lambda: len(walk.z) and self._whole(walk.feed.cache, range(len(walk.z))))

    def _whole(self, cache, keys) -> bool:
        return not cache.missing(keys)

    def close(self) -> None:
        self.panel.close()
        assert self.studio.explorer.close()
        assert self.session.close()
