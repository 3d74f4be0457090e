"""What ``ganstudio bench`` prints and answers, and short runs of each benchmark."""

import json
import subprocess
import sys

import pytest

from ganstudio import bench
from ganstudio.bench import digits, engine, history, startup, watching
from ganstudio.bench.figure import Figure, as_json, as_table, median_ratio, paired
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.files import preset

FIGURES = [Figure("fast", 1.31, "≥", 1.25), Figure("late, ms", 61.234, "≤", 60), Figure("steps", 1234567)]


pytestmark = pytest.mark.usefixtures("threads_come_back")
"""Benchmarks choose torch's number of threads."""


def test_a_target_is_met_from_its_own_side():
    assert [one.met for one in FIGURES] == [True, False, None]
    assert Figure("x", 2, "≤", 2).met
    assert Figure("x", 2, "≥", 2).met
    assert Figure("x", float("nan"), "≥", 2).met is False


def test_json_is_one_object_with_the_agreed_keys():
    found = json.loads(as_json("engine", FIGURES))
    assert found["bench"] == "engine"
    assert [list(row) for row in found["figures"]] == [["name", "value", "target", "met"]] * 3
    assert found["figures"][1] == {"name": "late, ms", "value": 61.23, "target": 60, "met": False}
    assert found["figures"][2]["met"] is None


def test_the_table_is_aligned_and_says_what_is_missed():
    lines = as_table("engine", FIGURES).splitlines()
    assert lines[0] == "bench engine"
    assert lines[1].index("≥") == lines[2].index("≤")
    assert lines[1].endswith("met")
    assert lines[2].endswith("MISSED")
    assert lines[-1] == "1 of 2 targets missed"


def test_pairs_alternate_who_goes_first():
    calls = []
    pairs = paired(lambda: calls.append("a") or 2.0, lambda: calls.append("b") or 1.0, 3)
    assert calls == list("abbaab")
    assert median_ratio(pairs) == 2.0


def test_percentiles():
    values = [float(i) for i in range(1, 101)]
    assert watching.percentile(values, 99) == 99
    assert watching.percentile(values, 50) == 50
    assert watching.percentile([5.0], 95) == 5


def test_a_bad_name_is_one_sentence_and_2(capsys):
    assert bench.run("speed", None, False) == 2
    assert ", ".join(bench.BENCHMARKS) in capsys.readouterr().err
    assert bench.run("engine", "no-such-preset", True) == 2
    captured = capsys.readouterr()
    assert "no-such-preset" in captured.err
    assert captured.out == ""


@pytest.mark.parametrize("preset", ["no-such-preset", "mlp-mnist"])
def test_the_plane_is_measured_with_points_of_the_plane_only(capsys, preset):
    assert bench.run("plane", preset, True) == 2
    assert preset in capsys.readouterr().err


def test_a_missed_target_is_said_and_0(capsys, monkeypatch):
    monkeypatch.setattr(digits, "measure", lambda preset: FIGURES)
    assert bench.run("digits", None, False) == 0
    assert "MISSED" in capsys.readouterr().out
    assert bench.run("digits", None, True) == 0
    assert json.loads(capsys.readouterr().out)["bench"] == "digits"


@pytest.mark.parametrize(
    ("module", "name", "sentence"),
    [
        (engine, "hinge-sn-faces", "textbook"),
        (engine, "missing", "there is no preset"),
        (digits, "dcgan-fashion", "data.kind"),
        (history, "dcgan-mnist", "no preset"),
        (startup, "missing", "there is no preset"),
        (watching, "missing", "there is no preset"),
    ],
)
def test_an_unsuitable_preset_is_refused(module, name, sentence):
    with pytest.raises(StudioError, match=sentence):
        module.measure(name)


def test_the_package_is_light():
    script = "import sys, ganstudio.bench; print(sum(name in sys.modules for name in ('torch', 'PySide6', 'numpy')))"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "0"


# each benchmark, briefly


def small_mlp():
    experiment = preset("mlp-mnist")
    for player in ("generator", "discriminator"):
        experiment, _ = change(experiment, f"players.{player}.network.hidden", [16])
    return experiment


def test_engine_measures_a_case(monkeypatch):
    monkeypatch.setattr(engine, "matmul_rate", lambda: 1e11)
    figures = {one.name: one for one in engine.measure_case("tiny", small_mlp(), seconds=0.02)}
    assert figures["tiny: steps/s over the textbook's"].value > 0
    # The layers 100-16-784 and 784-16-1 on 64 samples: no step can do with fewer than their passes need.
    least = 2 * 64 * (2 * (100 * 16 + 16 * 784) + 5 * 784 * 16) / 1e9
    assert figures["tiny: GFLOP/step"].value >= least
    assert all(one.target is None for one in figures.values())


def test_the_cases_of_the_engine_are_those_asked_for():
    cases = engine.default_cases()
    assert set(cases) == set(engine.TARGETS)
    assert cases["DCGAN 32 px, width 64"].players["generator"].network.params["width"] == 64
    assert cases["DCGAN 32 px, width 32"].data.params["size"] == 32


def test_digits_judges_a_short_run():
    found, steps = digits.trained(preset("dcgan-mnist"), 0.2)
    assert steps >= 1
    assert 0 <= found.confident <= 1
    assert found.samples >= 1000


def test_history_measures_whole_and_next_frames(monkeypatch, qapp):
    monkeypatch.setattr(history, "LONG", 20_000)
    monkeypatch.setattr(history, "PAIRS", 1)
    monkeypatch.setattr(history, "FRAMES", 3)
    figures = history.measure(None)
    assert [one.target for one in figures[:3]] == [1.2, 1.2, 200]
    assert all(one.value > 0 for one in figures)


def test_startup_sees_the_first_paint_and_the_first_step():
    assert 0 < startup.imports() < 60
    assert 0 < startup.window() < 60
    assert 0 < startup.first_step("dcgan-mnist") < 60


def test_a_measured_process_that_fails_is_reported():
    with pytest.raises(StudioError, match="no such module"):
        startup.last_number("raise SystemExit('no such module')")


def test_watching_measures_a_real_window(monkeypatch, qapp):
    for name, value in {
        "PAIRS": 1,
        "SLICES": 2,
        "SLICE_SECONDS": 0.3,
        "SETTLE_SECONDS": 0.1,
        "WARM_SECONDS": 0.2,
        "LONG_SECONDS": 2.0,
        "MOVES": 3,
    }.items():
        monkeypatch.setattr(watching, name, value)
    figures = {one.name.removeprefix("dcgan-mnist: "): one.value for one in watching.measure_preset("dcgan-mnist")}
    assert figures["steps/s headless"] > 0
    assert 0.1 < figures["steps/s watched over headless"] < 10
    assert figures["fresh frames/s"] > 0
    assert 0 < figures["latent slider to image on screen, p95, ms"] < 2000
