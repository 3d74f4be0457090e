"""A collapsed G is to be seen from afar: the spot on which most of its points lie has a ring."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from test_plane_panel import made

from ganstudio.ui.theme import LIGHT
from ganstudio.ui.widgets.plane_layers import Mapping
from ganstudio.ui.widgets.plane_painting import Look, Painted
from ganstudio.ui.widgets.plane_pile import pile

SIDE = 300
SPOT = np.array([0.8, 0.5], np.float32)
LAYERS = frozenset({"generated", "real"})


def ringed(points: np.ndarray, layers: frozenset[str] = LAYERS) -> np.ndarray:
    """(n, 2) pixels (x, y) in the colour of the ring, with these generated points."""
    plane = made(generated=points.astype(np.float32), scores=np.full(len(points), 0.5, np.float32))
    picture = QImage(QSize(SIDE, SIDE), QImage.Format.Format_RGB32)
    plot = QRectF(0, 0, SIDE, SIDE)
    painter = QPainter(picture)
    Painted().draw(painter, Look(plane, layers, False), Mapping(plane.extent, plot), plot, LIGHT)
    painter.end()
    pixels = np.frombuffer(picture.constBits(), np.uint32).reshape(SIDE, SIDE)
    return np.argwhere(pixels == QColor(LIGHT.fake).rgb())[:, ::-1]


def test_a_collapsed_generator_is_ringed_amid_real_points():
    found = ringed(np.tile(SPOT, (400, 1)))
    middle = (SPOT * (1, -1) + 2) / 4 * SIDE
    away = np.hypot(*(found + 0.5 - middle).T)
    assert len(found) > 40
    assert away.min() > 6  # a ring, and what lies in it is seen
    assert away.max() < SIDE / 20


def test_there_is_no_ring_around_points_that_are_spread_out_or_hidden():
    around = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    assert not len(ringed(np.stack([np.cos(around), np.sin(around)], 1)))
    assert not len(ringed(np.tile(SPOT, (400, 1)), frozenset({"real"})))


@pytest.mark.parametrize(("spot", "edge"), [((9.0, 0.0), (SIDE, 0.5 * SIDE)), ((0.0, -50.0), (0.5 * SIDE, SIDE))])
def test_a_pointer_at_the_edge_shows_where_a_collapsed_generator_has_gone(spot, edge):
    found = ringed(np.tile(spot, (400, 1)))
    assert len(found) > 20
    assert np.hypot(*(found - edge).T).max() < SIDE / 12


@pytest.mark.parametrize(("share", "ring"), [(0.6, True), (0.4, False)])
def test_more_than_half_of_the_points_make_a_pile(share, ring):
    random = np.random.default_rng(3)
    places = random.uniform(0, 1000, (500, 2))
    places[: int(500 * share)] = random.normal((700, 90), 1.0, (int(500 * share), 2))
    found = pile(places, 8.0)
    assert (found is not None) is ring
    if ring:
        assert np.abs(found - (700, 90)).max() < 1


def test_no_points_make_no_pile():
    assert pile(np.empty((0, 2)), 8.0) is None
    assert pile(np.full((3, 2), np.nan), 8.0) is None
