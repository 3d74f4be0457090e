"""A run on disk: nothing is lost, nothing is half written, and going on from it is going on."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.files import read
from ganstudio.runs import folder, opener
from ganstudio.runs.export import write_csv
from ganstudio.runs.keeper import RunKeeper
from ganstudio.runs.models import make_model
from ganstudio.runs.opener import Opener
from ganstudio.runs.read import read_experiment, read_run, recent
from ganstudio.runs.restore import restore
from ganstudio.runs.store import Store
from ganstudio.training.events import Event
from ganstudio.training.trainer import Trainer

OLD = Path(__file__).parent / "fixtures" / "schema-1"
OLD_SHA256 = "2d4be519952ebf423e302fea7da1fda64703281a98f9ada6c123a5b130bde0e0"
"""Of its players and G's average, as they were when it was saved."""
EVENTS = [
    Event("opened", 0, "Ready.", {"experiment": object(), "notes": []}),
    Event("edited", 2, "lr", {"path": "players.generator.optimiser.params.lr", "old": 1e-3, "new": 2e-3}),
    Event("saved", 2, "Saved.", {"path": "elsewhere"}),
]


def save(keeper: RunKeeper, trainer: Trainer, events: list = EVENTS) -> None:
    """Put a run on disk as it is now."""
    keeper.checkpoint(trainer, events, "asked", wait=True)


@pytest.fixture
def saved(tmp_path, small, trained):
    """The folder of a run of three steps."""
    save(RunKeeper(tmp_path / "run"), trained(small(), 3))
    return tmp_path / "run"


def about(run, **changes):
    """What the run says of itself, changed first."""
    store = Store.open(run, write=True)
    store.update_about(**changes)
    found = store.about()
    store.close()
    return found


@pytest.mark.parametrize(
    "edits",
    [
        (),
        (("players.*.optimiser.kind", "rmsprop"),),
        (("players.*.optimiser.kind", "sgd"),),
        (("k", 2),),
        (("players.discriminator.network.params.spectral_norm", True),),
    ],
    ids=str,
)
def test_resumed_from_disk_equals_uninterrupted(tmp_path, small, trained, edits):
    experiment = small(*edits)
    save(RunKeeper(tmp_path / "run"), trained(experiment, 3))
    again = Trainer(read_run(tmp_path / "run").experiment)
    restore(tmp_path / "run", again)
    for _ in range(3):
        again.step()
    again.flush()
    through = trained(experiment, 6)
    assert again.weights_sha256() == through.weights_sha256()
    np.testing.assert_array_equal(again.history.rows(), through.history.rows())


def test_resumed_in_the_middle_of_a_step_equals_uninterrupted(tmp_path, small, trained):
    trainer = trained(small(), 3)
    trainer.play_until("discriminator")
    save(RunKeeper(tmp_path / "run"), trainer)
    again = Trainer(small())
    restore(tmp_path / "run", again)
    assert again.next_part == "generator"
    again.step()
    again.step()
    assert again.weights_sha256() == trained(small(), 5).weights_sha256()


def test_saving_changes_nothing(tmp_path, small, trained):
    trainer, alone, keeper = trained(small(), 2), trained(small(), 4), RunKeeper(tmp_path / "run", every=0)
    keeper.checkpoint(trainer, EVENTS, "asked")
    for _ in range(2):
        trainer.step()
        trainer.flush()
        keeper.record(trainer, EVENTS)
    keeper.checkpoint(trainer, EVENTS, "stop", wait=True)
    assert trainer.weights_sha256() == alone.weights_sha256()


def test_the_files_say_what_the_run_was(saved, small):
    run = read_run(saved)
    assert run.experiment == small() == read(saved / folder.EXPERIMENT)
    assert (run.about.steps, run.about.seed, run.about.preset) == (3, small().seed, "dcgan-mnist")
    assert (run.about.device, run.about.threads) == ("cpu", 1)
    assert run.about.torch == torch.__version__
    assert run.about.ended >= run.about.started
    with Image.open(saved / folder.SAMPLES) as picture:
        assert min(picture.size) > 8 * 32
    assert {file.name for file in saved.iterdir()} == {
        "experiment.toml",
        "store.sqlite",
        "checkpoints",
        "samples.png",
        ".lock",
    }
    assert [file.name for file in (saved / "checkpoints").iterdir()] == ["0-000000003.safetensors"]


def test_events_come_back_without_what_only_a_process_knows(saved, small):
    events = restore(saved, Trainer(small()))
    assert [event.kind for event in events] == ["opened", "edited"]
    assert events[1] == EVENTS[1]
    assert "experiment" not in events[0].data


