"""What can be inverted, how it is brought to G's shape, and that the search finds G's own samples again."""

import io
from math import inf

import numpy as np
import pytest
import torch
from PIL import Image

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.latent import inversion_study
from ganstudio.latent.inversion import (
    Invert,
    OwnSample,
    Picture,
    PictureFile,
    PointTarget,
    RealSample,
    point,
    psnr,
    residual,
    scale_of,
)
from ganstudio.latent.inversion_study import invert
from ganstudio.latent.inversion_target import brought, target_of
from ganstudio.latent.workshop import Workshop
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.probes.images import ImagesProbe
from ganstudio.training.trainer import Trainer


def workshop(experiment) -> Workshop:
    trainer = Trainer(experiment)
    return Workshop(lambda probe: ImagesProbe().frame(trainer), GeneratorProbe().frame(trainer), {})


@pytest.fixture(scope="module")
def faces() -> Workshop:
    """A fresh G of 32-pixel faces in colour."""
    experiment = files.preset("mlp-mnist")
    for path, value in (("data", "pixel-faces"), ("players.*.network.params.hidden", [16]), ("noise.params.dim", 6)):
        experiment, _ = change(experiment, path, value)
    return workshop(experiment)


@pytest.fixture(scope="module")
def points() -> Workshop:
    return workshop(files.preset("ring-8"))


@pytest.fixture
def _brief(monkeypatch):
    monkeypatch.setattr(inversion_study, "WAVES", 1)
    monkeypatch.setattr(inversion_study, "ADAM_STEPS", 10)


def last(found):
    *_, (share, projection) = found
    assert share == 1
    return projection


def test_an_own_sample_is_found_again(faces):
    z = faces.draw(1, seed=3)[0].numpy()
    answers = list(invert(faces, Invert(OwnSample(z), seed=1)))
    shares = [share for share, _ in answers]
    assert shares == sorted(shares)
    assert answers[0][1].z is None
    found = answers[-1][1]
    assert psnr(found.mse) > 38
    errors = [error for _, error in found.errors]
    assert errors == sorted(errors, reverse=True) or min(errors) == errors[-1]
    np.testing.assert_array_equal(found.target, found.target.astype(np.uint8))
    again = faces.replica.render(found.z[None])[0]
    exact = np.mean(((again.transpose(1, 2, 0) + 1) / 2 - found.target / 255) ** 2)
    assert found.mse == pytest.approx(exact, rel=1e-3)
    assert np.abs(found.sample.astype(int) - found.target).max() < 30


@pytest.mark.usefixtures("_brief")
def test_the_same_seed_finds_the_same(faces):
    image = Picture(np.full((32, 32, 3), 90, np.uint8))
    one, two = (last(invert(faces, Invert(image, seed=5))) for _ in range(2))
    np.testing.assert_allclose(one.z, two.z, rtol=1e-3, atol=1e-3)


@pytest.mark.usefixtures("_brief")
def test_nothing_is_drawn_from_the_process_wide_generator(faces):
    before = torch.random.get_rng_state()
    last(invert(faces, Invert(RealSample(2))))
    assert torch.equal(before, torch.random.get_rng_state())


def test_a_start_that_is_given_is_never_lost(faces):
    z = faces.draw(1, seed=8)[0].numpy()
    target = OwnSample(z)
    answers = invert(faces, Invert(target, likely=0.0, starts=(z,)))
    next(answers)
    _, found = next(answers)
    assert psnr(found.mse) > 50  # only the rounding to bytes is left


def test_what_became_of_a_start_goes_into_the_search(faces, monkeypatch):
    waves = []

    def wave(self, given, drawn):
        waves.append((given, self.found.z))
        yield

    monkeypatch.setattr(inversion_study._Search, "_wave", wave)
    start = faces.draw(1, seed=9)[0].numpy()
    *_, (_, found) = invert(faces, Invert(RealSample(2), starts=(start,)))
    (given, best), *others = waves
    assert not np.array_equal(found.z, start)
    np.testing.assert_array_equal(given.numpy(), best[None])
    assert all(len(later) == 0 for later, _ in others)


