"""The doctor's memory: it waits before it speaks, does not flicker, and gives a remedy time."""

from dataclasses import replace

import numpy as np
import pytest

from ganstudio.experiment.edits import change
from ganstudio.experiment.files import preset
from ganstudio.experiment.paths import value_at
from ganstudio.metrics.doctor import remedies
from ganstudio.metrics.doctor.complaint import Patient
from ganstudio.metrics.doctor.doctor import APART, COMPLAINTS, GRACE, MOST, Doctor, Finding
from ganstudio.metrics.doctor.readings import Readings

RING = Patient(preset("ring-8"), images=False)
WELL = Readings(
    0, loss_share=0.8, auc=0.7, score_real=0.6, score_fake=0.4, gradient_g=1.0, gradient_d=1.0, diversity=1.0, size=1.0,
    mismatch=0.02, travel=0.1, modes=8.0, modes_real=8.0, weights_d=0.1, weights_g=0.1, update_d=0.01, update_g=0.01,
)  # fmt: skip


class Practice:
    """A doctor who examines every ten steps."""

    def __init__(self, patient: Patient = RING):
        self.doctor, self.patient, self.step = Doctor(), patient, 0

    def see(self, times: int = 1, step: int | None = None, refused=(), **changes) -> list[Finding]:
        found: tuple[Finding, ...] = ()
        for _ in range(times):
            self.step = self.step + 10 if step is None else step
            now = replace(WELL, step=self.step, updates_g=self.step, updates_d=self.step, **changes)
            allowed = lambda edits: not any(path in refused for path, _ in edits)  # noqa: E731
            found = self.doctor.examine(now, self.patient, allowed)
        return list(found)

    def edit(self, path: str, value: object) -> None:
        self.patient = replace(self.patient, experiment=change(self.patient.experiment, path, value)[0])


SURE = {"loss_share": 0.001}


def test_it_speaks_when_three_looks_agree_and_names_the_step():
    practice = Practice()
    assert practice.see(5) == []
    assert practice.see(2, **SURE) == []
    (found,) = practice.see(**SURE)
    assert (found.complaint, found.since, found.good) == ("discriminator-won", 80, False)
    assert practice.see(**SURE)[0].since == 80
    assert found.sentence
    assert found.source


def test_one_bad_look_is_forgotten():
    practice = Practice()
    for _ in range(5):
        assert practice.see(2, **SURE) == []
        assert practice.see() == []


def test_it_does_not_flicker_around_the_criterion():
    practice = Practice()
    practice.see(3, **SURE)
    for share in (0.012, 0.009, 0.013, 0.012, 0.008):
        assert practice.see(loss_share=share)
    assert practice.see(loss_share=0.5), "one good look does not end it"
    assert practice.see(loss_share=0.5) == []


def test_what_is_said_stays_what_it_was_while_it_is_about_to_end():
    practice = Practice()
    practice.see(3, **SURE)
    assert "0.1 %" in practice.see(loss_share=0.5)[0].evidence[0].words


def test_the_remedy_stays_that_of_what_is_said_while_it_is_about_to_end():
    practice = Practice()
    before = practice.see(3, update_d=0.5)[0]
    calm = practice.see(update_d=0.005)[0]  # G's steps are the larger ones now, and small enough
    assert "D's steps" in calm.sentence
    assert calm.remedy == before.remedy
    assert calm.remedy.edits[0][0] == "players.discriminator.optimiser.params.lr"


def test_looks_at_nearly_the_same_step_are_one():
    practice = Practice()
    practice.see(3)
    for step in range(31, 31 + APART - 1):
        assert practice.see(step=step, **SURE) == []
    assert len(practice.doctor.past) == 3


def test_going_back_forgets_what_came_later():
    practice = Practice()
    practice.see(10)
    assert practice.see(3, **SURE)
    assert practice.see(step=50) == []
    assert [one.step for one in practice.doctor.past] == [10, 20, 30, 40, 50]


def test_the_memory_is_bounded_and_reaches_back():
    practice = Practice()
    practice.see(3 * MOST)
    assert len(practice.doctor.past) <= MOST
    assert practice.doctor.past[0].step == 10
    steps = practice.doctor.course()["step"]
    assert (np.diff(steps) > 0).all()