def test_a_run_that_is_opened_goes_on_in_its_folder_with_its_start(saved, small, tmp_path):
    keeper, trainer = RunKeeper(runs=tmp_path / "runs"), Trainer(small())
    before = read_run(saved).about
    events = keeper.open(saved, trainer).events
    trainer.step()
    trainer.flush()
    save(keeper, trainer, events)
    keeper.close()
    after = read_run(saved).about
    assert after == replace(before, steps=4, ended=after.ended)
    assert not (tmp_path / "runs").exists()


def test_a_run_that_is_only_looked_at_stays_as_it_was(saved, small, tmp_path):
    files = {path: path.read_bytes() for path in saved.rglob("*") if path.is_file()}
    keeper, trainer = RunKeeper(runs=tmp_path / "runs"), Trainer(small())
    events = [*keeper.open(saved, trainer).events, Event("opened")]
    keeper.record(trainer, events)
    for reason in ("pause", "stop", "end"):
        keeper.checkpoint(trainer, events, reason, wait=True)
    keeper.close()
    assert {path: path.read_bytes() for path in saved.rglob("*") if path.is_file()} == files


def test_an_experiment_that_is_only_looked_at_leaves_nothing(tmp_path, small):
    keeper, trainer = RunKeeper(runs=tmp_path / "runs"), Trainer(small())
    for reason in ("start", "pause", "stop", "end"):
        keeper.checkpoint(trainer, EVENTS[:1], reason, wait=True)
    keeper.record(trainer, EVENTS[:1])
    keeper.close()
    assert not (tmp_path / "runs").exists()


def test_a_run_can_be_gone_on_with_from_its_very_beginning(tmp_path, small, trained):
    keeper, trainer = RunKeeper(tmp_path / "run"), Trainer(small())
    keeper.checkpoint(trainer, EVENTS[:1], "start")
    first = trainer.weights_sha256()
    for _ in range(3):
        trainer.step()
    trainer.flush()
    keeper.checkpoint(trainer, EVENTS[:1], "end", wait=True)
    opened = keeper.rewind(trainer, 0, 0)
    assert (trainer.steps, len(trainer.history), trainer.weights_sha256()) == (0, 0, first)
    assert [one.kind for one in opened.events] == ["opened"]
    for _ in range(3):
        trainer.step()
    assert trainer.weights_sha256() == trained(small(), 3).weights_sha256()


def test_a_run_says_with_how_many_threads_it_goes_on(saved, small, monkeypatch):
    def threads(**changes) -> int:
        about(saved, **changes)
        return Opener().open(saved, Trainer(small())).threads

    monkeypatch.setattr(opener, "cores", lambda: 8)
    assert threads(threads=8) == 8
    assert threads(threads=9) == 0
    assert threads(threads=8, device="cuda:0") == 0
    with pytest.raises(StudioError, match=folder.STORE):
        threads(threads=0)


def test_a_run_keeps_its_folder_while_another_is_tried(saved, small, trained, tmp_path):
    saver, mine = RunKeeper(tmp_path / "mine", tmp_path / "runs"), trained(small(), 1)
    save(saver, mine)
    saver.open(saved, Trainer(small()))
    mine.step()
    mine.flush()
    save(saver, mine)
    assert read_run(tmp_path / "mine").about.steps == 2
    assert read_run(saved).about.steps == 3
    assert not (tmp_path / "runs").exists()


def test_each_run_has_a_folder_of_its_own(tmp_path, small, trained):
    keeper = RunKeeper(tmp_path / "chosen", tmp_path / "runs")
    for _ in range(3):
        save(keeper, trained(small(), 1))
    assert read_run(tmp_path / "chosen").about.steps == 1
    names = sorted(path.name for path in (tmp_path / "runs").iterdir())
    assert names == [folder.dated("DCGAN · MNIST"), folder.dated("DCGAN · MNIST") + "-2"]
    assert {path.name for path in recent(tmp_path / "runs")} == set(names)


def test_an_earlier_run_is_moved_aside(saved, small, trained):
    (saved / "notes.txt").write_text("mine")
    keeper = RunKeeper(saved)
    save(keeper, trained(small(), 1))
    moved = saved.with_name("run-2")
    assert read_run(moved).about.steps == 3
    assert read_run(saved).about.steps == 1
    assert (saved / "notes.txt").read_text() == "mine"
    assert [event.kind for event in keeper.news()] == ["warned", "saved"]


@pytest.mark.parametrize("bad", ["file", "file/below"])
def test_a_folder_that_cannot_be_written(tmp_path, bad):
    (tmp_path / "file").write_text("")
    with pytest.raises(StudioError, match="file"):
        folder.check_writable(tmp_path / bad)


