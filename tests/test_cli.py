"""The command line: what it prints, where, and with which exit code."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import tomli_w
import torch

import ganstudio
from ganstudio import cli
from ganstudio.cli import train
from ganstudio.experiment import files
from ganstudio.runs import folder, headless
from ganstudio.runs.heads import files_of
from ganstudio.runs.read import read_run
from ganstudio.training import worker
from ganstudio.training.trainer import Trainer
from ganstudio.ui import screenshot

QUICK = ["--set", "data=pixel-faces", "--set", "batch_size=8", "--set", "players.*.network.width=4", "--threads", "1"]


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    """(exit code, standard output, standard error) of a command."""
    try:
        code = cli.main([str(one) for one in arguments])
    except SystemExit as end:  # --help and --version
        code = end.code
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def trained(capsys, *arguments: object) -> dict:
    """The JSON object of a quick ``train``."""
    code, out, err = run(capsys, "train", "dcgan-mnist", *QUICK, "--json", *arguments)
    assert code == 0, err
    assert out.count("\n") == 1
    return json.loads(out)


# train


@pytest.mark.usefixtures("one_thread")
def test_train_leaves_a_whole_run_and_one_json_object(capsys, tmp_path):
    report = trained(capsys, "--steps", 4, "--seed", 7, "--out", tmp_path / "run")
    assert set(report) == {"steps", "seconds", "steps_per_s", "losses", "frames", "weights_sha256", "out"}
    assert report["steps"] == 4
    assert report["seconds"] > 0
    assert set(report["losses"]) == {"discriminator", "generator"}
    assert report["frames"] == {}
    assert report["out"] == str(tmp_path / "run")
    files_there = {file.name for file in (tmp_path / "run").iterdir()}
    assert files_there == {folder.EXPERIMENT, folder.STORE, folder.CHECKPOINTS, folder.SAMPLES, folder.LOCK}
    assert [path.stem for path in files_of(tmp_path / "run")] == ["0-000000000", "0-000000004"]
    found = read_run(tmp_path / "run")
    assert (found.about.steps, found.about.seed, found.about.threads) == (4, 7, 1)
    again = Trainer(found.experiment, worker.device("auto"))
    for _ in range(4):
        again.step()
    assert again.weights_sha256() == report["weights_sha256"]


def test_a_run_trains_again_from_its_toml(capsys, tmp_path):
    first = trained(capsys, "--steps", 3, "--out", tmp_path / "one")
    code, out, _ = run(
        capsys, "train", tmp_path / "one" / folder.EXPERIMENT, "--threads", 1, "--json", "--out", tmp_path / "two"
    )
    assert code == 0
    assert json.loads(out)["weights_sha256"] == first["weights_sha256"]


def test_people_are_told_where_the_run_and_its_samples_lie(capsys, tmp_path):
    code, out, err = run(capsys, "train", "dcgan-mnist", *QUICK, "--steps", 2, "--edit", "1:lr=0.01", "--out", tmp_path)
    assert code == 0
    assert "2 steps" in out
    assert str(tmp_path / folder.SAMPLES) in out
    assert "in force from step 2" in err
    assert "/2" in err
    assert "nan" not in err, "what is not known yet is not told"


def test_without_a_folder_the_run_goes_where_the_windows_runs_lie(capsys):
    report = trained(capsys, "--steps", 1)
    assert Path(report["out"]).parent == folder.runs_folder()
    assert Path(report["out"]).name.endswith("-dcgan-mnist")


def test_seconds_end_a_run(capsys, tmp_path):
    report = trained(capsys, "--seconds", 0.3, "--out", tmp_path)
    assert 0.3 <= report["seconds"] < 3
    assert report["steps"] > 0


def test_whichever_end_comes_first(capsys, tmp_path):
    assert trained(capsys, "--seconds", 500, "--steps", 2, "--out", tmp_path)["steps"] == 2


def test_a_minute_where_nothing_sets_an_end(capsys, monkeypatch):
    plans = []
    monkeypatch.setattr(headless, "train", lambda plan, _: plans.append(plan) or headless.Outcome())
    run(capsys, "train", "dcgan-mnist")
    run(capsys, "train", "dcgan-mnist", "--steps", 5)
    assert [(plan.seconds, plan.experiment.steps) for plan in plans] == [(60, 0), (0, 5)]


def test_own_data_by_path_alone(capsys, tmp_path, monkeypatch):
    images = np.random.default_rng(0).integers(0, 255, (40, 16, 16), np.uint8)
    np.savez(tmp_path / "mine.npz", images=images)
    monkeypatch.chdir(tmp_path)
    report = trained(capsys, "--set", "data.path=mine.npz", "--steps", 1, "--out", "run")
    data = read_run(tmp_path / report["out"]).experiment.data
    assert (data.kind, data.params["path"]) == ("array", str(tmp_path / "mine.npz"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_polite_end_stops_and_saves(capsys, tmp_path, monkeypatch, number):
    out = tmp_path / "run"
    before = signal.getsignal(signal.SIGTERM)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # shells have what runs behind them ignore it

    class Impatient(train.Progress):
        sent = False

        def looked(self, session, seconds):
            if session.status.step > 2 and not self.sent:
                self.sent = True
                os.kill(os.getpid(), number)

    monkeypatch.setattr(train, "Progress", Impatient)
    code, text, _ = run(capsys, "train", "dcgan-mnist", *QUICK, "--seconds", 100, "--json", "--out", out)
    assert code == 130
    report = json.loads(text)
    assert read_run(out).about.steps == report["steps"] > 0
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_run_that_fails_says_so_and_keeps_its_last_good_state(capsys, tmp_path, monkeypatch):
    step = Trainer.step

    def scarce(self: Trainer) -> None:
        if self.steps == 2:
            raise torch.OutOfMemoryError("CUDA out of memory")
        step(self)

    monkeypatch.setattr(Trainer, "step", scarce)
    code, out, err = run(capsys, "train", "dcgan-mnist", *QUICK, "--steps", 9, "--out", tmp_path)
    assert code == 1
    assert out == ""
    assert "memory" in err.splitlines()[-1]
    assert "Traceback" not in err


# bad input: one sentence, exit code 2


def broken_preset(tmp_path: Path, **changes: object) -> Path:
    """A preset's file with other values at its top."""
    values = files.preset("dcgan-mnist").model_dump() | changes
    (tmp_path / "mine.toml").write_text(tomli_w.dumps(values))
    return tmp_path / "mine.toml"


