"""Samples that travel arrive to the bit; what is no parcel is refused."""

import io

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.parcel import Parcel

Z = np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32)
IMAGES = np.random.default_rng(1).integers(0, 256, (3, 4, 4, 1), dtype=np.uint8)


@pytest.mark.parametrize("parcel", [Parcel(Z, IMAGES), Parcel(Z), Parcel(images=IMAGES)])
def test_a_parcel_arrives_to_the_bit(parcel):
    found = Parcel.from_bytes(parcel.to_bytes())
    for one, other in ((found.inputs, parcel.inputs), (found.images, parcel.images)):
        assert (one is None) == (other is None)
        assert one is None or (one.tobytes() == other.tobytes() and one.shape == other.shape)


def packed(**arrays) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "damaged"),
        (b"no npz", "damaged"),
        (Parcel(Z).to_bytes()[:-30], "damaged"),
        (packed(inputs=np.array([[{}]], object)), "damaged"),
        (packed(inputs=Z[0]), "rows of finite"),
        (packed(inputs=Z.astype(np.float64)), "rows of finite"),
        (packed(inputs=Z * np.nan), "rows of finite"),
        (packed(images=IMAGES[0]), "bytes"),
        (packed(inputs=Z[:2], images=IMAGES), "not as many"),
        (packed(other=Z), "none"),
    ],
)
def test_what_is_no_parcel_is_refused(data, words):
    with pytest.raises(StudioError, match=words):
        Parcel.from_bytes(data)
