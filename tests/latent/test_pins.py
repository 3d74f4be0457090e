"""Which inputs stay at which tiles."""

import numpy as np

from ganstudio.latent.pins import Pins


def test_samples_fall_at_a_tile_and_those_after_it_or_where_nothing_is_pinned():
    z = np.arange(6, dtype=np.float32).reshape(6, 1)
    pins = Pins().placed(z[:3], 2, 4)
    assert pins.inputs == {2: z[0], 3: z[1]}, "what finds no room is left out"
    assert pins.placed(z[3:], None, 4).inputs == {0: z[3], 1: z[4], 2: z[0], 3: z[1]}
    assert pins.placed(z[3:5], None, 4).placed(z[5:], None, 4).inputs[0] == z[5], "the first gives way when all are"


def test_a_tile_is_pinned_or_let_go_and_the_draw_stays():
    z = np.ones(3, np.float32)
    pins = Pins(draw=4).toggled(1, z)
    assert (dict(pins.inputs), pins.draw) == ({1: z}, 4)
    assert (dict(pins.toggled(1, z).inputs), pins.toggled(1, z).draw) == ({}, 4)
