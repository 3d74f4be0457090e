"""Runs on the command line: gone on with as if never interrupted, listed, and exported."""

import csv
import io
import json
import shutil
import sys
import tomllib
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from PIL import Image
from safetensors import safe_open

from ganstudio import cli
from ganstudio.runs import headless
from ganstudio.runs.folder import runs_folder
from ganstudio.runs.housekeeping import to_trash
from ganstudio.runs.read import read_run

OLD = Path(__file__).parent / "runs" / "fixtures" / "schema-1"
TINY = ("--set", "batch_size=8", "--set", "players.*.network.hidden=[8]", "--threads", "1")


@pytest.fixture
def run(capsys):
    """(exit code, standard output, standard error) of a command."""

    def run(*arguments: object) -> tuple[int, str, str]:
        code = cli.main([str(one) for one in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def report(run):
    """The JSON object of a command that trains."""

    def report(*arguments: object) -> dict:
        code, out, err = run(*arguments, "--json")
        assert code == 0, err
        assert out.count("\n") == 1
        return json.loads(out)

    return report


@pytest.fixture
def trained(report, tmp_path):
    """Train a toy; answers the report."""

    def trained(steps: int, name: str = "run", *arguments: object) -> dict:
        return report("train", "ring-8", *TINY, "--steps", steps, "--out", tmp_path / name, *arguments)

    return trained


@pytest.fixture(scope="module")
def once(tmp_path_factory) -> tuple[Path, str]:
    """The folder of a run of six steps, not to be changed, and the fingerprint of the same one after ten."""
    folder, said = tmp_path_factory.mktemp("once"), io.StringIO()
    for steps in (6, 10):
        command = ["train", "ring-8", *TINY, "--steps", str(steps), "--out", str(folder / str(steps)), "--json"]
        with redirect_stdout(said):
            assert cli.main(command) == 0
    return folder / "6", json.loads(said.getvalue().splitlines()[1])["weights_sha256"]


@pytest.fixture
def toy(once, tmp_path) -> Path:
    """A run of six steps."""
    return shutil.copytree(once[0], tmp_path / "run")


@pytest.fixture
def after_ten(once) -> str:
    """The fingerprint of its weights after ten steps without an interruption."""
    return once[1]


# resume


def test_resumed_equals_uninterrupted(trained, report, tmp_path):
    whole = trained(40, "whole")
    half = trained(20, "half")
    resumed = report("resume", tmp_path / "half", "--steps", 20)
    assert half["weights_sha256"] != whole["weights_sha256"]
    assert resumed["weights_sha256"] == whole["weights_sha256"]
    assert (resumed["steps"], resumed["out"], set(resumed)) == (40, str(tmp_path / "half"), set(whole))
    assert resumed["losses"] == whole["losses"]


def test_edits_act_at_their_steps_after_a_resume_too(toy, trained, report):
    edit = "--edit", "8:objective=saturating"
    whole = trained(10, "whole", *edit)
    resumed = report("resume", toy, "--steps", 4, "--watch", *edit)
    assert resumed["weights_sha256"] == whole["weights_sha256"]
    assert resumed["frames"]["samples"] > 0
    assert read_run(toy).experiment.objective.kind == "saturating"


def test_a_copy_goes_on_and_the_run_stays(toy, after_ten, report, tmp_path):
    copy = report("resume", toy, "--steps", 4, "--out", tmp_path / "copy")
    assert (copy["out"], copy["weights_sha256"]) == (str(tmp_path / "copy"), after_ten)
    assert (read_run(toy).step, read_run(tmp_path / "copy").step) == (6, 10)


def test_a_run_by_name_and_in_a_zip_file(toy, after_ten, run, report, tmp_path):
    shutil.move(toy, runs_folder() / "ring")
    assert run("export", "ring", "--what", "zip", "--out", tmp_path / "mine.zip")[0] == 0
    assert report("resume", "ring", "--steps", 4)["weights_sha256"] == after_ten
    unpacked = report("resume", tmp_path / "mine.zip", "--steps", 4)
    assert (unpacked["out"], unpacked["weights_sha256"]) == (str(runs_folder() / "mine"), after_ten)


def test_a_run_of_the_first_layout_goes_on(report, tmp_path):
    shutil.copytree(OLD, tmp_path / "old")
    step = read_run(tmp_path / "old").step
    resumed = report("resume", tmp_path / "old", "--steps", 2)
    assert (resumed["steps"], resumed["out"]) == (step + 2, str(tmp_path / "old"))
    assert read_run(tmp_path / "old").step == step + 2


def test_what_cannot_be_trained_since_its_data_are_gone_is_not_resumed(trained, run, report, tmp_path):
    points, rows = tmp_path / "mine.csv", "".join(f"{x},{x * x}\n" for x in range(20))
    points.write_text(rows)
    trained(2, "run", "--set", "data=points-csv", "--set", f"data.path={points}")
    points.unlink()
    code, out, err = run("resume", tmp_path / "run", "--steps", 2, "--json")
    assert (code, out) == (2, "")
    assert err.startswith(f"ganstudio: {points}: there is no such file")
    points.write_text(rows)
    assert report("resume", tmp_path / "run", "--steps", 2)["steps"] == 4


def test_where_a_resumed_run_ends(toy, run, monkeypatch):
    plans = []
    monkeypatch.setattr(headless, "train", lambda plan, _: plans.append(plan) or headless.Outcome())
    for arguments in ((), ("--seconds", 2), ("--steps", 7)):
        run("resume", toy, *arguments)
    assert [(plan.end, plan.seconds) for plan in plans] == [(0, 60), (0, 2), (13, 0)]


def test_so_many_more_steps_leave_the_runs_own_end_alone(toy, after_ten, report):
    """Its end, step 6, is put off only where the run is to go beyond it."""
    first = report("resume", toy, "--steps", 4, "--edit", "7:steps=40")
    assert (first["steps"], first["weights_sha256"]) == (10, after_ten)
    assert report("resume", toy, "--steps", 3)["steps"] == 13
    run = read_run(toy)
    assert (run.step, run.experiment.steps) == (13, 40)
    edits = [(one.step, one.data["new"]) for one in run.events if one.kind == "edited"]
    assert edits == [(6, 10), (7, 40)]


def test_event_files_are_written_beside_the_store(toy, after_ten, report):
    reader = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    resumed = report("resume", toy, "--steps", 4, "--edit", "7:checkpoints.tensorboard=true")
    curves = reader.EventAccumulator(str(toy / "tensorboard" / "0"))
    curves.Reload()
    losses = curves.Scalars("loss/generator")
    assert [one.step for one in losses][-3:] == [8, 9, 10]  # those before, as far as they were not written yet
    assert losses[-1].value == pytest.approx(resumed["losses"]["generator"])
    assert resumed["weights_sha256"] == after_ten


def test_without_the_package_for_event_files_the_run_is_saved(run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    code, out, err = run(
        "train", "ring-8", *TINY, "--steps", 3, "--set", "checkpoints.tensorboard=true", "--out", tmp_path / "run"
    )
    assert code == 0
    assert err.count("pip install 'ganstudio[tensorboard]'") == 1
    assert str(tmp_path / "run") in out
    assert read_run(tmp_path / "run").step == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere",), "no run called 'nowhere'"),
        (("{own}/empty",), "holds no run"),
        (("{own}/bad.zip",), "bad.zip: is damaged"),
        (("{own}/run", "--edit", "2:lr=0.1"), "lr: an edit must come after step 6"),
        (("{own}/run", "--edit", "9:lr=0.1", "--steps", "3"), "never acts"),
        (("{own}/run", "--edit", "7:seed=3"), "restart"),
        (("{own}/run", "--out", "{own}/run"), "is there already"),
        (("{own}/run", "--device", "abacus"), "abacus"),
        (("{own}/run", "--steps", "0"), "--steps"),
        ((), "RUN"),
    ],
    ids=str,
)
@pytest.mark.usefixtures("toy")
def test_resume_refuses_in_one_sentence(run, tmp_path, arguments, said):
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.zip").write_bytes(b"PK no more")
    code, out, err = run("resume", *(one.format(own=tmp_path) for one in arguments))
    assert (code, out, err.count("\n")) == (cli.BAD_INPUT, "", 1), err
    assert err.startswith("ganstudio: ")
    assert said in err


# runs


def test_the_runs_are_listed(toy, run, report):
    assert "There are no runs in" in run("runs")[1]
    shutil.copytree(toy, runs_folder() / "ring")
    second = report("train", "moons", *TINY, "--steps", 3)
    listed = json.loads(run("runs", "--json")[1])
    assert [one["folder"] for one in listed] == [second["out"], str(runs_folder() / "ring")]
    assert [(one["steps"], one["preset"], one["damaged"]) for one in listed] == [(3, "moons", ""), (6, "ring-8", "")]
    assert listed[0]["numbers"]["loss.generator"] == pytest.approx(second["losses"]["generator"], rel=0.5)
    found = json.loads(run("runs", "--json", "--search", "RING")[1])
    assert [one["name"] for one in found] == ["ring"]
    text = run("runs")[1]
    assert "ring: Ring of 8\n" in text
    assert "6 steps" in text
    assert "with 'nothing'" in run("runs", "--search", "nothing")[1]


# export


def test_the_trash_is_emptied_only_when_told(toy, run):
    trashed = to_trash(Path(shutil.copytree(toy, runs_folder() / "ring")))
    code, out, _ = run("runs")
    assert (code, out) == (0, f"There are no runs in {runs_folder()}.\n")
    assert trashed.is_dir()
    assert run("runs", "--empty-trash")[0] == 0
    assert not trashed.parent.exists()
    assert run("runs", "--empty-trash")[0] == 0  # nothing there: nothing happens


def test_exports_hold_what_the_run_holds(run, toy, tmp_path):
    for what, name in (
        ("metrics", "m.csv"),
        ("samples", "s.png"),
        ("weights", "w.safetensors"),
        ("experiment", "e.toml"),
    ):
        code, out, err = run("export", toy, "--what", what, "--out", tmp_path / name)
        assert (code, out, err) == (0, f"Written to {tmp_path / name}.\n", "")
    with open(tmp_path / "m.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["step"] for row in rows] == list("123456")
    with Image.open(tmp_path / "s.png") as picture:
        assert picture.format == "PNG"
    with safe_open(tmp_path / "w.safetensors", framework="numpy") as file:
        heads = {name.split(".")[0] for name in file.keys()}  # noqa: SIM118
    assert heads == {"generator", "discriminator", "generator_ema"}
    assert tomllib.loads((tmp_path / "e.toml").read_text())["steps"] == 6


def test_the_format_follows_the_name_or_the_option(run, toy, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    assert run("export", toy, "--what", "metrics", "--out", tmp_path / "a.parquet")[0] == 0
    assert run("export", toy, "--what", "metrics", "--format", "parquet", "--out", tmp_path / "b")[0] == 0
    assert run("export", toy, "--what", "metrics", "--format", "csv", "--out", tmp_path / "c.parquet")[0] == 0
    assert parquet.read_table(tmp_path / "a.parquet") == parquet.read_table(tmp_path / "b")
    assert (tmp_path / "c.parquet").read_bytes().startswith(b"step,")


def test_a_file_is_replaced_only_when_told(run, toy, tmp_path):
    (tmp_path / "mine.csv").write_text("mine")
    command = ("export", toy, "--what", "metrics", "--out", tmp_path / "mine.csv")
    code, out, err = run(*command)
    assert (code, out) == (cli.BAD_INPUT, "")
    assert "mine.csv: is there already" in err
    assert "--force" in err
    assert (tmp_path / "mine.csv").read_text() == "mine"
    assert run(*command, "--force")[0] == 0
    assert (tmp_path / "mine.csv").read_text().startswith("step")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--what", "metrics"), "--out"),
        (("--what", "poem", "--out", "{own}/x"), "poem"),
        (("--what", "samples", "--format", "csv", "--out", "{own}/x"), "--format: only metrics"),
        (("--what", "metrics", "--out", "{own}"), "is a folder"),
        (("--what", "metrics", "--out", "{own}/no/such/x"), "cannot be written"),
    ],
    ids=str,
)
def test_export_refuses_in_one_sentence(run, tmp_path, arguments, said):
    shutil.copytree(OLD, tmp_path / "old")
    code, out, err = run("export", tmp_path / "old", *(one.format(own=tmp_path) for one in arguments))
    assert (code, out, err.count("\n")) == (cli.BAD_INPUT, "", 1), err
    assert said in err