def test_a_generator_that_has_diverged_is_no_search():
    experiment = files.preset("ring-8")
    frame = GeneratorProbe().frame(Trainer(experiment))
    for array in frame.weights.values():
        array.fill(np.nan)
    with pytest.raises(StudioError, match="no finite numbers"):
        last(invert(Workshop(None, frame, {}), Invert(PointTarget((0.0, 0.0)))))


def test_a_long_z_is_found_by_l_bfgs(monkeypatch):
    monkeypatch.setattr(inversion_study, "WAVES", 1)
    experiment, _ = change(files.preset("ring-8"), "noise.params.dim", inversion_study.LONGEST_JACOBIAN + 1)
    room = workshop(experiment)
    target = room.render(room.draw(1, 9))[0].tolist()
    found = last(invert(room, Invert(PointTarget(tuple(target)), likely=0.0)))
    assert found.mse < 1e-8


def test_held_out_images_are_drawn_by_seed(faces):
    frame = faces.images
    for seed in range(3):
        target, words = target_of(faces, Invert(RealSample(seed)))
        index = int(words.removeprefix("held-out image ").replace(",", ""))
        np.testing.assert_array_equal(target, frame.held_out[index])
    assert len({target_of(faces, Invert(RealSample(seed)))[1] for seed in range(8)}) > 4


def test_points_are_found_too(points):
    found = last(invert(points, Invert(PointTarget((0.3, 0.2)))))
    start = np.min(np.square(points.render(points.draw(512, 0)).numpy() - (0.3, 0.2)).mean(1))
    assert found.mse <= start
    assert found.sample.shape == (2,)
    np.testing.assert_allclose(points.replica.render(found.z[None])[0], found.sample, rtol=1e-4, atol=1e-4)


# pictures


def written(tmp_path, image: Image.Image, name: str = "picture.png", **options) -> str:
    image.save(tmp_path / name, **options)
    return str(tmp_path / name)


