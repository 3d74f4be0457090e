"""Whoever asks G for points that it cannot reach is told so."""

from time import monotonic, sleep

import pytest

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.training.commands import Open
from ganstudio.training.reach import out_of_reach
from ganstudio.training.session import Session
from ganstudio.training.trainer import Trainer


def told(preset: str, *edits: tuple[str, object]) -> str:
    experiment = files.preset(preset)
    for path, value in edits:
        experiment, _ = change(experiment, path, value)
    return out_of_reach(Trainer(experiment))


def test_data_beyond_a_tanh_are_told_of_and_what_helps():
    words = told("gan-lab-ring", ("data.kind", "ring"))
    assert words.startswith("100% of the data lie beyond ±1")
    assert "linear" in words
    assert told("gan-lab-ring", ("data.kind", "ring"), ("players.generator.network.output", "linear")) == ""


@pytest.mark.parametrize("preset", ["gan-lab-line", "gan-lab-gaussians", "gan-lab-ring", "gan-lab-disjoint", "ring-8"])
def test_presets_are_within_reach(preset):
    assert told(preset) == ""


def test_images_end_in_a_tanh_as_they_should():
    assert told("mlp-mnist") == ""


def test_who_opens_it_is_told():
    experiment, _ = change(files.preset("gan-lab-ring"), "data.kind", "ring")
    session = Session(probes=dict, device="cpu", threads=1).start()
    events, end = [], monotonic() + 30
    session.post(Open(experiment=experiment))
    while not any(event.kind == "warned" for event in events):
        assert monotonic() < end, [event.sentence for event in events]
        events += session.events()
        sleep(0.005)
    assert session.close()
    assert [event.kind for event in events if event.kind in ("opened", "warned", "failed")] == ["opened", "warned"]


def test_looking_draws_from_nobody_elses_generator():
    experiment, _ = change(files.preset("gan-lab-ring"), "data.kind", "ring")
    looked, alone = Trainer(experiment), Trainer(experiment)
    assert out_of_reach(looked)
    for trainer in (looked, alone):
        trainer.step()
    assert looked.weights_sha256() == alone.weights_sha256()
