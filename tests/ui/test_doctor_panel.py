"""The Doctor panel: the state in words, the numbers behind it, remedies that are made and taken back."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy

from ganstudio.metrics.doctor.complaint import Evidence, Remedy
from ganstudio.metrics.doctor.doctor import VITAL, Finding
from ganstudio.metrics.doctor.readings import Readings
from ganstudio.probes.doctor import DoctorFrame, DoctorProbe
from ganstudio.training.commands import Diagnose, Step
from ganstudio.training.events import Event
from ganstudio.training.session import Session
from ganstudio.ui import theme
from ganstudio.ui.panels.doctor import DoctorPanel
from ganstudio.ui.studio import Studio

LR = "players.generator.optimiser.params.lr"
HALVE = Remedy("Halve G's learning rate, to 0.0005", ((LR, 0.0005),), "Because.")
AUGMENT = Remedy(
    "Switch on DiffAugment",
    (("regularisers.diff-augment.translation", 0.125), ("regularisers.diff-augment.cutout", 0.3)),
)
READINGS = Readings(300, 300, 300, loss_share=0.9, diversity=0.8, mismatch=0.02, update_d=0.01, update_g=0.01)


def finding(complaint="mode-collapse", remedy=HALVE, good=False, since=200) -> Finding:
    evidence = (Evidence("diversity", "two samples differ 0.1 times as much as two real ones"),)
    headline = "modes are collapsing" if not good else "the equilibrium is reached: you may stop"
    title = "Modes collapse" if not good else "Equilibrium"
    return Finding(
        complaint, title, headline, good, "G repeats itself.", evidence, "Paper, section 1.", remedy, since, 2.0
    )


def frame(*findings: Finding, step: int = 300) -> DoctorFrame:
    course = {name: np.linspace(1, 0.1, 30) for name in VITAL} | {"step": np.arange(1.0, 31) * 10}
    return DoctorFrame(step, "main", replace(READINGS, step=step), findings, course)


@pytest.fixture
def panel(studio, qtbot):
    panel = DoctorPanel(studio)
    qtbot.addWidget(panel)
    panel.resize(420, 640)
    panel.show()
    return panel


@pytest.fixture
def posted(studio, monkeypatch):
    """What is told to the session; edits reach it all the same."""
    found = []
    post = studio.session.post
    monkeypatch.setattr(studio.session, "post", lambda one: found.append(one) or post(one))
    return found


def rate(studio) -> float:
    return studio.experiment.players["generator"].optimiser.params["lr"]


def test_the_panel_needs_no_torch():
    code = (
        "import sys\nfrom ganstudio.ui.panels import doctor\nfrom ganstudio.ui import examining\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_it_waits_then_says_healthy_with_the_vital_signs(panel):
    assert panel.headline.text() == "Not examined yet"
    assert panel.detail.text()
    panel.examining._show(frame())
    assert panel.headline.text() == "Healthy"
    assert "step 300" in panel.detail.text()
    assert not panel.vital.isHidden()
    assert panel.vital.rows[0][1].text() == "J_D is 90% of its value at the equilibrium."


def test_a_finding_has_its_sentence_its_numbers_and_its_remedy(panel):
    panel.examining._show(frame(finding()))
    assert panel.headline.text() == "Look: modes are collapsing"
    card = panel.cards["mode-collapse"]
    assert panel.vital.isHidden()
    assert (card.title.text(), card.since.text()) == ("Modes collapse", "since step 200")
    assert card.sentence.text() == "G repeats itself."
    assert "section 1" in card.sentence.toolTip()
    ((spark, words),) = card.rows.rows
    assert words.text().startswith("Two samples differ 0.1 times")
    assert len(spark.y) == 30
    assert card.remedy.text() == HALVE.title
    assert LR in card.remedy.toolTip()
    assert card.back.isHidden()
    panel.grab()


def test_a_finding_that_ends_goes_and_good_news_is_no_warning(panel):
    panel.examining._show(frame(finding()))
    panel.examining._show(frame(finding("equilibrium", None, good=True)))
    assert list(panel.cards) == ["equilibrium"]
    assert panel.headline.text() == "The equilibrium is reached: you may stop"
    assert theme.colours().equilibrium in panel.headline.styleSheet()
    assert panel.cards["equilibrium"].remedy.isHidden()


def test_one_remedy_against_two_complaints_is_offered_once(panel):
    panel.examining._show(frame(finding("mode-collapse"), finding("oscillation")))
    assert [panel.cards[name].remedy.isHidden() for name in ("mode-collapse", "oscillation")] == [False, True]


def test_a_remedy_is_an_edit_and_is_taken_back(panel, studio, settle, qtbot):
    before = rate(studio)
    panel.examining._show(frame(finding()))
    card = panel.cards["mode-collapse"]
    qtbot.mouseClick(card.remedy, Qt.MouseButton.LeftButton)
    settle(studio)
    assert rate(studio) == 0.0005
    assert studio.session.experiment.players["generator"].optimiser.params["lr"] == 0.0005
    assert card.remedy.isHidden()
    assert HALVE.title in card.done.text()
    qtbot.mouseClick(card.back, Qt.MouseButton.LeftButton)
    settle(studio)
    assert rate(studio) == before
    assert not card.remedy.isHidden()
    assert card.back.isHidden()


def test_undo_takes_a_remedy_of_two_edits_back_at_once(panel, studio, settle):
    experiment = studio.experiment
    assert panel.examining.treat(finding(remedy=AUGMENT))
    settle(studio)
    assert studio.experiment.regularisers["diff-augment"] == {"translation": 0.125, "cutout": 0.3}
    studio.undo_stack.undo()
    settle(studio)
    assert studio.undo_stack.count() == 1
    assert studio.session.experiment.regularisers["diff-augment"] == {"translation": 0, "cutout": 0}
    assert panel.examining.in_force("mode-collapse") is None, "undone by hand"
    assert studio.experiment.players == experiment.players


def test_a_remedy_that_is_refused_changes_nothing(panel, studio):
    before = studio.experiment
    bad = Remedy("Both", ((LR, 0.0005), ("players.generator.optimiser.params.beta1", 7.0)))
    assert not panel.examining.treat(finding(remedy=bad))
    assert studio.experiment.players["generator"].optimiser.params["lr"] == rate(studio)
    assert studio.experiment.players == before.players
    assert panel.examining.treatments == {}


def test_a_remedy_in_force_can_be_taken_back_when_its_finding_is_gone(panel, studio, settle):
    before = rate(studio)
    panel.examining.treat(finding())
    panel.examining._show(frame())
    assert "take it back" in panel.history.text()
    panel.history.linkActivated.emit("mode-collapse")
    settle(studio)
    assert rate(studio) == before
    assert "take it back" not in panel.history.text()


def test_what_is_silenced_is_not_told_again_in_this_run(panel, studio, settle, posted, qtbot):
    panel.examining._show(frame(finding()))
    qtbot.mouseClick(panel.cards["mode-collapse"].silence, Qt.MouseButton.LeftButton)
    assert panel.headline.text() == "Healthy"
    assert "silenced 1" in panel.detail.text()
    panel.examining._show(frame())
    panel.examining._show(frame(finding()))
    assert panel.cards == {}
    assert len([one for one in posted if isinstance(one, Diagnose)]) == 1
    studio.restart()
    settle(studio)
    panel.examining._show(frame(finding()))
    assert list(panel.cards) == ["mode-collapse"]


def test_a_new_finding_is_told_once_with_the_step_of_its_look(panel, studio, settle, posted):
    events = QSignalSpy(studio.event)
    for step in (300, 320):
        panel.examining._show(frame(finding(since=0), step=step))
    settle(studio)
    assert [one.seen for one in posted if isinstance(one, Diagnose)] == [0]
    told = [events.at(i)[0] for i in range(events.count()) if events.at(i)[0].kind == "diagnosed"]
    assert [(one.step, one.data["complaint"]) for one in told] == [(0, "mode-collapse")]
    assert told[0].sentence == "Modes collapse. G repeats itself."
    assert "Modes collapse" in panel.history.text()


def test_findings_that_a_run_brings_along_are_listed(panel):
    earlier = [Event("diagnosed", 40, "D has won. It is sure."), Event("saved", 50)]
    panel.examining._begin(earlier)
    assert "step 40" in panel.history.text()
    assert "D has won" in panel.history.text()


def test_rewinding_forgets_what_was_found_later(panel):
    panel.examining._begin([Event("diagnosed", 40, "D has won. Yes."), Event("diagnosed", 90, "G has won. Yes.")])
    panel.examining._take(Event("rewound", 60))
    assert "D has won" in panel.history.text()
    assert "G has won" not in panel.history.text()


def test_nothing_is_cut_off_in_a_narrow_panel(panel, qtbot):
    panel.examining._show(frame(finding(remedy=AUGMENT)))
    panel.resize(300, 600)
    card = panel.cards["mode-collapse"]
    widgets = (card.remedy, card.silence, card.sentence, card.since, card)

    def right() -> int:
        return max(widget.mapTo(panel, widget.rect().topRight()).x() for widget in widgets)

    qtbot.waitUntil(lambda: right() <= 300)


@pytest.mark.parametrize("choice", ["dark", "light"])
def test_it_takes_both_themes(panel, qapp, own_looks, choice):
    theme.apply(qapp, choice)
    panel.examining._show(frame(finding()))
    panel.restyle()
    picture = panel.grab().toImage()
    assert (picture.pixelColor(5, picture.height() - 5).lightness() < 128) is (choice == "dark")
    assert theme.colours().warning in panel.headline.styleSheet()


def test_the_run_is_examined_while_the_panel_is_hidden(qtbot, tiny, settle):
    session = Session(probes=lambda: {"doctor": DoctorProbe}, device="cpu", threads=1).start()
    studio = Studio(session)
    panel = DoctorPanel(studio)
    qtbot.addWidget(panel)
    try:
        settle(studio)
        studio.is_loaded = True
        studio.open(tiny)
        settle(studio)
        for _ in range(6):
            session.post(Step())
        settle(studio)
        assert not panel.isVisible()

        def looked() -> bool:
            panel.examining.look()
            session.wake()
            found = panel.examining.frame
            return found is not None and found.step == 6

        qtbot.waitUntil(looked)
        assert panel.headline.text() == "Healthy"
        assert panel.examining._timer.isActive()
    finally:
        studio.explorer.close()
        assert session.close()
