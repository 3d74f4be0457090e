"""Samples into a sketch and out of it: drag and drop, copy and paste."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.parcel import Parcel
from ganstudio.ui.edited_image import EditedImage
from ganstudio.ui.studio import Studio
from ganstudio.ui.widgets import sample_drag
from ganstudio.ui.widgets.easel import Easel
from ganstudio.ui.widgets.grid import ImageGrid
from ganstudio.ui.widgets.sample_drag import TakesSamples


class SketchSamples(QObject):
    """What is dropped on easel or candidates is edited from then on; ``parcel`` is what the easel shows."""

    def __init__(
        self,
        studio: Studio,
        image: EditedImage,
        easel: Easel,
        grid: ImageGrid,
        parcel: Callable[[], Parcel | None],
    ):
        super().__init__()
        self._studio, self._image, self._easel, self._parcel = studio, image, easel, parcel
        refused = studio.trouble.emit
        grid.samples.accept(lambda one, _: self.take(one), refused=refused, pictures=True)
        TakesSamples(easel, lambda one, _: self.take(one), refused=refused, hovering=self._hang, pictures=True)
        easel.carried.connect(self._carry)

    def take_over(self, panel: QWidget) -> None:
        """Take what falls beside them on the panel as well: the window would open a picture as data."""
        TakesSamples(panel, lambda one, _: self.take(one), refused=self._studio.trouble.emit, pictures=True)

    def take(self, parcel: Parcel) -> None:
        """Edit the first of these samples; one that G did not make is sought first among those that it can make."""
        refusal = self._image.take(parcel)
        if refusal:
            self._studio.message.emit(refusal)

    def paste(self) -> None:
        """Edit what is on the clipboard."""
        try:
            parcel = sample_drag.pasted(pictures=True)
        except StudioError as error:
            self._studio.trouble.emit(f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return
        if parcel is None:
            self._studio.message.emit("There is no image on the clipboard; copy one with Ctrl+C.")
        else:
            self.take(parcel)

    def copy(self) -> None:
        """Put the image on the easel on the clipboard, with its z where it has one."""
        parcel = self._parcel()
        if parcel is not None:
            sample_drag.copy(parcel)
            self._studio.message.emit("The image is on the clipboard.")

    def _carry(self) -> None:
        parcel = self._parcel()
        if parcel is not None:
            sample_drag.start_drag(self._easel, parcel)

    def _hang(self, at: QPoint | None) -> None:
        self._easel.hanging = at is not None
        self._easel.update()
