"""The explorer's copy of G: the same function, made without a trace."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.replica import Replica
from ganstudio.latent.requests import Draw, Render, as_bytes
from ganstudio.networks.dcgan import DCGANGenerator
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.training.trainer import Trainer


def trained(experiment, steps: int = 2) -> Trainer:
    trainer = Trainer(experiment)
    for _ in range(steps):
        trainer.step()
    return trainer


@pytest.mark.parametrize(
    ("preset", "edits"),
    [
        ("dcgan-mnist", ()),
        ("dcgan-mnist", (("players.generator.network.params.norm", "none"),)),
        ("mlp-mnist", (("players.generator.network.params.norm", "batch"),)),
        ("mlp-mnist", (("players.generator.network.params.activation", "maxout"), ("noise.kind", "uniform"))),
    ],
)
@pytest.mark.parametrize("live", [False, True])
def test_it_gives_what_g_gives_to_the_bit(small, preset, edits, live):
    trainer = trained(small(*edits, preset=preset))
    network = trainer.players["generator"].network if live else trainer.average.network
    replica = Replica(GeneratorProbe().frame(trainer, live=live))
    z = replica.answer(Draw(0, 5))
    with torch.no_grad():
        expected = copy.deepcopy(network).eval()(torch.from_numpy(z)).numpy()
    np.testing.assert_array_equal(replica.answer(Render(z)), expected)


def test_the_global_generator_is_untouched_even_with_spectral_norm(small, monkeypatch):
    plain = DCGANGenerator.build

    def normed(self, shapes):
        network = plain(self, shapes)
        for module in list(network.modules()):
            if isinstance(module, nn.Linear | nn.ConvTranspose2d):
                spectral_norm(module)
        return network

    monkeypatch.setattr(DCGANGenerator, "build", normed)
    trainer = trained(small())
    frame = GeneratorProbe().frame(trainer, live=True)
    arrays = {name: array.copy() for name, array in frame.weights.items()}
    assert any("_u" in name for name in arrays), "spectral norm is on"
    before = torch.get_rng_state()
    replica = Replica(frame)
    z = replica.answer(Draw(0, 3))
    rendered = replica.answer(Render(z))
    assert torch.equal(before, torch.get_rng_state())
    with torch.no_grad():
        expected = copy.deepcopy(trainer.players["generator"].network).eval()(torch.from_numpy(z)).numpy()
    np.testing.assert_array_equal(rendered, expected)
    for name, array in frame.weights.items():
        np.testing.assert_array_equal(array, arrays[name], err_msg="rendering wrote into a published frame")


def test_new_weights_of_the_same_architecture_are_taken_over(small):
    trainer = trained(small())
    replica = Replica(GeneratorProbe().frame(trainer))
    z = replica.answer(Draw(0))
    before = replica.answer(Render(z))
    trainer.step()
    frame = GeneratorProbe().frame(trainer)
    assert replica.fits(frame)
    replica.load(frame)
    assert (replica.answer(Render(z)) != before).any()
    np.testing.assert_array_equal(replica.answer(Render(z)), Replica(frame).answer(Render(z)))


def test_another_architecture_does_not_fit(small):
    frame = GeneratorProbe().frame(trained(small(), 0))
    for edit in (("players.generator.network.params.width", 8), ("noise.params.dim", 7)):
        assert not Replica(frame).fits(GeneratorProbe().frame(trained(small(edit), 0)))


def test_draws_follow_the_prior_in_force(small):
    trainer = trained(small(("noise.kind", "uniform"), ("noise.half_width", 0.5)), 0)
    replica = Replica(GeneratorProbe().frame(trainer))
    assert (replica.prior.dim, replica.prior.limit) == (64, 0.5)
    assert np.abs(replica.answer(Draw(0, 200))).max() <= 0.5
    assert replica.answer(Draw(0, 200)).std() == pytest.approx(replica.prior.std, rel=0.05)
    trainer.edit("noise.half_width", 2.0)
    replica.load(GeneratorProbe().frame(trainer))
    assert replica.prior.limit == 2.0
    assert np.abs(replica.answer(Draw(0, 200))).max() > 1.5


def test_a_seed_names_its_draw(small):
    frame = GeneratorProbe().frame(trained(small(), 0))
    replica = Replica(frame)
    first = replica.answer(Draw(11))
    assert (replica.answer(Draw(12)) != first).any()
    np.testing.assert_array_equal(replica.answer(Draw(11)), first)
    np.testing.assert_array_equal(Replica(frame).answer(Draw(11)), first)


def test_inputs_of_the_wrong_size_are_refused(small):
    replica = Replica(GeneratorProbe().frame(trained(small(), 0)))
    for shape in ((1, 63), (64,)):
        with pytest.raises(StudioError, match="64 numbers"):
            replica.answer(Render(np.zeros(shape, np.float32)))


def test_weights_that_do_not_fit_are_an_error(small):
    frame = GeneratorProbe().frame(trained(small(), 0))
    missing = dict(list(frame.weights.items())[1:])
    with pytest.raises(RuntimeError):
        Replica(replace(frame, weights=missing))


def test_many_inputs_are_rendered_as_if_one_by_one(small):
    replica = Replica(GeneratorProbe().frame(trained(small())))
    z = replica.answer(Draw(0, 70))
    together = replica.answer(Render(z))
    assert together.shape == (70, 3, 32, 32)
    np.testing.assert_allclose(together[[3, 69]], replica.answer(Render(z[[3, 69]])), atol=1e-5)
    assert replica.answer(Render(z[:0])).shape == (0, 3, 32, 32)


def test_pixels_are_rounded_and_cut_off():
    x = np.array([-2, -1, 0, 1, 2], np.float32).reshape(1, 1, 1, 5)
    np.testing.assert_array_equal(as_bytes(x).ravel(), [0, 0, 128, 255, 255])
    assert as_bytes(np.zeros((2, 3, 4, 5), np.float32)).shape == (2, 4, 5, 3)


@pytest.mark.filterwarnings("error")
def test_what_is_not_finite_is_black_or_cut_off_without_a_warning():
    x = np.array([np.nan, -np.inf, np.inf, 1e38], np.float32).reshape(1, 1, 1, 4)
    np.testing.assert_array_equal(as_bytes(x).ravel(), [0, 0, 255, 255])


@pytest.mark.filterwarnings("error")
def test_read_only_inputs_and_weights_are_copied(small):
    frame = GeneratorProbe().frame(Trainer(small()))
    z = np.random.default_rng(0).normal(size=(2, 64)).astype(np.float32)
    expected = Replica(frame).render(z)
    for array in (z, *frame.weights.values()):
        array.flags.writeable = False
    # torch warns of an array that is not writable only once in a process, unless it is told otherwise.
    torch.set_warn_always(True)
    try:
        found = Replica(frame).render(z)
    finally:
        torch.set_warn_always(False)
    np.testing.assert_array_equal(found, expected)
