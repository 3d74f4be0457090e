"""The plane through three z, and a map's view of it."""

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.section import MapView, around, section_through, whole_plane


@pytest.fixture
def three():
    return np.random.default_rng(1).standard_normal((3, 100)).astype(np.float32)


def test_the_plane_goes_through_all_three_and_keeps_distances(three):
    section = section_through(three)
    np.testing.assert_allclose(section.basis @ section.basis.T, np.eye(2), atol=1e-12)
    places = section.places(three)
    np.testing.assert_allclose(section.z(places), three, atol=1e-6)
    np.testing.assert_allclose(section.distances(three), 0, atol=1e-6)
    for i, j in ((0, 1), (1, 2), (2, 0)):
        expected = np.linalg.norm(three[i].astype(float) - three[j])
        assert np.linalg.norm(places[i] - places[j]) == pytest.approx(expected)
    np.testing.assert_allclose(places.mean(0), 0, atol=1e-9)
    assert places[1, 1] == pytest.approx(places[0, 1])  # a runs from the first to the second
    assert places[2, 1] > places[0, 1]


def test_what_lies_beside_the_plane_is_seen_from_afar(three):
    section = section_through(three)
    normal = np.random.default_rng(2).standard_normal(100)
    normal -= section.basis.T @ (section.basis @ normal)
    beside = section.z(np.array([[1.0, -2.0]])) + 3 * normal / np.linalg.norm(normal)
    np.testing.assert_allclose(section.places(beside), [[1, -2]], atol=1e-5)
    np.testing.assert_allclose(section.distances(beside), [3], rtol=1e-5)


@pytest.mark.parametrize(
    ("points", "says"),
    [
        ([[0, 0, 0], [1, 1, 1], [3, 3, 3]], "lie on one line"),
        ([[1, 2, 3], [4, 5, 6], [1, 2, 3]], "are the same sample"),
        ([[1, 2, 3]] * 3, "are the same sample"),
        ([[1], [2], [4]], "z is a single number"),
    ],
)
def test_three_points_that_span_no_plane_are_refused(points, says):
    with pytest.raises(StudioError, match=says):
        section_through(np.array(points, np.float32))


def test_two_numbers_are_their_own_plane():
    z = np.array([[0.5, -2]], np.float32)
    assert whole_plane().z(z).tobytes() == z.tobytes()


def test_a_view_maps_there_and_back_and_zooms_about_a_pixel():
    view = MapView(1.0, -2.0, 40.0, 600, 400)
    assert view.to_pixel(1.0, -2.0) == (300, 200)
    assert view.to_plane(*view.to_pixel(3.5, 0.25)) == pytest.approx((3.5, 0.25))
    under = view.to_plane(120, 90)
    assert view.zoomed(2.5, 120, 90).to_plane(120, 90) == pytest.approx(under)
    assert view.moved(30, -10).to_plane(150, 80) == pytest.approx(under)


def test_tiles_cover_the_view_from_the_middle_and_those_of_a_coarser_map_are_among_the_finer_ones():
    view = MapView(0.3, 0.1, 37.0, 600, 400)
    spacing = view.spacing(48)
    assert 48 <= spacing * view.scale < 96
    tiles = view.tiles(spacing)
    corners = [view.to_plane(x, y) for x in (0, 600) for y in (0, 400)]
    for a, b in corners:
        assert min(max(abs(a - at[0]), abs(b - at[1])) for at in tiles) <= spacing / 2 + 1e-9
    far = [np.hypot(a - 0.3, b - 0.1) for a, b in tiles]
    assert far == sorted(far)
    inside = {at for at in view.tiles(2 * spacing) if max(abs(at[0] - 0.3), abs(at[1] - 0.1)) < 5}
    assert inside <= set(tiles)
    finer = view.zoomed(2.0, 300, 200)
    assert finer.spacing(48) == spacing / 2


def test_a_view_around_points_shows_them_all():
    places = np.array([[-5, 1], [7, 2], [0, 9.0]])
    view = around(places, 300, 200)
    for a, b in places:
        x, y = view.to_pixel(a, b)
        assert 0 < x < 300
        assert 0 < y < 200
