"""``bench doctor`` in small: what counts as a false alarm, and how soon is soon."""

import json

import pytest

from ganstudio import bench
from ganstudio.bench import doctor
from ganstudio.bench.doctor import CASES, Case, Course, courses, delay, false_alarms, measure, watched
from ganstudio.experiment import files
from ganstudio.experiment.errors import StudioError
from ganstudio.metrics.doctor.doctor import COMPLAINTS


@pytest.fixture(autouse=True)
def threads(monkeypatch, threads_come_back):
    """One thread here; other tests want theirs back."""
    monkeypatch.setattr(doctor, "_threads", lambda _: 1)


def test_alarms_at_healthy_runs_are_counted_and_good_news_is_none(monkeypatch):
    found = [Course(500, ((40, "drift"), (80, "equilibrium"))), Course(1500, ())]
    monkeypatch.setattr(doctor, "courses", lambda names: found)
    one, other, rate = false_alarms(["moons", "spiral"])
    assert (one.value, one.met, other.value, other.met) == (1, False, 0, True)
    assert "drift" in one.name
    assert rate.value == pytest.approx(0.5)


def test_the_delay_counts_from_where_it_begins(monkeypatch):
    case = Case("x", lambda: (files.preset("moons"), ()), frozenset({"drift"}), 100, 10, begins=50)
    for said, value in (
        (((120, "drift"),), 70),
        (((40, "drift"), (120, "drift")), 70),
        (((60, "oscillation"),), 101),
    ):
        monkeypatch.setattr(doctor, "watched", lambda *_, said=said, **__: Course(150, said))
        (figure,) = delay(case)
        assert (figure.value, figure.target, figure.met) == (value, 100, value <= 100)


def test_a_run_is_watched_until_the_right_complaint():
    case = next(one for one in CASES if one.name == "ring-8, G's rate × 100")
    course = watched(*case.make(), steps=200, every=20, until=case.right)
    assert course.steps < 200
    assert "rate-too-high" in [name for _, name in course.said]


def test_edits_of_a_scene_act_on_the_way():
    found = watched(files.preset("moons"), [(3, "lr", 0.5)], 8, 4)
    assert found.steps == 8


def test_healthy_runs_are_trained_as_stated(monkeypatch):
    monkeypatch.setattr(doctor, "POINTS", (6, 3))
    monkeypatch.setattr(doctor, "cores", lambda: 1)
    assert [course.steps for course in courses(["moons", "figure-1"])] == [6, 6]


def test_every_case_can_be_made_and_expects_complaints_that_there_are():
    names = {one.name for one in COMPLAINTS}
    for case in CASES:
        assert case.right <= names
        experiment, edits = case.make()
        assert case.begins + case.within <= experiment.steps or not experiment.steps
        assert all(step >= 0 for step, _, _ in edits)


def test_every_complaint_has_a_case():
    named = frozenset().union(*(case.right for case in CASES))
    assert named == {one.name for one in COMPLAINTS if not one.good}


def test_a_layer_that_dies_is_found_in_time():
    case = next(one for one in CASES if one.right == {"standstill"})
    (figure,) = delay(case)
    assert figure.met, figure


def test_the_whole_of_it_in_small(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "courses", lambda names: [Course(10, ()) for _ in names])
    monkeypatch.setattr(doctor, "watched", lambda *_, **__: Course(10, ()))
    monkeypatch.setattr(doctor, "CASES", CASES[:2])
    assert bench.run("doctor", None, True) == 0
    rows = json.loads(capsys.readouterr().out)["figures"]
    assert len(rows) == len(files.presets()) + 1 + 2


def test_another_name_is_refused():
    with pytest.raises(StudioError, match="helvetica"):
        measure("no-such")