@pytest.fixture
def own(tmp_path):
    """A folder with bad data of every sort."""
    images = np.zeros((40, 18, 18), np.uint8)
    np.savez(tmp_path / "odd.npz", images=images)
    np.savez(tmp_path / "objects.npz", images=np.array([{}] * 3, dtype=object))
    good = (tmp_path / "odd.npz").read_bytes()
    (tmp_path / "cut.npz").write_bytes(good[: len(good) // 2])
    (tmp_path / "noise.npz").write_bytes(b"not a zip file")
    (tmp_path / "nothing.npz").write_bytes(b"")
    (tmp_path / "empty").mkdir()
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("no image")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "a.png").write_bytes(b"\x89PNG broken")
    (tmp_path / "cut.toml").write_text("title = ")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "file").write_text("")
    return tmp_path


MNIST = "dcgan-mnist"
BAD = {
    "unknown preset": (["dcgan-mnits"], "dcgan-mnits"),
    "missing file": (["{own}/nowhere.toml"], "nowhere.toml"),
    "malformed TOML": (["{own}/cut.toml"], "cut.toml"),
    "TOML of bytes": (["{own}/bytes.toml"], "bytes.toml"),
    "folder as TOML": (["{own}/empty/"], "empty"),
    "unknown field": ([MNIST, "--set", "leraning_rate=1"], "leraning_rate"),
    "unknown field inside": ([MNIST, "--set", "players.generator.network.wdith=1"], "wdith"),
    "unknown component": ([MNIST, "--set", "objective=hing"], "hing"),
    "wrong type": ([MNIST, "--set", "batch_size=many"], "batch_size"),
    "not finite": ([MNIST, "--set", "lr=nan"], "lr"),
    "learning rate 0": ([MNIST, "--set", "lr=0"], "lr"),
    "learning rate below 0": ([MNIST, "--set", "players.generator.optimiser.lr=-0.1"], "lr"),
    "batch larger than the data": ([MNIST, "--set", "data=pixel-faces", "--set", "batch_size=60000"], "batch_size"),
    "gradient penalty with batch norm": ([MNIST, "--set", "gradient_penalty=10"], "gradient-penalty"),
    "missing data": ([MNIST, "--set", "data.path={own}/no-such-folder"], "no-such-folder"),
    "empty folder": ([MNIST, "--set", "data.path={own}/empty"], "empty"),
    "folder without images": ([MNIST, "--set", "data.path={own}/texts"], "texts"),
    "folder of broken images": ([MNIST, "--set", "data.path={own}/broken"], "broken"),
    "corrupt npz": ([MNIST, "--set", "data.path={own}/cut.npz"], "cut.npz"),
    "no npz at all": ([MNIST, "--set", "data.path={own}/noise.npz"], "noise.npz"),
    "empty npz": ([MNIST, "--set", "data.path={own}/nothing.npz"], "nothing.npz"),
    "pickled npz": ([MNIST, "--set", "data.path={own}/objects.npz"], "objects.npz"),
    "a size that DCGAN has not": ([MNIST, "--set", "data.path={own}/odd.npz", "--set", "batch_size=8"], "size"),
    "unknown device": ([MNIST, "--device", "abacus"], "abacus"),
    "set without =": ([MNIST, "--set", "lr"], "--set"),
    "edit without step": ([MNIST, "--edit", "lr=1"], "--edit"),
    "edit without =": ([MNIST, "--edit", "5:lr"], "--edit"),
    "edit of an unknown field": ([MNIST, "--edit", "5:leraning_rate=1"], "leraning_rate"),
    "edit out of range": ([MNIST, "--edit", "5:lr=-1"], "lr"),
    "edit that needs a restart": ([MNIST, "--edit", "5:players.generator.network.width=8"], "width"),
    "edit after the end": ([MNIST, "--steps", "3", "--edit", "3:lr=0.1"], "never acts"),
    "edit that the data refuse": (
        [MNIST, "--set", "data=pixel-faces", "--steps", "9", "--edit", "2:batch_size=60000"],
        "batch_size",
    ),
    "out below a file": ([MNIST, "--out", "{own}/file/run"], "file/run"),
    "out is a file": ([MNIST, "--out", "{own}/file"], "file"),
    "no steps": ([MNIST, "--steps", "0"], "--steps"),
    "steps in words": ([MNIST, "--steps", "ten"], "--steps"),
    "no seconds": ([MNIST, "--seconds", "-1"], "--seconds"),
    "no threads": ([MNIST, "--threads", "0"], "--threads"),
    "seed below 0": ([MNIST, "--seed", "-3"], "--seed"),
    "unknown option": ([MNIST, "--sedd", "3"], "--sedd"),
    "no experiment": ([], "--scene"),
}


