"""Films, strips and z of a walk lie in files as they should; what cannot be saved or loaded is said."""

from time import monotonic

import numpy as np
import pytest
from PIL import Image
from walk_window import WalkWindow

from ganstudio.ui import theme
from ganstudio.ui.walk_film import Scene, enlarged, pictures
from ganstudio.ui.widgets.walk_plane import Curve


@pytest.fixture(scope="module")
def window(qapp, tiny):
    found = WalkWindow()
    found.open(tiny)
    found.panel.anchors.put(found.panel.anchors.z[:3])
    found.panel.load_state({"seconds": 0.5})
    found.settle()
    yield found
    found.close()


def filmed(window, path) -> str:
    """Waits for the film; answers what is said of it."""
    ended = []
    window.panel.saving.film.ended.connect(lambda done, words: ended.append(words))
    assert window.panel.saving.save_film(path)
    window.until(lambda: ended)
    return ended[0]


def test_a_film_shows_every_frame_in_order(window, tmp_path):
    window.panel.anchors.put(window.panel.anchors.z[:2])
    window.settle()
    assert "Saved 16 pictures in walk.webp" in filmed(window, tmp_path / "walk.webp")
    with Image.open(tmp_path / "walk.webp") as film:
        assert film.size == (512, 512)
        assert film.n_frames <= 16  # pictures that are alike are one that lasts
        first = np.asarray(film.convert("RGB")).astype(int)
    expected = enlarged(window.panel.walk.feed.cache.get(0))
    assert np.abs(first - expected).mean() < 12  # WebP loses some
    assert window.panel.saving.isHidden()


def test_a_walk_that_plays_back_and_forth_is_filmed_so(window, tmp_path, monkeypatch):
    made, count = [], len(window.panel.walk.z)
    monkeypatch.setattr(window.panel.saving.film, "make", made.append)
    window.panel.load_state({"seconds": 0.5, "end": "back"})
    assert window.panel.saving.save_film(tmp_path / "walk.webp")
    assert list(made[0].order) == [*range(count), *range(count - 2, 0, -1)]
    assert made[0].z.tobytes() == window.panel.walk.z.tobytes()
    window.panel.load_state({"seconds": 0.5, "end": "loop"})


def test_a_film_is_given_up_without_a_trace(window, tmp_path):
    saving = window.panel.saving
    assert saving.save_film(tmp_path / "walk.gif")
    assert saving.isVisible()
    assert not saving.save_film(tmp_path / "second.gif")
    assert "One film is being written" in window.troubles[-1]
    saving.cancel.click()
    window.until(lambda: not saving.film.making)
    assert not list(tmp_path.iterdir())
    assert saving.isHidden()


def test_a_film_is_given_up_while_it_is_written(window, tmp_path):
    film = window.panel.saving.film
    writing = []
    film.progressed.connect(lambda share, words: writing.append(words))
    assert window.panel.saving.save_film(tmp_path / "walk.gif")
    window.until(lambda: film._thread is not None)
    film.cancel()
    window.until(lambda: not film.making)
    assert not list(tmp_path.iterdir())


def test_closing_gives_the_film_up_before_it_returns(window, tmp_path):
    film, path = window.panel.saving.film, tmp_path / "walk.gif"
    path.write_bytes(b"an older film")
    assert window.panel.saving.save_film(path)
    window.until(lambda: film._thread is not None)
    thread = film._thread
    begun = monotonic()
    window.panel.close()
    assert monotonic() - begun < 5
    assert not thread.is_alive()
    assert [one.name for one in tmp_path.iterdir()] == ["walk.gif"]
    assert path.read_bytes() == b"an older film"
    window.panel.show()
    window.until(lambda: not film.making)
    window.settle()


def test_what_cannot_be_a_film_is_said_at_once(window, tmp_path):
    assert not window.panel.saving.save_film(tmp_path / "walk.avi")
    assert "ends in" in window.troubles[-1]
    assert not window.panel.saving.save_film(tmp_path / "nowhere" / "walk.gif")
    assert "no such folder" in window.troubles[-1]
    assert not window.panel.saving.film.making


def test_the_strip_is_one_picture_of_all_its_frames(window, tmp_path):
    window.settle()
    assert window.panel.saving.save_strip(tmp_path / "strip.png")
    with Image.open(tmp_path / "strip.png") as picture:
        count = len(window.panel.walk.strip.keys)
        assert picture.size == (count * 132 - 4, 128)
        found = np.asarray(picture.convert("RGB"))[::4, :128:4]
    assert np.array_equal(found, window.panel.walk.feed.cache.get(0))
    assert not window.panel.saving.save_strip(tmp_path / "nowhere" / "strip.png")


def test_z_comes_back_from_a_file_to_the_bit(window, tmp_path):
    panel, saving = window.panel, window.panel.saving
    before = panel.anchors.z
    assert saving.save_z(tmp_path / "walk.npy")
    assert saving.save_anchors(tmp_path / "anchors.npy")
    z = np.load(tmp_path / "walk.npy")
    assert (z.dtype, z.tobytes()) == (np.float32, panel.walk.z.tobytes())
    assert saving.load(tmp_path / "walk.npy")
    assert len(panel.anchors.z) == 16
    assert panel.anchors.z[[0, -1]].tobytes() == before[[0, -1]].tobytes()
    window.studio.undo_stack.undo()
    assert panel.anchors.z.tobytes() == before.tobytes()
    assert saving.load(tmp_path / "anchors.npy")
    assert panel.anchors.z.tobytes() == before.tobytes()
    window.settle()


@pytest.mark.parametrize(
    ("z", "says"),
    [(np.zeros((3, 7)), "(n, 4)"), (np.zeros((1, 4)), "a single z"), (np.full((3, 4), np.inf), "infinite")],
)
def test_a_file_that_does_not_fit_is_refused_by_name(window, tmp_path, z, says):
    before = window.panel.anchors.z
    np.save(tmp_path / "bad.npy", z)
    assert not window.panel.saving.load(tmp_path / "bad.npy")
    assert says in window.troubles[-1]
    assert "bad.npy" in window.troubles[-1]
    assert window.panel.anchors.z is before


def test_the_menu_offers_it_all(window):
    words = [action.text() for action in window.panel.saving.menu(window.panel).actions() if action.isEnabled()]
    assert [one.split()[0] for one in words if one] == ["Film:", "Strip", "z", "z", "Load"]


def test_points_are_filmed_as_a_plot():
    look = theme.DARK
    points = np.float32([[0, 0], [1, 0], [1, 1]])
    scene = Scene(
        np.zeros((3, 2), np.float32),
        [0, 2],
        None,
        30.0,
        lambda found, frame: Curve(found, [0, 2]).picture(frame, 90, 60, look),
    )
    first, second = pictures(scene, points)
    assert first.shape == second.shape == (60, 90, 3)
    assert not np.array_equal(first, second)
    assert first[0, -1].tolist() == [0x16, 0x18, 0x1D]


def test_images_are_enlarged_by_whole_pixels():
    image = enlarged(np.arange(12, dtype=np.uint8).reshape(2, 6, 1), 12)
    assert image.shape == (4, 12, 3)
    assert image[::2, ::2, 1].tolist() == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]
