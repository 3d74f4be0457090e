"""Films are read back: as many pictures as were given, as large, the first and the last as they were."""

import sys
import tracemalloc

import numpy as np
import pytest
from PIL import Image

from ganstudio.experiment.errors import StudioError
from ganstudio.runs import film
from ganstudio.runs.film import write_film

HEIGHT, WIDTH = 41, 63


def moving(count: int):
    """A box that wanders over a gradient: no two pictures are the same, most of each stays."""
    ground = np.linspace(0, 200, HEIGHT * WIDTH).reshape(HEIGHT, WIDTH, 1).repeat(3, 2).astype(np.uint8)
    for index in range(count):
        picture = ground.copy()
        picture[5:21, 2 + index : 18 + index] = (220, 60, 40)
        yield picture


def read(path) -> list[np.ndarray]:
    image = Image.open(path)
    found = []
    for index in range(image.n_frames):
        image.seek(index)
        found.append(np.asarray(image.convert("RGB")).astype(int))
    return found


def far(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


@pytest.mark.parametrize(("suffix", "distance"), [(".webp", 4.0), (".gif", 2.0)])
def test_an_animation_holds_every_picture(tmp_path, suffix, distance):
    pictures = list(moving(24))
    assert write_film(pictures, tmp_path / f"film{suffix}", 12.0) == 24
    found = read(tmp_path / f"film{suffix}")
    assert len(found) == 24
    assert all(far(*pair) < distance for pair in zip(found, pictures, strict=True))


@pytest.mark.parametrize("suffix", [".webp", ".gif"])
def test_an_animation_keeps_its_time_though_pictures_repeat(tmp_path, suffix):
    first, second, third = moving(3)
    write_film([first, first, second, second, second, third], tmp_path / f"film{suffix}", 7.0)
    image = Image.open(tmp_path / f"film{suffix}")
    assert image.n_frames == 3
    total = 0
    for index in range(3):
        image.seek(index)
        image.load()
        total += image.info["duration"]
    assert total == pytest.approx(1000 * 6 / 7, abs=10)


def test_a_grey_gif_loses_nothing(tmp_path):
    greys = [np.random.default_rng(i).integers(0, 256, (20, 30, 1), np.uint8).repeat(3, 2) for i in range(3)]
    write_film(greys, tmp_path / "film.gif", 10.0)
    assert all(np.array_equal(a, b) for a, b in zip(read(tmp_path / "film.gif"), greys, strict=True))


def test_mp4_has_even_sides_and_every_picture(tmp_path):
    av = pytest.importorskip("av")
    pictures = list(moving(15))
    assert write_film(pictures, tmp_path / "film.mp4", 12.5) == 15
    with av.open(str(tmp_path / "film.mp4")) as container:
        stream = container.streams.video[0]
        assert float(stream.average_rate) == 12.5
        found = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
    assert len(found) == 15
    assert found[0].shape == (HEIGHT + 1, WIDTH + 1, 3)
    # Colours of two neighbouring pixels are one in H.264, so only the distance of the whole is small.
    assert far(found[0][:HEIGHT, :WIDTH], pictures[0]) < 8
    assert far(found[-1][:HEIGHT, :WIDTH], pictures[-1]) < 8
    assert far(found[0][:HEIGHT, :WIDTH], pictures[-1]) > 8


def test_without_pyav_one_sentence_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(StudioError, match=r"ganstudio\[film\]"):
        write_film(moving(2), tmp_path / "film.mp4", 10.0)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("count", [1, 3, 100])
def test_a_sheet_shows_the_first_and_the_last(tmp_path, count):
    pictures = [np.full((10, 20, 3), index, np.uint8) for index in range(count)]
    write_film(pictures, tmp_path / "film.png", 10.0)
    sheet = np.asarray(Image.open(tmp_path / "film.png"))
    shown = sheet[:: 10 + 4, :: 20 + 4, 0].reshape(-1)
    shown = shown[shown < 255]
    assert len(shown) == min(count, 16)
    assert (shown[0], shown[-1]) == (0, count - 1)
    assert np.ptp(np.diff(shown.astype(int))) <= 8 if count > 2 else True


def test_pictures_of_another_size_are_fitted_into_the_first(tmp_path):
    white = [np.full(size, 255, np.uint8) for size in [(20, 40, 3), (20, 20, 3), (90, 180, 3)]]
    write_film(white, tmp_path / "film.gif", 10.0)
    first, narrow, large = read(tmp_path / "film.gif")
    assert first.shape == narrow.shape == large.shape == (20, 40, 3)
    assert narrow[:, 20].min() == 255
    assert narrow[:, 1].max() == 0
    assert large.min() == 255


@pytest.mark.parametrize("suffix", [".webp", ".gif", ".png"])
def test_a_long_film_takes_no_more_memory_than_a_short_one(tmp_path, suffix):
    def peak(count: int) -> int:
        tracemalloc.start()
        write_film((np.full((256, 256, 3), index % 200, np.uint8) for index in range(count)), path, 30.0)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    path = tmp_path / f"film{suffix}"
    assert peak(160) < peak(40) + 256 * 256 * 3 * 4


def test_progress_counts_and_may_end_it(tmp_path):
    told: list[int] = []
    write_film(moving(3), tmp_path / "film.webp", 10.0, told.append)
    assert told == [1, 2, 3]
    before = (tmp_path / "film.webp").read_bytes()

    def enough(count: int) -> None:
        if count == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_film(moving(9), tmp_path / "film.webp", 10.0, enough)
    assert [path.name for path in tmp_path.iterdir()] == ["film.webp"]
    assert (tmp_path / "film.webp").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "fps", "sentence"),
    [
        ("film.avi", 10.0, ".webp, .gif, .mp4, .png"),
        ("film", 10.0, ".webp, .gif, .mp4, .png"),
        ("film.gif", 0.0, "pictures a second"),
        ("film.gif", 1000.0, "pictures a second"),
        ("nowhere/film.gif", 10.0, "no such folder"),
        ("taken.gif", 10.0, "this is a folder"),
    ],
)
def test_what_cannot_be_a_film_is_one_sentence(tmp_path, name, fps, sentence):
    (tmp_path / "taken.gif").mkdir()
    with pytest.raises(StudioError, match=sentence.replace(".", r"\.")):
        write_film(moving(2), tmp_path / name, fps)


def test_no_pictures_no_film(tmp_path):
    with pytest.raises(StudioError, match="no picture"):
        write_film([], tmp_path / "film.webp", 10.0)
    assert not list(tmp_path.iterdir())


def test_a_picture_too_large_for_the_format_is_said(tmp_path):
    with pytest.raises(StudioError, match="16,383"):
        write_film([np.zeros((1, 20_000, 3), np.uint8)], tmp_path / "film.webp", 10.0)


@pytest.mark.parametrize("suffix", sorted(film.FORMATS))
def test_a_disk_that_fills_up_is_said_and_leaves_nothing(tmp_path, suffix):
    resource = pytest.importorskip("resource")
    if suffix == ".mp4":
        pytest.importorskip("av")
    noise = [np.random.default_rng(i).integers(0, 256, (120, 120, 3), np.uint8) for i in range(8)]
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, limits[1]))
    try:
        with pytest.raises(StudioError, match="cannot be written"):
            write_film(noise, tmp_path / f"film{suffix}", 10.0)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not list(tmp_path.iterdir())