def test_replacing_a_file_fails_without_a_trace(tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"old")
    monkeypatch.setattr(folder.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        folder.replace(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_without_a_run_says_so(tmp_path):
    with pytest.raises(StudioError, match="holds no run"):
        read_run(tmp_path)
    with pytest.raises(StudioError, match="no such folder"):
        read_run(tmp_path / "nowhere")


# the first layout


def first_layout(tmp_path):
    """A run as version 1 of the layout had it, twelve steps of a tiny ring of eight Gaussians."""
    return shutil.copytree(OLD, tmp_path / "old")


def test_a_run_of_the_first_layout_opens_as_it_was(tmp_path):
    run = read_run(first_layout(tmp_path))
    trainer = Trainer(run.experiment)
    events = restore(run.folder, trainer)
    assert trainer.weights_sha256() == OLD_SHA256
    assert (run.about.steps, trainer.steps, len(trainer.history)) == (12, 12, 12)
    assert np.isfinite(trainer.history.column("loss.generator")).all()
    assert [event.step for event in events if event.kind == "edited"] == [5, 5]


def test_a_run_of_the_first_layout_is_brought_up_to_date_when_it_goes_on(tmp_path):
    path = first_layout(tmp_path)
    trainer, keeper = Trainer(read_run(path).experiment), RunKeeper(runs=tmp_path / "runs")
    opened = keeper.open(path, trainer)
    keeper.checkpoint(trainer, opened.events, "end", wait=True)
    assert (path / folder.RECORD).exists()  # looked at, nothing more
    before = trainer.history.rows()
    trainer.step()
    trainer.flush()
    keeper.checkpoint(trainer, opened.events, "stop", wait=True)
    keeper.close()
    assert sorted(file.name for file in path.iterdir()) == [
        ".lock",
        "checkpoints",
        "experiment.toml",
        "samples.png",
        "store.sqlite",
    ]
    again = Trainer(read_run(path).experiment)
    events = restore(path, again)
    assert again.weights_sha256() == trainer.weights_sha256()
    np.testing.assert_array_equal(again.history.rows()[:12], before)
    assert [event.kind for event in events if event.kind == "edited"] == ["edited", "edited"]
    back = Trainer(read_run(path).experiment)
    keeper = RunKeeper(runs=tmp_path / "runs")
    keeper.open(path, back)
    keeper.rewind(back, 0, 12)
    assert back.weights_sha256() == OLD_SHA256


def test_a_damaged_run_of_the_first_layout_is_named(tmp_path):
    for name in (folder.WEIGHTS, folder.METRICS, folder.RECORD):
        path = first_layout(tmp_path / name)
        (path / name).write_bytes((path / name).read_bytes()[:-40])
        trainer = Trainer(read(path / folder.EXPERIMENT))
        with pytest.raises(StudioError, match=name):
            restore(path, trainer)


# shipped models


def test_a_model_is_small_and_close(saved, small, trained, tmp_path):
    path = tmp_path / "model.safetensors"
    make_model(saved, path)
    checkpoint = next((saved / folder.CHECKPOINTS).iterdir())
    assert path.stat().st_size < checkpoint.stat().st_size / 4
    assert read_experiment(path) == small()
    trainer = Trainer(small())
    RunKeeper(runs=tmp_path).open(path, trainer)
    source = trained(small(), 3)
    for mine, theirs in (
        (trainer.average.network, source.average.network),
        (trainer.players["generator"].network, source.average.network),
    ):
        for a, b in zip(mine.state_dict().values(), theirs.state_dict().values(), strict=True):
            torch.testing.assert_close(a, b, rtol=2e-3, atol=1e-5)
    assert trainer.steps == 0
    trainer.step()
    assert trainer.flush()


def test_a_model_of_another_experiment_is_refused(saved, small, tmp_path):
    path = tmp_path / "model.safetensors"
    make_model(saved, path)
    with pytest.raises(StudioError, match=r"model\.safetensors"):
        RunKeeper(runs=tmp_path).open(path, Trainer(small(("players.*.network.params.width", 6))))


def test_csv_has_a_row_a_step(saved, trained, small, tmp_path):
    trainer = trained(small(), 3)
    write_csv(trainer.history, tmp_path / "metrics.csv")
    lines = (tmp_path / "metrics.csv").read_text().splitlines()
    assert lines[0] == "step," + ",".join(trainer.history.names)
    assert [line.split(",")[0] for line in lines[1:]] == ["1", "2", "3"]
    loss = trainer.history.column("loss.generator")[1]
    assert float(lines[2].split(",")[1 + trainer.history.names.index("loss.generator")]) == pytest.approx(loss)
    with pytest.raises(StudioError, match="nowhere"):
        write_csv(trainer.history, tmp_path / "nowhere" / "metrics.csv")