def halves(width: int, height: int) -> Image.Image:
    """Red at the left, blue at the right."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    return image


def test_a_turned_photograph_is_put_upright(faces, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    path = written(tmp_path, halves(64, 64), "photo.jpg", exif=exif, quality=95)
    target, words = target_of(faces, Invert(PictureFile(path)))
    assert words == "photo.jpg"
    assert target[4, 16, 0] > 200
    assert target[28, 16, 2] > 200


@pytest.mark.parametrize(("fit", "corner", "middle"), [("crop", 0, 0), ("pad", 7, 0), ("stretch", 0, 0)])
def test_a_wide_picture_is_cropped_padded_or_stretched(faces, tmp_path, fit, corner, middle):
    path = written(tmp_path, Image.new("RGB", (90, 30), (0, 0, 0)))
    target, _ = target_of(faces, Invert(PictureFile(path), fit=fit, background=(7, 7, 7)))
    assert target.shape == (32, 32, 3)
    assert (target[0, 0, 0], target[16, 16, 0]) == (corner, middle)


def test_what_is_transparent_shows_the_background(faces, tmp_path):
    path = written(tmp_path, Image.new("RGBA", (32, 32), (255, 0, 0, 0)))
    target, _ = target_of(faces, Invert(PictureFile(path), background=(1, 2, 3)))
    assert tuple(target[5, 5]) == (1, 2, 3)


def test_pixels_that_fit_are_taken_to_the_bit(faces):
    pixels = np.random.default_rng(0).integers(0, 256, (32, 32, 3)).astype(np.uint8)
    np.testing.assert_array_equal(target_of(faces, Invert(Picture(pixels)))[0], pixels)
    grey = pixels[..., :1]
    np.testing.assert_array_equal(target_of(faces, Invert(Picture(grey)))[0], np.repeat(grey, 3, 2))


def test_grey_that_came_in_colours_is_grey_again_for_a_grey_generator():
    grey = np.random.default_rng(1).integers(0, 256, (20, 20, 1)).astype(np.uint8)

    class Grey:
        frame = type("Frame", (), {"shape": (1, 20, 20)})

    np.testing.assert_array_equal(target_of(Grey, Invert(Picture(np.repeat(grey, 3, 2))))[0], grey)
    assert target_of(Grey, Invert(Picture(np.zeros((7, 40, 3), np.uint8))))[0].shape == (20, 20, 1)


@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
def test_images_that_are_not_square_are_filled(fit):
    file = io.BytesIO()
    halves(60, 60).save(file, "PNG")
    file.seek(0)
    target = brought(file, (3, 28, 20), Invert(RealSample(0), fit=fit))
    assert target.shape == (28, 20, 3)
    assert target[14, 2, 0] > 200
    assert target[14, 17, 2] > 200


# bad input


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "not an image"), (b"no picture", "not an image"), (b"\x89PNG\r\n\x1a\n" + bytes(50), "cannot be used")],
)
def test_a_file_that_is_no_picture_is_refused_by_name(faces, tmp_path, content, sentence):
    path = tmp_path / "bad.png"
    path.write_bytes(content)
    with pytest.raises(StudioError, match=sentence) as caught:
        target_of(faces, Invert(PictureFile(str(path))))
    assert caught.value.field == str(path)


def test_a_file_that_is_not_there_is_named(faces, tmp_path):
    with pytest.raises(StudioError, match="cannot be used") as caught:
        target_of(faces, Invert(PictureFile(str(tmp_path / "gone.png"))))
    assert "gone.png" in caught.value.field


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3), np.float32), np.zeros((4, 4, 2), np.uint8)],
)
def test_pixels_of_another_kind_are_refused(faces, pixels):
    with pytest.raises(StudioError, match="picture"):
        target_of(faces, Invert(Picture(pixels)))


def test_z_of_another_length_or_without_numbers_is_refused(faces):
    with pytest.raises(StudioError, match="G takes 6 numbers"):
        last(invert(faces, Invert(OwnSample(np.zeros(7, np.float32)))))
    with pytest.raises(StudioError, match="not finite"):
        last(invert(faces, Invert(OwnSample(np.full(6, np.nan, np.float32)))))
    with pytest.raises(StudioError, match="starts"):
        last(invert(faces, Invert(RealSample(0), starts=(np.zeros(7, np.float32),))))
    with pytest.raises(StudioError, match="starts"):
        last(invert(faces, Invert(RealSample(0), starts=(np.full(6, np.inf, np.float32),))))


def test_points_and_pictures_are_not_mistaken_for_each_other(faces, points):
    for room, subject in (
        (faces, PointTarget((0.0, 0.0))),
        (points, Picture(np.zeros((8, 8, 3), np.uint8))),
        (points, RealSample(0)),
        (points, PointTarget((0.0, 0.0, 0.0))),
        (points, PointTarget((0.0, np.nan))),
    ):
        with pytest.raises(StudioError):
            target_of(room, Invert(subject))


# figures


def test_psnr_is_that_of_pixels_in_0_to_1():
    assert psnr(0.01) == pytest.approx(20)
    assert psnr(1.0) == 0
    assert psnr(0.0) == inf


def test_the_residual_is_signed_or_not_and_its_scale_holds_it():
    target = np.zeros((2, 2, 3), np.uint8)
    sample = target.copy()
    sample[0, 0], target[1, 1] = 51, 51
    np.testing.assert_allclose(residual(target, sample, True), [[0.2, 0], [0, -0.2]])
    np.testing.assert_allclose(residual(target, sample, False), [[0.2, 0], [0, 0.2]])
    assert scale_of(residual(target, sample, True)) == 0.2
    assert scale_of(np.zeros((3, 3))) == 0.02
    assert scale_of(np.ones((3, 3))) == 1.0


@pytest.mark.parametrize(("text", "values"), [("0.5, −1.2", (0.5, -1.2)), ("(1; 2)", (1, 2)), ("3 4 5", (3, 4, 5))])
def test_points_are_read(text, values):
    assert point(text) == values


@pytest.mark.parametrize("text", ["", "a, b", "nan, 1", "inf 0", "1, 2, 3"])
def test_what_is_no_point_is_refused(text):
    with pytest.raises(StudioError, match="point"):
        point(text, 2)
