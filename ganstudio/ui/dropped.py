"""What was dropped or pasted → what is to be inverted."""

from PySide6.QtCore import QMimeData

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.inversion import OwnSample, Picture, PictureFile, Subject
from ganstudio.ui.widgets.sample_drag import MIME, may_be_picture, parcel_in


def may_be_dropped(mime: QMimeData) -> bool:
    """Whether there may be a sample or a picture in it, be it one that lies elsewhere and cannot be had."""
    elsewhere = mime.hasUrls() and not any(url.isLocalFile() for url in mime.urls())
    return mime.hasFormat(MIME) or may_be_picture(mime) or elsewhere


def subject_in(mime: QMimeData | None, points: bool) -> Subject:
    """The first sample, picture or image file. Raises ``StudioError`` where there is none, or it is damaged.

    ``points``: G makes points. Of a sample the picture is taken as it is seen; of a point its z.
    """
    if mime is None or not may_be_dropped(mime):
        raise StudioError("there is no picture and no sample on the clipboard; copy one with Ctrl+C")
    carries = mime.hasFormat(MIME) or mime.hasImage()
    files = [] if carries else [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
    if files and not points:
        return PictureFile(files[0])  # opened as data are, with the background and the fit of now
    parcel = parcel_in(mime, pictures=not points)
    if parcel is not None and parcel.images is not None and not points:
        return Picture(parcel.images[0])
    if parcel is not None and parcel.inputs is not None:
        return OwnSample(parcel.inputs[0])
    if points:
        raise StudioError("this generator makes points, not images; click or type a point")
    raise StudioError("this is no picture on this machine; save it as a file first")