@pytest.mark.parametrize(("arguments", "named"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_sentence(capsys, own, arguments, named):
    typed = [one.format(own=own) for one in arguments]
    typed += [] if "--steps" in typed or "--seconds" in typed else ["--steps", "1"]
    typed += [] if "--threads" in typed else ["--threads", "1"]
    code, out, err = run(capsys, "train", *typed, "--json")
    assert code == 2, err
    assert out == ""
    sentence = err.splitlines()[-1]
    assert sentence.startswith("ganstudio: ")
    assert named in sentence
    assert "Traceback" not in err
    # What is found before training is all that is said; a refusal during it stands below the progress bar.
    assert err.count("\n") == 1 or "9" in typed


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"batch_size": "many"}, "batch_size"),
        ({"seed": -1}, "seed"),
        ({"data": "mnist"}, "data"),
        ({"players": {}}, "players"),
        ({"colour": "red"}, "colour"),
        ({"noise": {"kind": "normal", "params": {"dim": 0}}}, "noise.dim"),
        ({"regularisers": {"r2": {"gamma": 1.0}}}, "r2"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_wrong_experiment_file_names_the_field(capsys, tmp_path, changes, named):
    code, out, err = run(capsys, "train", broken_preset(tmp_path, **changes), "--steps", 1)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert named in err


@pytest.mark.skipif(torch.cuda.is_available(), reason="CUDA is present")
def test_absent_cuda_is_said(capsys):
    code, _, err = run(capsys, "train", MNIST, "--device", "cuda", "--steps", 1)
    assert code == 2
    assert "no CUDA device" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["fly"],
        ["bench"],
        ["screenshot", MNIST],
        ["screenshot", "nothing", "--steps", "1", "--out", "x.png"],
        ["screenshot", MNIST, "--steps", "1", "--out", "x.png", "--size", "big"],
        ["screenshot", MNIST, "--steps", "1", "--out", "x.png", "--perspective", "sideways"],
        ["screenshot", MNIST, "--steps", "1", "--out", "x.png", "--theme", "pink"],
    ],
    ids=lambda arguments: " ".join(arguments)[-30:],
)
def test_other_commands_refuse_in_one_sentence(capsys, arguments):
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("ganstudio: ")


