"""A run on disk: nothing is lost, nothing is half written, and going on from it is going on."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.files import read
from ganstudio.runs import folder, keeper, tensors
from ganstudio.runs.export import write_csv
from ganstudio.runs.keeper import Opener, RunKeeper
from ganstudio.runs.models import make_model
from ganstudio.runs.read import read_experiment, read_run, recent
from ganstudio.runs.restore import restore
from ganstudio.training.events import Event
from ganstudio.training.trainer import Trainer

EVENTS = [
    Event("opened", 0, "Ready.", {"experiment": object(), "notes": []}),
    Event("edited", 2, "lr", {"path": "players.generator.optimiser.params.lr", "old": 1e-3, "new": 2e-3}),
    Event("saved", 2, "Saved.", {"path": "elsewhere"}),
]


@pytest.fixture
def saved(tmp_path, small, trained):
    """The folder of a run of three steps."""
    RunKeeper(tmp_path / "run").save(trained(small(), 3), EVENTS, wait=True)
    return tmp_path / "run"


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
    RunKeeper(tmp_path / "run").save(trained(experiment, 3), [], wait=True)
    again = Trainer(read_run(tmp_path / "run").experiment)
    restore(tmp_path / "run", again)
    for _ in range(3):
        again.step()
    again.flush()
    through = trained(experiment, 6)
    assert again.weights_sha256() == through.weights_sha256()
    np.testing.assert_array_equal(again.history.rows(), through.history.rows())


def test_saving_changes_nothing(tmp_path, small, trained):
    trainer, alone = trained(small(), 2), trained(small(), 4)
    RunKeeper(tmp_path / "run").save(trainer, [], wait=False)
    for _ in range(2):
        trainer.step()
    keeper = RunKeeper(tmp_path / "other")
    keeper.save(trainer, [], wait=True)
    assert trainer.weights_sha256() == alone.weights_sha256()


def test_the_files_say_what_the_run_was(saved, small):
    run = read_run(saved)
    assert run.experiment == small() == read(saved / folder.EXPERIMENT)
    assert run.record.steps == 3
    assert run.record.seed == small().seed
    assert (run.record.device, run.record.threads) == ("cpu", 1)
    assert run.record.torch == torch.__version__
    assert run.record.ended >= run.record.started
    assert np.load(saved / folder.METRICS).shape == (3, len(run.record.metrics))
    with Image.open(saved / folder.SAMPLES) as picture:
        assert min(picture.size) > 8 * 32
    assert sorted(file.name for file in saved.iterdir()) == sorted(folder.FILES)


def test_events_come_back_without_what_only_a_process_knows(saved, small):
    events = restore(saved, Trainer(small()))
    assert [event.kind for event in events] == ["opened", "edited"]
    assert replace(events[1], time=0) == replace(EVENTS[1], time=0)
    assert events[1].time == pytest.approx(EVENTS[1].time)
    assert "experiment" not in events[0].data


def test_what_a_record_says_of_later_steps_is_left_out(saved, small):
    record = json.loads((saved / folder.RECORD).read_text())
    record["events"].append({"kind": "edited", "step": 900, "sentence": "", "time": "2030-01-01T00:00:00Z"})
    (saved / folder.RECORD).write_text(json.dumps(record))
    assert all(event.step <= 3 for event in restore(saved, Trainer(small())))


def test_a_run_that_is_opened_goes_on_in_its_folder_with_its_start(saved, small, tmp_path):
    keeper, trainer = RunKeeper(runs=tmp_path / "runs"), Trainer(small())
    started = read_run(saved).record.started
    events = keeper.open(saved, trainer).events
    trainer.step()
    trainer.flush()
    keeper.save(trainer, events, wait=True)
    assert read_run(saved).record.steps == 4
    assert read_run(saved).record.started == started
    assert not (tmp_path / "runs").exists()


def test_a_run_says_with_how_many_threads_it_goes_on(saved, small, monkeypatch):
    record = json.loads((saved / folder.RECORD).read_text())

    def threads(**changes) -> int:
        (saved / folder.RECORD).write_text(json.dumps(record | changes))
        return Opener().open(saved, Trainer(small())).threads

    monkeypatch.setattr(keeper, "cores", lambda: 8)
    assert threads(threads=8) == 8
    assert threads(threads=9) == 0
    assert threads(threads=8, device="cuda:0") == 0
    with pytest.raises(StudioError, match=folder.RECORD):
        threads(threads=0)


def test_a_run_keeps_its_folder_while_another_is_tried(saved, small, trained, tmp_path):
    saver, mine = RunKeeper(tmp_path / "mine", tmp_path / "runs"), trained(small(), 1)
    saver.save(mine, [], wait=True)
    saver.open(saved, Trainer(small()))
    mine.step()
    saver.save(mine, [], wait=True)
    assert read_run(tmp_path / "mine").record.steps == 2
    assert read_run(saved).record.steps == 3
    assert not (tmp_path / "runs").exists()


def test_each_run_has_a_folder_of_its_own(tmp_path, small, trained):
    keeper = RunKeeper(tmp_path / "chosen", tmp_path / "runs")
    for _ in range(3):
        keeper.save(trained(small(), 1), [], wait=True)
    assert (tmp_path / "chosen" / folder.WEIGHTS).is_file()
    names = sorted(path.name for path in (tmp_path / "runs").iterdir())
    assert names == [folder.dated("DCGAN · MNIST"), folder.dated("DCGAN · MNIST") + "-2"]
    assert {path.name for path in recent(tmp_path / "runs")} == set(names)


def test_an_earlier_run_is_moved_aside(saved, small, trained):
    (saved / "notes.txt").write_text("mine")
    keeper = RunKeeper(saved)
    keeper.save(trained(small(), 1), [], wait=True)
    moved = saved.with_name("run-2")
    assert read_run(moved).record.steps == 3
    assert read_run(saved).record.steps == 1
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


# hostile and damaged files


def cut(path):
    path.write_bytes(path.read_bytes()[:-40])


def empty(path):
    path.write_bytes(b"")


def noise(path):
    path.write_bytes(np.random.default_rng(0).bytes(5000))


@pytest.mark.parametrize("name", [folder.WEIGHTS, folder.METRICS, folder.RECORD])
@pytest.mark.parametrize(
    "damage", [cut, empty, noise, lambda path: path.unlink()], ids=["cut", "empty", "noise", "gone"]
)
def test_a_damaged_file_is_named(saved, small, name, damage):
    trainer = Trainer(small())
    damage(saved / name)
    with pytest.raises(StudioError, match=name):
        brought_back(saved, trainer)


def brought_back(path, trainer):
    """Both looks at a run: the window's and the worker's."""
    read_run(path)
    restore(path, trainer)


def altered(path, change, **texts):
    """Write a weights file again with its tensors changed."""
    found, header = tensors.read(path)
    change(found)
    path.write_bytes(tensors.dumps(found, {**header, **texts}))


EDITS = {
    "weight gone": lambda t: t.pop("generator.0.linear.weight"),
    "weight of another shape": lambda t: t.update({"generator.0.linear.weight": torch.zeros(2)}),
    "weight not finite": lambda t: t["generator.0.linear.weight"].fill_(float("nan")),
    "moment of another shape": lambda t: t.update({"optimiser.generator.0.exp_avg": torch.zeros(1)}),
    "moment of no weight": lambda t: t.update({"optimiser.generator.99.exp_avg": torch.zeros(1)}),
    "moment of no number": lambda t: t.update({"optimiser.generator.x.y": torch.zeros(1)}),
    "random state cut": lambda t: t.update({"random.noise": t["random.noise"][:8].clone()}),
    "random state overwritten": lambda t: t["random.noise"].fill_(255),
    "random state gone": lambda t: t.pop("random.game"),
}


@pytest.mark.parametrize("change", EDITS.values(), ids=EDITS.keys())
def test_altered_weights_are_refused(saved, small, change):
    altered(saved / folder.WEIGHTS, change)
    with pytest.raises(StudioError, match=folder.WEIGHTS):
        restore(saved, Trainer(small()))


@pytest.mark.parametrize(
    "texts",
    [
        {"numbers": ""},
        {"numbers": "[" * 100_000},
        {"numbers": json.dumps({"steps": 3})},
        {"numbers": json.dumps({"steps": -1, "sampler": {}, "average": 0})},
        {"schema": "99"},
        {"schema": "new"},
        {"experiment": "title = "},
        {"experiment": "title = 3"},
    ],
    ids=lambda texts: str(texts)[:40],
)
def test_altered_headers_are_refused(saved, small, texts):
    altered(saved / folder.WEIGHTS, lambda found: None, **texts)
    trainer = Trainer(small())
    with pytest.raises(StudioError, match=folder.WEIGHTS):
        brought_back(saved, trainer)


def test_absurd_counts_take_no_memory(saved, small):
    _, header = tensors.read(saved / folder.WEIGHTS)
    numbers = json.loads(header["numbers"]) | {"steps": 10**12}
    altered(saved / folder.WEIGHTS, lambda found: None, numbers=json.dumps(numbers))
    with pytest.raises(StudioError, match="memory"):
        restore(saved, Trainer(small()))


def test_pickles_are_not_opened(saved, small):
    np.save(saved / folder.METRICS, np.array([print], dtype=object), allow_pickle=True)
    with pytest.raises(StudioError, match="pickled"):
        restore(saved, Trainer(small()))


def test_a_folder_without_a_run_says_so(tmp_path):
    with pytest.raises(StudioError, match="holds no run"):
        read_run(tmp_path)
    with pytest.raises(StudioError, match="no such folder"):
        read_run(tmp_path / "nowhere")


def test_a_run_of_another_device_goes_on_with_fresh_random_numbers(saved, small):
    altered(
        saved / folder.WEIGHTS, lambda t: t.update({"random.noise": torch.zeros(16, dtype=torch.uint8)}), device="cuda"
    )
    trainer = Trainer(small())
    events = restore(saved, trainer)
    assert events[-1].kind == "warned"
    trainer.step()
    assert trainer.flush()


# shipped models


def test_a_model_is_small_and_close(saved, small, trained, tmp_path):
    path = tmp_path / "model.safetensors"
    make_model(saved, path)
    assert path.stat().st_size < (saved / folder.WEIGHTS).stat().st_size / 4
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