def test_the_gravest_comes_first():
    practice = Practice()
    practice.see(10)
    found = practice.see(3, loss_share=0.001, diversity=0.1, modes=1.0, size=1e7)
    names = [one.complaint for one in found]
    assert names == ["divergence", "discriminator-won", "mode-collapse"]
    assert set(practice.doctor.course()) >= {e.reading for one in found for e in one.evidence} | {"step"}


def test_after_an_edit_no_other_remedy_is_offered_for_a_while():
    practice = Practice()
    first = practice.see(3, **SURE)[0].remedy
    assert first is not None
    for path, value in first.edits:
        practice.edit(path, value)
    for _ in range(GRACE):
        (found,) = practice.see(**SURE)
        assert found.remedy is None
    (found,) = practice.see(**SURE)
    assert found.remedy is not None
    assert found.remedy.edits != first.edits


def test_what_comes_up_after_an_edit_has_its_remedy_at_once():
    practice = Practice()
    practice.see(3)
    practice.edit("lr", 0.5)
    assert practice.see(3, **SURE)[0].remedy is not None


def test_what_the_trainer_would_not_take_is_not_offered():
    practice = Practice()
    first = practice.see(3, **SURE)[0].remedy
    refused = [path for path, _ in first.edits]
    (found,) = practice.see(refused=refused, **SURE)
    assert not {path for path, _ in found.remedy.edits} & set(refused)


# remedies


def offered(complaint: str, patient: Patient, **changes) -> list[remedies.Remedy]:
    (one,) = [one for one in COMPLAINTS if one.name == complaint]
    past = [replace(WELL, step=s, **changes) for s in range(1, 20)]
    return [remedy for remedy in one.remedies(past, patient) if remedy is not None]


def with_edits(name: str, **edits) -> Patient:
    found = preset(name)
    for path, value in edits.items():
        found, _ = change(found, path.replace("__", "."), value)
    return Patient(found, images=name.endswith("mnist"))


def test_the_remedy_suits_the_experiment():
    saturating = offered("discriminator-won", with_edits("mlp-mnist", objective="saturating"))
    assert saturating[0].edits == (("objective.kind", "non-saturating"),)
    often = offered("discriminator-won", with_edits("mlp-mnist", k=20))
    assert often[0].edits == (("players.discriminator.updates", 1),)
    quick = offered("discriminator-won", with_edits("mlp-mnist", players__discriminator__optimiser__lr=0.01))
    assert quick[0].edits == (("players.discriminator.optimiser.params.lr", 0.0002),)
    unbounded = offered("divergence", with_edits("ring-8", objective="wasserstein", r1=0.0))
    assert unbounded[0].edits == (("regularisers.gradient-penalty.weight", 10.0),)
    images = offered("memorisation", with_edits("mlp-mnist"))
    assert {path.rsplit(".", 1)[0] for path, _ in images[0].edits} == {"regularisers.diff-augment"}
    assert len(images[0].edits) == 2


def test_a_rate_is_cut_as_far_as_its_steps_are_too_large():
    fast = with_edits("ring-8", players__discriminator__optimiser__lr=0.15)
    for update, value in ((0.13, 0.005), (0.5, 0.0015)):
        (one,) = offered("rate-too-high", fast, update_d=update)
        assert one.edits == (("players.discriminator.optimiser.params.lr", value),)


def test_nothing_is_switched_on_twice():
    cured = with_edits("ring-8", r1=0.1, instance_noise=0.1, label_smoothing=0.9)
    paths = [path for one in offered("discriminator-won", cured) for path, _ in one.edits]
    assert paths == ["players.discriminator.optimiser.params.lr"]


@pytest.mark.parametrize("complaint", [one for one in COMPLAINTS if not one.good], ids=lambda one: one.name)
def test_every_complaint_has_a_title_a_source_and_a_remedy_of_one_or_two_edits(complaint):
    assert complaint.title
    assert complaint.headline
    assert complaint.source
    for remedy in offered(complaint.name, RING):
        assert 1 <= len(remedy.edits) <= 2
        assert remedy.title
        assert remedy.reason
        for path, value in remedy.edits:
            assert value_at(RING.experiment, path) != value
