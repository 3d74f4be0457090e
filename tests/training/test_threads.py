import json

import pytest
import torch

from ganstudio.experiment.edits import change
from ganstudio.experiment.files import preset
from ganstudio.training import threads
from ganstudio.training.trainer import Trainer


@pytest.fixture
def cache(monkeypatch, tmp_path):
    """A cache folder of the test's own; torch's number of threads is put back."""
    before = torch.get_num_threads()
    monkeypatch.setattr(threads.platformdirs, "user_cache_dir", lambda name: str(tmp_path / name))
    yield tmp_path / "ganstudio" / "threads.json"
    torch.set_num_threads(before)


@pytest.fixture
def tiny():
    experiment = preset("mlp-mnist")
    for player in ("generator", "discriminator"):
        experiment, _ = change(experiment, f"players.{player}.network.hidden", [8])
    return experiment


def test_the_faster_number_is_chosen_and_remembered(cache, tiny, monkeypatch):
    trainer = Trainer(tiny)
    trainer.step()
    before = trainer.weights_sha256()
    monkeypatch.setattr(threads, "candidates", lambda: [1, 2])
    monkeypatch.setattr(threads, "_step_times", lambda trial: [1.0 / torch.get_num_threads(), 5.0])
    assert threads.threads_for(tiny, trainer) == 2
    assert trainer.weights_sha256() == before
    monkeypatch.setattr(threads, "_step_times", lambda trial: pytest.fail("it was measured again"))
    assert threads.threads_for(tiny, trainer) == 2
    assert list(json.loads(cache.read_text()).values()) == [2]


def test_one_slow_step_does_not_decide(cache, tiny, monkeypatch):
    rounds = iter([[0.01, 0.01], [0.005, 9.0], [0.01, 0.01], [9.0, 9.0], *[[0.02, 0.02], [0.01, 9.0]] * 2])
    monkeypatch.setattr(threads, "candidates", lambda: [1, 2])
    monkeypatch.setattr(threads, "_step_times", lambda trial: next(rounds))
    assert threads.threads_for(tiny, Trainer(tiny)) == 2


def test_another_network_is_measured_for_itself(cache, tiny, monkeypatch):
    monkeypatch.setattr(threads, "candidates", lambda: [1])
    other, _ = change(tiny, "batch_size", 32)
    for experiment in (tiny, other):
        threads.threads_for(experiment, Trainer(experiment))
    assert len(json.loads(cache.read_text())) == 2


def test_a_number_that_was_best_for_another_way_of_computing_is_measured_anew(cache, tiny, monkeypatch):
    trainer = Trainer(tiny)
    for make, best in ((threads.MAKE - 1, 2), (threads.MAKE, 1)):
        monkeypatch.setattr(threads, "MAKE", make)
        monkeypatch.setattr(threads, "candidates", lambda best=best: [best])
        assert threads.threads_for(tiny, trainer) == best


@pytest.mark.parametrize("content", ["", "[1]", '{"a": "b"}', "{"])
def test_a_damaged_cache_is_measured_anew(cache, tiny, monkeypatch, content):
    monkeypatch.setattr(threads, "candidates", lambda: [1])
    cache.parent.mkdir(parents=True)
    cache.write_text(content)
    assert threads.threads_for(tiny, Trainer(tiny)) == 1
    assert 1 in json.loads(cache.read_text()).values()


def test_candidates_end_with_all_cores(monkeypatch):
    for count, expected in ((1, [1]), (2, [1, 2]), (6, [1, 2, 4, 6]), (8, [1, 2, 4, 8])):
        monkeypatch.setattr(threads, "cores", lambda count=count: count)
        assert threads.candidates() == expected


def test_on_cuda_one_thread_hands_out_the_work_and_nothing_is_tried(cache, tiny, monkeypatch):
    monkeypatch.setattr(threads, "_step_times", lambda trial: pytest.fail("it was measured"))
    trainer = Trainer(tiny)
    trainer.device = torch.device("cuda")  # where it would be; nothing is computed
    assert threads.threads_for(tiny, trainer) == 1
    assert not cache.exists()
