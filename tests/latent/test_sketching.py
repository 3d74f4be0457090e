"""Candidates for a sketch: ranked, distinct, better and better, in the prior's reach, going on from earlier ones."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.files import preset as shipped
from ganstudio.latent.edits import Edits
from ganstudio.latent.requests import as_bytes
from ganstudio.latent.sketch_study import Search, find_sketched, starts
from ganstudio.latent.sketching import CANDIDATES, STARTS, FindSketched, Weights, masked_error, ranked
from ganstudio.latent.workshop import Workshop
from ganstudio.probes.discriminator import DiscriminatorProbe
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.training.trainer import Trainer

LOUDER = 6
GREEN = np.array([40, 200, 90], np.uint8)


@pytest.fixture(scope="module")
def made():
    """Workshops over small players, made once for each experiment."""
    found: dict[str, Workshop] = {}

    def make(experiment) -> Workshop:
        key = str(experiment)
        if key not in found:
            trainer = Trainer(experiment)
            frames = {"discriminator": DiscriminatorProbe().frame(trainer)}
            frame = GeneratorProbe().frame(trainer)
            for array in frame.weights.values():
                if array.ndim > 1:  # a fresh G makes grey images; this one makes colourful ones
                    array *= LOUDER
            found[key] = Workshop(lambda probe: frames[probe], frame, {})
        return found[key]

    return make


@pytest.fixture
def workshop(made, small):
    return made(small())


@pytest.fixture
def painted() -> Edits:
    return Edits.none(32, 32, 3).painted((10, 5), (10, 25), 3.0, GREEN)


@pytest.fixture
def possible(workshop, painted) -> Edits:
    """A stroke in the colours of an image that G can make."""
    return replace(painted, colours=as_bytes(workshop.render(workshop.draw(1, 77)).numpy())[0])


@pytest.fixture
def answers(workshop, possible):
    """Those of one search, from first to last, made once."""
    if "answers" not in workshop.kept:
        workshop.kept["answers"] = list(find_sketched(workshop, FindSketched(possible, seed=3)))
    return workshop.kept["answers"]


def searched(workshop: Workshop, request: FindSketched, iterations: int = 40) -> Search:
    """A search of a few rows after so many iterations."""
    found = Search(workshop, request)
    found.rows = found.rows[-8:]
    for _ in range(iterations):
        found.step(found.rows, 0.1)
    return found


def test_the_error_under_the_mask_is_a_share_of_the_full_range():
    edits = Edits.none(4, 4, 1).painted((1.5, 1.5), (1.5, 1.5), 0.5, np.array([100], np.uint8))
    images = np.zeros((2, 4, 4, 1), np.uint8)
    images[1, 1, 1] = 100
    np.testing.assert_allclose(masked_error(images, edits), [100 / 255, 0])
    assert not masked_error(images, Edits.none(4, 4, 1)).any()


def test_candidates_are_ranked_without_near_duplicates_and_numbers_that_are_none():
    images = np.zeros((5, 4, 4, 3), np.uint8)
    images[1], images[2], images[3], images[4] = 200, 2, 100, 50
    errors = np.array([0.3, 0.2, 0.1, 0.2, np.nan])
    assert ranked(errors, images).tolist() == [2, 1, 3]
    assert ranked(errors, images, most=2).tolist() == [2, 1]
    assert ranked(errors, images, apart=0.0).tolist() == [2, 1, 3, 0]


def test_the_search_halves_the_error_of_random_samples(workshop, possible, answers):
    shares, found = [share for share, _ in answers], [value for _, value in answers]
    random = masked_error(as_bytes(workshop.render(workshop.draw(STARTS, 3)).numpy()), possible).min()
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len(found[0].images) == len(found[-1].images) == CANDIDATES
    assert found[0].errors[0] == pytest.approx(4 * random**2, rel=0.05)
    assert masked_error(found[-1].images, possible)[0] < 0.5 * random
    for one in found:
        assert (np.diff(one.errors) >= 0).all()


def test_images_and_errors_are_those_of_the_inputs(workshop, possible, answers):
    found = answers[-1][1]
    images = as_bytes(workshop.render(found.inputs).numpy())
    assert np.abs(images.astype(int) - found.images).max() <= 1
    # Colours alone: the error in [−1, 1] units squared.
    np.testing.assert_allclose(4 * masked_error(images, possible) ** 2, found.errors, atol=0.01)


def test_a_further_stroke_goes_on_from_the_candidates(workshop, possible, answers):
    before = answers[-1][1].inputs
    more = possible.painted((25, 5), (25, 9), 2.0, GREEN)
    request = FindSketched(more, seed=1, starts=before)
    assert starts(workshop, request)[: len(before)].numpy().tobytes() == before.tobytes()
    warm, cold = (next(find_sketched(workshop, one))[1] for one in (request, replace(request, starts=None)))
    assert warm.iterations == cold.iterations
    assert masked_error(warm.images, more)[0] < masked_error(cold.images, more)[0]


def test_the_same_seed_finds_the_same_candidates(workshop, painted):
    request = FindSketched(painted, seed=5)
    first, again, other = (searched(workshop, one, 3).z for one in (request, request, replace(request, seed=6)))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_the_energy_has_the_gradient_of_its_differences(workshop, painted):
    edits = painted.edged((3, 3), (20, 3))
    z0 = workshop.draw(1, 9)[0].numpy()
    request = FindSketched(edits, z0=z0, weights=Weights(edge=0.5, near=0.3, realism=0.4))
    search = Search(workshop, request)
    z = (1.5 * workshop.draw(2, 4)).requires_grad_()
    (gradient,) = torch.autograd.grad(search.terms(z)[0].sum(), z)
    with torch.no_grad():
        for way in torch.eye(z.shape[1])[:3]:
            higher, lower = (search.terms(z + sign * 5e-3 * way)[0] for sign in (1, -1))
            torch.testing.assert_close((higher - lower) / 1e-2, gradient @ way, rtol=0.05, atol=1e-3)


def test_staying_near_keeps_z_near(workshop, painted):
    z0 = workshop.draw(1, 9)[0]
    free, held = (
        (searched(workshop, FindSketched(painted, z0=z0.numpy(), weights=Weights(near=near))).z[-8:] - z0).norm(dim=1)
        for near in (0.0, 10.0)
    )
    assert (held < 0.5 * free).all()


def test_a_picture_without_z_is_kept_where_nothing_is_painted(workshop):
    picture = as_bytes(workshop.render(workshop.draw(1, 77)).numpy())[0]
    nothing = Edits.none(32, 32, 3)
    before, after = (searched(workshop, FindSketched(nothing, picture=picture), count) for count in (1, 40))
    whole = replace(nothing, mask=np.ones((32, 32), bool), colours=picture)
    errors = [masked_error(one.candidates().images, whole)[0] for one in (before, after)]
    assert errors[1] < 0.7 * errors[0]


@pytest.mark.parametrize(("kind", "params", "reach"), [("uniform", {"half_width": 1.0}, 1.0), ("normal", {}, 1.5)])
def test_z_stays_in_the_priors_reach(made, small, painted, kind, params, reach):
    fields = [("noise.kind", kind), *((f"noise.params.{name}", value) for name, value in params.items())]
    impossible = painted.painted((0, 0), (32, 32), 30.0, np.array([255, 0, 255], np.uint8))
    found = searched(made(small(*fields)), FindSketched(impossible), 100).z[-8:]
    size = found.abs().max() if kind == "uniform" else found.square().mean(1).sqrt().max()
    assert size <= reach


@pytest.mark.parametrize(
    ("edits", "more", "words"),
    [
        (Edits.none(32, 32, 3), {}, "paint something first"),
        (Edits.none(16, 32, 3), {}, "32×16 pixels"),
        (None, {"z0": np.zeros(3, np.float32)}, "z0"),
        (None, {"starts": np.zeros((2, 3), np.float32)}, "starts"),
        (None, {"picture": np.zeros((8, 8, 3), np.uint8)}, "picture"),
        (None, {"weights": Weights(near=-1.0)}, r"weights\.near"),
        (None, {"weights": Weights(edge=float("nan"))}, r"weights\.edge"),
    ],
)
def test_what_does_not_fit_is_named(workshop, painted, edits, more, words):
    with pytest.raises(StudioError, match=words):
        next(find_sketched(workshop, FindSketched(edits or painted, **more)))


def test_points_have_nothing_to_paint_on(made, painted):
    with pytest.raises(StudioError, match="points"):
        next(find_sketched(made(shipped("ring-8")), FindSketched(painted)))
