"""Law 1: watching changes nothing."""

import numpy as np
import pytest
from condition import condition

from ganstudio.probes.all import all_probes
from ganstudio.training.trainer import Trainer

PIN = np.linspace(-1, 1, 64, dtype=np.float32)
OPTIONS = {
    "samples": [
        {},
        {"live": True},
        {"scores": True},
        {"live": True, "scores": True, "tiles": 256},
        {"draw": 3, "pinned": {1: PIN}},
    ],
    "histogram": [{}, {"view": "logit"}],
    "real": [{}, {"page": 3, "tiles": 16}, {"chosen": 1}],
}


def looked_at(trainer: Trainer) -> None:
    """Ask every probe for everything."""
    for name, probe in all_probes().items():
        one = probe()
        for options in OPTIONS.get(name, [{}]):
            one.frame(trainer, **options)
            one.frame(trainer, **options)


def test_every_probe_is_found():
    assert set(OPTIONS) <= set(all_probes())


def test_a_look_leaves_the_trainer_as_it_is(make_trainer, make):
    trainer = make_trainer(*make)
    before = condition(trainer)
    looked_at(trainer)
    assert condition(trainer) == before


def test_watched_and_unwatched_runs_end_alike(make_trainer, make):
    watched, alone = make_trainer(*make), make_trainer(*make)
    for _ in range(3):
        looked_at(watched)
        watched.step()
        alone.step()
    assert watched.weights_sha256() == alone.weights_sha256()


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_nothing_published_is_written_again(make_trainer, name):
    trainer, probe = make_trainer(), all_probes()[name]()
    options = {"scores": True} if name == "samples" else {}
    frame = probe.frame(trainer, **options)
    kept = {key: value.copy() for key, value in vars(frame).items() if isinstance(value, np.ndarray)}
    picture = getattr(frame, "tiles", None)
    pixels = picture.picture.copy() if picture is not None else None
    for _ in range(6):
        trainer.step()
        probe.frame(trainer, **options)
    for key, value in kept.items():
        np.testing.assert_array_equal(getattr(frame, key), value)
    if picture is not None:
        np.testing.assert_array_equal(picture.picture, pixels)
