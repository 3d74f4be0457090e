"""What drags and the clipboard carry, to this program and to others."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.parcel import Parcel
from ganstudio.ui.widgets import sample_drag

Z = np.random.default_rng(0).normal(size=(2, 5)).astype(np.float32)
IMAGES = np.random.default_rng(1).integers(0, 256, (2, 8, 8, 1), dtype=np.uint8)


def files(*paths) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


@pytest.mark.parametrize("parcel", [Parcel(Z, IMAGES), Parcel(Z), Parcel(images=IMAGES)])
def test_samples_arrive_to_the_bit(qapp, parcel):
    sample_drag.copy(parcel)
    for found in (sample_drag.parcel_in(sample_drag.mime_of(parcel)), sample_drag.pasted(), sample_drag.pasted()):
        for one, other in ((found.inputs, parcel.inputs), (found.images, parcel.images)):
            assert (one is None) == (other is None)
            assert one is None or one.tobytes() == other.tobytes()


def test_a_photograph_is_taken_upright(tmp_path):
    """Cameras write which side was up beside the pixels."""
    pixels = np.zeros((20, 40, 3), np.uint8)
    pixels[:10] = (255, 0, 0)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90° clockwise
    Image.fromarray(pixels).save(tmp_path / "photo.jpg", exif=exif, quality=95)
    found = sample_drag.parcel_in(files(tmp_path / "photo.jpg"), pictures=True).images[0]
    assert found.shape == (40, 20, 3)
    np.testing.assert_allclose(found[5, 15], [255, 0, 0], atol=8)
    np.testing.assert_allclose(found[5, 5], [0, 0, 0], atol=8)


def test_a_picture_is_known_by_its_content(tmp_path):
    Image.fromarray(np.full((6, 6, 3), 7, np.uint8)).save(tmp_path / "named.txt", format="PNG")
    assert sample_drag.parcel_in(files(tmp_path / "named.txt"), pictures=True).images[0, 0, 0].tolist() == [7, 7, 7]


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 30])
def test_a_file_that_is_no_picture_is_one_sentence(tmp_path, content):
    (tmp_path / "odd.png").write_bytes(content)
    with pytest.raises(StudioError, match=r"odd\.png: cannot be read as a picture"):
        sample_drag.parcel_in(files(tmp_path / "odd.png"), pictures=True)


def test_what_lies_elsewhere_is_no_picture(tmp_path):
    link = QMimeData()
    link.setUrls([QUrl("https://example.org/picture.png")])
    assert sample_drag.parcel_in(link, pictures=True) is None


def test_pictures_are_samples_only_where_they_are_wanted(tmp_path):
    mime = QMimeData()
    picture = QImage(4, 4, QImage.Format.Format_RGB888)
    picture.fill(0x102030)
    mime.setImageData(picture)
    assert sample_drag.parcel_in(mime) is None
    assert sample_drag.parcel_in(mime, pictures=True).images[0, 0, 0].tolist() == [0x10, 0x20, 0x30]


def test_an_empty_clipboard_holds_nothing(qapp):
    qapp.clipboard().clear()
    assert sample_drag.pasted(pictures=True) is None
