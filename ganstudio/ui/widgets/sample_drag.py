"""Samples between widgets and programs: drag and drop, and the clipboard. What travels is a ``Parcel``."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QFileInfo, QMimeData, QObject, QPoint, Qt
from PySide6.QtGui import QColor, QDrag, QGuiApplication, QImage, QImageReader, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from ganstudio.experiment.edits import TABLES
from ganstudio.experiment.errors import StudioError
from ganstudio.latent.parcel import Parcel
from ganstudio.ui.theme import ON_ACCENT, colours

MIME = "application/x-ganstudio-samples"
SIDE = 512
"""Pixels that the longer side of a picture has at least, for other programs."""
THUMBNAIL = 64
"""Pixels of the picture under the cursor while a sample is dragged."""
OPENED = (".toml", ".safetensors", ".onnx", ".zip", ".npz", ".npy", ".gz", *TABLES)
"""Endings of files that are for the window, wherever in it they fall."""


def image_of(pixels: np.ndarray) -> QImage:
    """(H, W, C) uint8 of 1 or 3 channels → a picture of its own."""
    rgb = np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:2], 3)))
    height, width, _ = rgb.shape
    return QImage(rgb.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def pixels_of(image: QImage) -> np.ndarray:
    """A picture → (H, W, 3) uint8."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return rows[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).copy()


def mime_of(parcel: Parcel, picture: QImage | None = None) -> QMimeData:
    """For this program the samples to the bit; for others a picture (else the first one's), and the inputs as text."""
    mime = QMimeData()
    mime.setData(MIME, parcel.to_bytes())
    if picture is not None:
        mime.setImageData(picture)
    elif parcel.images is not None:
        picture = image_of(parcel.images[0])
        factor = max(1, -(-SIDE // max(picture.width(), picture.height())))
        mime.setImageData(picture.scaled(picture.size() * factor))
    if parcel.inputs is not None:
        mime.setText("\n".join(" ".join(str(number) for number in z) for z in parcel.inputs))
    return mime


def parcel_in(mime: QMimeData, *, pictures: bool = False) -> Parcel | None:
    """The samples that ``mime_of`` packed, or None. With ``pictures`` also an image, or the first image file, of
    another program, in its own size. Raises ``StudioError`` for what is damaged or no picture.
    """
    if mime.hasFormat(MIME):
        return Parcel.from_bytes(mime.data(MIME).data())
    if pictures and mime.hasImage():
        return Parcel(images=pixels_of(QImage(mime.imageData()))[None])
    if pictures and (files := _files(mime)):
        reader = QImageReader(files[0])
        reader.setAutoTransform(True)  # a photograph says which side was up
        reader.setDecideFormatFromContent(True)
        image = reader.read()
        if image.isNull():
            raise StudioError("cannot be read as a picture", files[0])
        return Parcel(images=pixels_of(image)[None])
    return None


def may_be_picture(mime: QMimeData) -> bool:
    """Whether there is an image of another program, or a file that is neither a folder nor one of ``OPENED``."""
    files = _files(mime)
    return mime.hasImage() or bool(files and not files[0].lower().endswith(OPENED) and not QFileInfo(files[0]).isDir())


def _files(mime: QMimeData) -> list[str]:
    """Paths of the files on this machine that are carried; what a browser carries may lie elsewhere."""
    return [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]


def start_drag(source: QWidget, parcel: Parcel) -> None:
    """Let a person carry samples from this widget to another; returns when they are dropped."""
    drag = QDrag(source)
    drag.setMimeData(mime_of(parcel))
    if parcel.images is not None:
        picture = thumbnail(parcel)
        drag.setPixmap(picture)
        drag.setHotSpot(QPoint(picture.width() // 2, picture.height() // 2))
    drag.exec(Qt.DropAction.CopyAction)


def thumbnail(parcel: Parcel) -> QPixmap:
    """The first sample, small; of several with their number."""
    assert parcel.images is not None
    picture = image_of(parcel.images[0]).scaled(THUMBNAIL, THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio)
    if len(parcel) > 1:
        painter = QPainter(picture)
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        words = painter.fontMetrics().boundingRect(f"× {len(parcel)}").adjusted(-5, -2, 5, 2)
        words.moveBottomRight(picture.rect().bottomRight())
        painter.fillRect(words, QColor(colours().accent))
        painter.setPen(QColor(ON_ACCENT))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, f"× {len(parcel)}")
        painter.end()
    return QPixmap.fromImage(picture)


def copy(parcel: Parcel, picture: QImage | None = None) -> None:
    """Put samples on the clipboard; ``picture`` is what other programs paste, else the first sample."""
    QGuiApplication.clipboard().setMimeData(mime_of(parcel, picture))


def pasted(*, pictures: bool = False) -> Parcel | None:
    """What ``parcel_in`` finds on the clipboard."""
    mime = QGuiApplication.clipboard().mimeData()
    return parcel_in(mime, pictures=pictures) if mime is not None else None  # none of an empty clipboard


class TakesSamples(QObject):
    """Makes a widget a target of drag and drop: ``take`` is told the samples and where on the widget they fell.

    ``hovering`` is told where samples hang over it (None when they leave), for a highlight; ``refused`` is told why
    what was dropped is no sample. ``pictures``: images and image files of other programs are samples too.
    """

    def __init__(
        self,
        widget: QWidget,
        take: Callable[[Parcel, QPoint], object],
        *,
        refused: Callable[[str], object],
        hovering: Callable[[QPoint | None], object] = lambda at: None,
        pictures: bool = False,
    ):
        super().__init__(widget)
        self._take, self._refused, self._hovering, self._pictures = take, refused, hovering, pictures
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.DragEnter, QEvent.Type.DragMove):
            if self._fits(event.mimeData()):
                event.acceptProposedAction()
                self._hovering(event.position().toPoint())
                return True
        elif event.type() == QEvent.Type.DragLeave:
            self._hovering(None)
        elif event.type() == QEvent.Type.Drop and self._fits(event.mimeData()):
            self._hovering(None)
            event.acceptProposedAction()
            self._drop(event.mimeData(), event.position().toPoint())
            return True
        return False

    def _fits(self, mime: QMimeData) -> bool:
        return mime.hasFormat(MIME) or (self._pictures and may_be_picture(mime))

    def _drop(self, mime: QMimeData, at: QPoint) -> None:
        try:
            parcel = parcel_in(mime, pictures=self._pictures)
        except StudioError as error:
            self._refused(f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return
        if parcel is not None:
            self._take(parcel, at)
