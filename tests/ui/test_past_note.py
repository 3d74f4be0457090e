"""Which step a panel shows while one looks back: said where it covers nothing that is read or clicked."""

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from ganstudio.runs.reel import Reel
from ganstudio.training.session import Session
from ganstudio.ui import theme
from ganstudio.ui.panel import Panel, panel_class
from ganstudio.ui.past import Past
from ganstudio.ui.past_run import PastRun
from ganstudio.ui.studio import Studio
from ganstudio.ui.widgets.past_note import PastNote


@pytest.mark.parametrize("name", ["latent", "walk", "arithmetic", "label", "sketch", "invert", "neighbours"])
def test_the_step_covers_nothing_of_a_panel_that_one_works_in(name, qapp, qtbot, monkeypatch):
    studio = Studio(Session(probes=dict))
    panel = panel_class(name)(studio)
    qtbot.addWidget(panel)
    monkeypatch.setattr(panel, "show_frame", lambda frame: None)
    past = Past([panel], Reel(), PastRun(studio.runs))
    past.reel.add(panel.name, 13, object())
    panel.show()
    for size in ((480, 360), (700, 480), (1280, 720)):
        panel.resize(*size)
        past.show(13)
        QApplication.processEvents()
        note = past._note(panel)
        assert note.isVisible()
        assert panel.rect().contains(note.geometry())
        covered = [
            one
            for one in panel.findChildren(QWidget)
            if one is not note
            and one.isVisible()
            and not one.visibleRegion().isEmpty()
            and one.visibleRegion().translated(one.mapTo(panel, one.rect().topLeft())).intersects(note.geometry())
        ]
        assert not covered, (size, covered)
        past.leave()
        QApplication.processEvents()
        assert not note.isVisible()
        assert panel.contentsRect() == panel.rect(), "the panel has its room back"
    panel.hide()
    assert studio.explorer.close()


class Listener(Panel):
    """Notes what it is told, and shows nothing of an earlier step."""

    name = "listener"
    past_words = "of now"

    def __init__(self, studio: Studio):
        super().__init__(studio)
        self.told: list[int | None] = []

    def show_past(self, step: int | None) -> None:
        self.told.append(step)


@pytest.mark.usefixtures("own_looks")
def test_a_panel_that_comes_into_view_hears_which_step_is_looked_at(studio, qtbot, monkeypatch):
    panel = Listener(studio)
    qtbot.addWidget(panel)
    past = Past([panel], Reel(), PastRun(studio.runs))
    past.show(13)
    past.show(40)
    assert panel.told == [13], "what nobody sees waits"
    panel.show()
    said = []
    tag = PastNote.tag
    monkeypatch.setattr(PastNote, "tag", lambda note, words, **how: said.append(words) or tag(note, words, **how))
    for _ in range(3):
        past.look([panel])
    assert panel.told == [13, 40]
    assert said == ["of now"], "written once, not at each look"
    for name in ("light", "dark"):
        theme.apply(QApplication.instance(), name)
        past.restyle()
        assert theme.colours().surface in past._note(panel).styleSheet()
    past.leave()
    past.show(40)
    past.look([panel])
    assert panel.told == [13, 40, None, 40]
