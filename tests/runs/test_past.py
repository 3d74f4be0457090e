"""Frames of the past are those that would have been seen then; looking at it changes nothing of what trains."""

import shutil
import threading
from time import monotonic, sleep

import numpy as np
import pytest
import torch

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.experiment import Experiment
from ganstudio.probes.board import BoardProbe
from ganstudio.probes.samples import SamplesProbe
from ganstudio.runs import rerun
from ganstudio.runs.about import About
from ganstudio.runs.folder import SCHEMA
from ganstudio.runs.past import Answer, PastFrames
from ganstudio.runs.snapshot import Snapshot
from ganstudio.runs.store import Store
from ganstudio.training.trainer import Trainer

STEPS = 0, 3, 6


@pytest.fixture
def past():
    """Looks back, and ends."""
    made = PastFrames()
    yield made
    assert made.close()


def tiny() -> Experiment:
    experiment = files.preset("mlp-mnist")
    for path, value in [("data", "pixel-faces"), ("batch_size", 16), ("players.*.network.params.hidden", [16])]:
        experiment, _ = change(experiment, path, value)
    return experiment


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A run of six steps with checkpoints at ``STEPS``, in a folder; the samples that were seen there; the trainer."""
    folder = tmp_path_factory.mktemp("run")
    trainer, seen = Trainer(tiny()), {}
    about = About(SCHEMA, "id", "Run", "0", "2", 1, "cpu", 1, tuple(trainer.history.names), started=1.0, ended=2.0)
    store = Store.create(folder, about)
    while True:
        trainer.flush()
        if trainer.steps in STEPS:
            snapshot = Snapshot.of(trainer, "steps")
            store.add_checkpoint(snapshot.write(folder, 0, 0, 1.0, about, store.branches()))
            seen[trainer.steps] = SamplesProbe().frame(trainer).tiles.picture
        if trainer.steps == STEPS[-1]:
            break
        trainer.step()
    store.append_rows(0, 0, trainer.history.rows())
    store.close()
    return folder, seen, trainer


@pytest.fixture
def run(recorded, tmp_path):
    """The same, in a folder of its own."""
    shutil.copytree(recorded[0], tmp_path / "run")
    return tmp_path / "run", *recorded[1:]


def wanted(past: PastFrames, *requests: tuple) -> list[Answer]:
    """The answers to requests (key, probe, options, step), in the order in which they came."""
    found: list[Answer] = []
    for key, probe, options, step in requests:
        past.ask(key, probe, options, 0, step, found.append)
    end = monotonic() + 30
    keys = {key for key, *_ in requests}
    while {one.asked.key for one in found} != keys:
        assert monotonic() < end, found
        sleep(0.005)
    return found


def test_a_frame_is_that_of_the_newest_checkpoint_until_then(past, run):
    folder, seen, _ = run
    past.follow(folder)
    for asked, shown in [(0, 0), (1, 0), (3, 3), (5, 3), (6, 6), (99, 6)]:
        (answer,) = wanted(past, ("panel", "samples", {}, asked))
        assert (answer.error, answer.frame.step) == ("", shown)
        np.testing.assert_array_equal(answer.frame.tiles.picture, seen[shown])


def test_going_to_and_fro_shows_the_same_each_time(past, run):
    folder, seen, _ = run
    past.follow(folder)
    for step in (6, 0, 3, 0, 6):
        (answer,) = wanted(past, ("panel", "samples", {}, step))
        np.testing.assert_array_equal(answer.frame.tiles.picture, seen[step])


def test_what_a_step_leaves_behind_is_there_too(past, run):
    folder, _, trainer = run
    past.follow(folder)
    answers = wanted(past, ("h", "histogram", {}, 4), ("b", "board", {}, 4), ("s", "samples", {}, 4))
    frames = {one.asked.key: one.frame for one in answers}
    assert {frame.step for frame in frames.values()} == {3}
    assert frames["h"].real.sum() == trainer.experiment.batch_size
    move = frames["b"].moves["discriminator"]
    assert move.loss == pytest.approx(float(trainer.history.column("loss.discriminator")[2]))
    # The step that was taken for it is taken back.
    np.testing.assert_array_equal(frames["s"].tiles.picture, run[1][3])


def test_of_many_requests_the_final_one_is_answered(past, run, monkeypatch):
    folder, seen, _ = run
    begun, free = threading.Event(), threading.Event()

    def slow(self, asked, known=rerun.Rerun.answer):
        begun.set()
        free.wait(10)
        return known(self, asked)

    monkeypatch.setattr(rerun.Rerun, "answer", slow)
    past.follow(folder)
    found: list[Answer] = []
    past.ask("panel", "samples", {}, 0, 0, found.append)
    assert begun.wait(10)
    for step in range(6):
        past.ask("panel", "samples", {}, 0, step, found.append)
    free.set()
    (other,) = wanted(past, ("other", "samples", {}, 6))
    assert [one.asked.step for one in found] == [0, 5]
    np.testing.assert_array_equal(found[-1].frame.tiles.picture, seen[3])
    assert other.frame.step == 6


def test_an_answer_about_a_run_that_was_left_never_comes(past, run, monkeypatch):
    begun, free = threading.Event(), threading.Event()

    def slow(self, asked):
        begun.set()
        free.wait(10)
        return Answer(asked, None)

    monkeypatch.setattr(rerun.Rerun, "answer", slow)
    past.follow(run[0])
    found: list[Answer] = []
    past.ask("panel", "samples", {}, 0, 0, found.append)
    assert begun.wait(10)
    past.follow(None)
    free.set()
    (answer,) = wanted(past, ("panel", "samples", {}, 0))
    assert "no run" in answer.error
    assert not found


def test_g_of_a_step_is_given_for_the_explorer(past, run):
    past.follow(run[0])
    (answer,) = wanted(past, ("latent", "generator", {"live": False}, 6))
    weights = run[2].average.network.state_dict()
    assert answer.frame.weights.keys() == weights.keys()
    assert all(np.array_equal(answer.frame.weights[name], weights[name].numpy()) for name in weights)


def test_a_damaged_checkpoint_is_passed_over_for_the_one_before(past, run):
    folder, seen, _ = run
    newest = folder / "checkpoints" / "0-000000006.safetensors"
    content = bytearray(newest.read_bytes())
    content[-100] ^= 255
    newest.write_bytes(content)
    past.follow(folder)
    (answer,) = wanted(past, ("panel", "samples", {}, 6))
    np.testing.assert_array_equal(answer.frame.tiles.picture, seen[3])
    (folder / "checkpoints" / "0-000000003.safetensors").write_bytes(b"")
    (folder / "checkpoints" / "0-000000000.safetensors").write_bytes(b"no")
    (answer,) = wanted(past, ("panel", "samples", {}, 6))
    assert answer.frame is None or answer.frame.step == 3  # what is loaded already needs no file
    (answer,) = wanted(past, ("panel", "samples", {}, 1))
    assert "0-000000000.safetensors" in answer.error


@pytest.mark.parametrize("missing", ["checkpoints", "store.sqlite", "."])
def test_what_is_missing_is_said_in_a_sentence(past, run, missing):
    gone = run[0] / missing
    gone.unlink() if gone.is_file() else shutil.rmtree(gone)
    past.follow(run[0])
    (answer,) = wanted(past, ("panel", "samples", {}, 6))
    assert answer.frame is None
    assert answer.error


def test_a_probe_that_fails_is_told_and_the_next_request_works(past, run, monkeypatch, caplog):
    past.follow(run[0])
    monkeypatch.setattr(BoardProbe, "frame", lambda self, trainer, **options: 1 / 0)
    first, second = wanted(past, ("board", "board", {}, 3), ("panel", "samples", {}, 3))
    assert "ZeroDivisionError" in first.error
    np.testing.assert_array_equal(second.frame.tiles.picture, run[1][3])
    assert "no probe called" in wanted(past, ("panel", "nonsense", {}, 3))[0].error


def test_training_beside_it_computes_the_same_bits(past, run):
    def trained(watched: bool) -> str:
        trainer = Trainer(tiny())
        for step in range(8):
            if watched:
                wanted(past, *((name, name, {}, step) for name in ("samples", "histogram")))
            trainer.step()
        return trainer.weights_sha256()

    past.follow(run[0])
    before = torch.default_generator.get_state()
    assert trained(True) == trained(False)
    assert torch.equal(torch.default_generator.get_state(), before)


def test_opening_a_trainer_beside_it_begins_with_the_same_weights(past, run):
    """Constructors of layers draw from torch's one generator for all threads: those of the past wait their turn."""
    wanted_weights = Trainer(tiny()).weights_sha256()
    stop, found = threading.Event(), []

    def build() -> None:
        while not stop.is_set():
            found.append(Trainer(tiny()).weights_sha256())

    thread = threading.Thread(target=build)
    thread.start()
    for _ in range(12):
        past.follow(run[0])
        wanted(past, ("panel", "samples", {}, 0))
    stop.set()
    thread.join()
    assert set(found) == {wanted_weights}


def test_it_ends_at_once_and_answers_nobody_after(run):
    past, found = PastFrames(), []
    past.follow(run[0])
    past.ask("panel", "samples", {}, 0, 3, found.append)
    assert past.close()
    count = len(found)
    past.ask("panel", "samples", {}, 0, 3, found.append)
    assert past.close()
    assert len(found) == count