@pytest.mark.parametrize("out", ["nowhere/x.png", "."])
def test_a_picture_that_cannot_be_written_is_said_before_training(capsys, tmp_path, monkeypatch, out):
    monkeypatch.setattr(screenshot, "make_window", lambda *_, **__: pytest.fail("a window was opened"))
    code, _, err = run(capsys, "screenshot", MNIST, "--steps", 100_000, "--out", tmp_path / out)
    assert (code, err) == (2, f"ganstudio: {tmp_path / out}: the picture cannot be written\n")


# the other commands


def test_presets_are_listed(capsys):
    code, out, _ = run(capsys, "presets")
    assert code == 0
    assert out.startswith(f"{files.DEFAULT_PRESET}: ")
    code, out, _ = run(capsys, "presets", "--json")
    listed = json.loads(out)
    assert [one["name"] for one in listed] == list(files.presets())
    assert listed[0]["title"] == files.preset(files.DEFAULT_PRESET).title


@pytest.mark.parametrize(
    "command", [[], ["train"], ["resume"], ["runs"], ["export"], ["presets"], ["screenshot"], ["bench"]], ids=str
)
def test_help_is_short(capsys, command):
    code, out, _ = run(capsys, *command, "--help")
    assert code == 0
    assert 5 < out.count("\n") < 45


def test_the_version_is_printed(capsys):
    assert run(capsys, "--version")[1] == f"GAN Studio {ganstudio.__version__}\n"


def test_the_program_as_it_is_installed(tmp_path):
    """One run of the real thing, in a process of its own."""
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "ganstudio", "train", MNIST, *QUICK, "--steps", "2", "--json", "--out", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(ganstudio.__file__).parent.parent,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["steps"] == 2
    assert time.monotonic() - start < 100


def test_the_way_into_the_window_needs_no_torch():
    """PyTorch takes seconds to import: the window paints before."""
    rooms = "cli", "runs.compose", "runs.read", "runs.catalogue", "runs.archive", "runs.housekeeping", "runs.export"
    modules = ", ".join(f"ganstudio.{room}" for room in rooms)
    code = f"import sys, {modules}; sys.exit('torch' in sys.modules)"
    root = Path(ganstudio.__file__).parent.parent
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=root, timeout=60).returncode == 0
