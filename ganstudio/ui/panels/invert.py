"""The Invert panel: from a picture back to the z whose sample comes closest to it."""

from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QHideEvent,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QLineEdit,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
)

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.inversion import (
    OwnSample,
    PictureFile,
    PointTarget,
    RealSample,
    Subject,
    point,
    psnr,
)
from ganstudio.ui.dropped import may_be_dropped, subject_in
from ganstudio.ui.encoder_link import EncoderLink
from ganstudio.ui.exploring_panel import ExploringPanel
from ganstudio.ui.inverting import Inverting, Wishes
from ganstudio.ui.own_undo import OwnUndo
from ganstudio.ui.studio import Studio
from ganstudio.ui.waiting import Waiting
from ganstudio.ui.widgets import sample_drag
from ganstudio.ui.widgets.action_button import ActionButton
from ganstudio.ui.widgets.fitting_row import FittingRow
from ganstudio.ui.widgets.inversion_choices import BACKGROUNDS, InversionChoices
from ganstudio.ui.widgets.inversion_view import InversionView

EMPTY = "Drop a picture or a sample here.\nR: a held-out image"
ANOTHER = "Another generator is open.\nI: search again with this one"
LEAST_WIDTH = 380
"""Pixels with room for all buttons without words."""
PICTURES = "Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.tif *.tiff *.ppm *.pgm);;All files (*)"


class InvertPanel(ExploringPanel):
    """Works on any weights there are; searches only when a person asks."""

    name: ClassVar[str] = "invert"
    title: ClassVar[str] = "Invert"
    description: ClassVar[str] = "From a picture back to the z whose sample comes closest to it"
    keys: ClassVar[dict[str, str]] = {
        "O · Ctrl+V": "Open · paste a picture",
        "R": "A held-out image",
        "Z": "The sample in Directions",
        "I": "Search further, from other starts as well",
        "E": "Use the z that was found: explore it in Directions",
        "Esc": "Cancel the search",
        "Ctrl+Z · Ctrl+Shift+Z or Alt+← · Alt+→": "To the picture before · after",
        "Ctrl+C": "Copy the projection with its z",
    }
    order: ClassVar[int] = 54

    def __init__(self, studio: Studio):
        super().__init__(studio)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # its keys act while it has the focus
        self.setAcceptDrops(True)
        self.explorer = studio.explorer
        self.encoder = EncoderLink(studio)
        self.view = InversionView()
        self.inverting = Inverting(studio.explorer, self.name)
        self._build()
        self._connect()
        self._show_state()
        self._waiting = Waiting(studio, self.view.say, "The generator is being copied…")

    # building

    def _build(self) -> None:
        def action(
            text: str, icon: str, tip: str, run: Callable[[], object], keys: str = "", wordy: bool = True
        ) -> ActionButton:
            return ActionButton(self, text, icon, tip, run, keys=keys, wordy=wordy)

        self.open = action("Open…", "open", "Open an image file: PNG, JPEG, WebP, …", self.ask_for_file, "O")
        self.real = action("Held-out image", "random", "A real image that was never trained on", self.take_real, "R")
        self.own = action("Sample", "app", "The sample in Directions: can it be found again?", self.take_sample, "Z")
        self.back = action("Back", "back", "To the picture before", lambda: self.inverting.step(-1), "Alt+Left", False)
        self.forward = action(
            "Forward", "forward", "To the picture after", lambda: self.inverting.step(1), "Alt+Right", False
        )
        self.use = action("Use it", "next", "Send the z that was found to Directions", self.use_it, "E")
        self.further = action(
            "Search further", "later", "Search again, from other starts and from the best so far", self.search_on, "I"
        )
        self.cancel = action("Cancel", "stop", "End the search with the best so far", self.cancel_search, "Esc")
        self.train = action("Train an encoder", "train", "", self._train_or_cancel)
        self._buttons = (self.open, self.real, self.own, self.back, self.forward, self.use, self.further, self.cancel)
        self.choices = InversionChoices(self._again, lambda: self.view.set_signed(self.choices.signed.currentData()))
        self.typed = QLineEdit()
        self.typed.setPlaceholderText("Coordinates, for instance 0.5, −1.2")
        self.typed.setAccessibleName("Coordinates of the target")
        self.typed.setToolTip("Type a point, or click one in the plane; Enter searches its z")
        self.typed.setMaximumWidth(260)
        self.typed.setMinimumWidth(120)
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(8)
        self.progress.setAccessibleName("Progress of the search")
        policy = self.progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.progress.setSizePolicy(policy)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setAccessibleName("What the search says")
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        chosen = self.choices
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(4)
        top = (self.open, self.real, self.own, (self.typed, 2), chosen.fit, chosen.background, chosen.negative)
        below = (self.use, self.further, self.cancel, None, self.train, chosen.likely, chosen.signed)
        self._rows = FittingRow(*top, None, self.back, self.forward), FittingRow(*below)
        layout.addWidget(self._rows[0])
        layout.addWidget(self.view, 1)
        layout.addWidget(self.progress)
        layout.addWidget(self._rows[1])
        layout.addWidget(self.words)
        self.typed.hide()

    def _connect(self) -> None:
        inverting = self.inverting
        inverting.changed.connect(self._show_case)
        inverting.known.connect(self._show_kind)
        inverting.lost.connect(self._lose)
        inverting.failed.connect(lambda sentence: self.studio.trouble.emit(_capital(sentence)))
        inverting.unseen.connect(self._say)
        self.encoder.changed.connect(self._show_state)
        self.view.told.connect(self.studio.message)
        self.view.point_clicked.connect(lambda values: self.search(PointTarget(values)))
        self.typed.returnPressed.connect(self._take_typed)
        OwnUndo(self, lambda: self.inverting.step(-1), lambda: self.inverting.step(1))
        for keys, run in (("Ctrl+V", self.paste), ("Ctrl+C", self.copy)):
            QShortcut(QKeySequence(keys), self, run).setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # what a person does

    @property
    def wishes(self) -> Wishes:
        """What is chosen for every search."""
        chosen = self.choices
        return Wishes(
            chosen.fit.currentData(),
            BACKGROUNDS[chosen.background.currentData()],
            chosen.negative.currentData(),
            chosen.likely.currentData(),
            self.encoder.file,
        )

    def search(self, subject: Subject) -> None:
        """Search the z of a subject."""
        self.inverting.search(subject, self.wishes)

    def search_on(self) -> None:
        """The same again, from other starts and from the best so far; or what was cancelled, or of another G."""
        self.inverting.search_on(self.wishes)

    def cancel_search(self) -> None:
        """End the search with what it has found."""
        self.inverting.cancel()

    def ask_for_file(self) -> None:
        """Ask for an image file, and invert it."""
        path, _ = QFileDialog.getOpenFileName(self, "Open a picture", "", PICTURES)
        if path:
            self.search(PictureFile(path))

    def take_real(self) -> None:
        """Invert a real image; one that was never trained on, where there are any."""
        if self.real.isVisibleTo(self):
            self.search(RealSample(self.inverting.roll()))

    def take_sample(self) -> None:
        """Invert the sample in the Directions panel; a drawn one while there is none."""
        z, prior = self.studio.shown_z, self.inverting.prior
        if z is None or prior is None or z.shape != (prior.dim,):
            z = self.inverting.some_z()
        if z is not None:
            self.search(OwnSample(z.copy()))

    def paste(self) -> None:
        """Invert what is on the clipboard: a sample, a picture, an image file."""
        self._take_mime(QGuiApplication.clipboard().mimeData())

    def copy(self) -> None:
        """Put the projection on the clipboard, with its z; the target, where that has the focus."""
        target = self.view.target
        parcel = target.parcel if target.hasFocus() else self.view.parcel()
        if parcel is not None:
            sample_drag.copy(parcel)
            what = (
                "The projection is on the clipboard, with z."
                if parcel.inputs is not None
                else "The target is on the clipboard."
            )
            self.studio.message.emit(what)

    def use_it(self) -> None:
        """Send the z that was found to the Directions panel."""
        z = self.inverting.z
        if z is not None:
            self.studio.sample_chosen.emit(z.copy())
            self.studio.message.emit("The projection is in the Directions panel.")

    def _again(self) -> None:
        """Something that the search depends on was chosen otherwise."""
        if self.inverting.subject is not None:
            self.search(self.inverting.subject)

    def _take_typed(self) -> None:
        dim = self.inverting.cloud.shape[1] if self.inverting.points else None
        try:
            self.search(PointTarget(point(self.typed.text(), dim)))
        except StudioError as error:
            self.studio.trouble.emit(_capital(str(error)))

    def _train_or_cancel(self) -> None:
        if self.encoder.share is None:
            self.encoder.train()
        else:
            self.encoder.cancel()

    # drag and drop

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() not in self.view.panes and may_be_dropped(event.mimeData()):
            event.acceptProposedAction()
            self.view.mark(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.view.mark(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.view.mark(False)
        event.acceptProposedAction()
        self._take_mime(event.mimeData())

    def _take_mime(self, mime: QMimeData | None) -> None:
        try:
            self.search(subject_in(mime, self.inverting.points))
        except StudioError as error:
            self.studio.trouble.emit(_capital(str(error)))

    # looks

    def _say(self, sentence: str) -> None:
        self._waiting.over()
        self.view.say(_capital(sentence))

    def _lose(self) -> None:
        """Another G: the target may stay, to be searched again."""
        if self.inverting.subject is not None:
            self.view.say_found(ANOTHER)
        else:
            self._waiting.again()
        self._show_state()

    def _show_kind(self) -> None:
        """What G makes is known."""
        self._waiting.over()
        points = self.inverting.points
        self.view.set_points(points)
        self.view.points.show_cloud(self.inverting.cloud)
        self.choices.show_for(points)
        for button in (self.open, self.real):
            button.setVisible(not points)
        self.typed.setVisible(points)
        self._fit()
        if self.inverting.case is None and self.inverting.subject is None:
            self.view.say("" if points else EMPTY)
        self._show_state()

    def _show_case(self) -> None:
        case, prior = self.inverting.case, self.inverting.prior
        if case is not None and prior is not None:
            self._waiting.over()
            self.view.show_projection(case.found, prior.std, case.caption)
        self._show_state()

    def _show_state(self) -> None:
        """Make buttons and words say what is going on."""
        inverting = self.inverting
        searching, ready = inverting.share is not None, inverting.prior is not None
        self.progress.setVisible(searching)
        self.progress.setValue(round(1000 * (inverting.share or 0)))
        for button in (self.open, self.real, self.own):
            button.set_enabled(ready)
        self.use.set_enabled(inverting.z is not None)
        self.further.set_enabled(inverting.subject is not None and not searching)
        self.cancel.set_enabled(searching)
        self.back.set_enabled(inverting.can_go_back)
        self.forward.set_enabled(inverting.can_go_forward)
        self.train.set_enabled(ready)
        share = self.encoder.share
        words = "Train an encoder" if share is None else f"Cancel encoder {share:.0%}"
        if words != self.train.text():
            self.train.setText(words)
            self.train.setToolTip(WHAT_FOR if share is None else "Give the training of the encoder up")
            self._fit()
        said = self._said()
        self.words.setText(said)
        self.words.setVisible(bool(said))

    def _said(self) -> str:
        case = self.inverting.case
        found, said = case.found if case is not None else None, []
        if self.inverting.share is not None and found is not None and found.method:
            said.append(f"{found.method}…")
        if found is not None and found.encoder_words:
            guess = f" Its guess alone: {psnr(found.encoder_mse):.1f} dB." if found.encoder_mse is not None else ""
            said.append(found.encoder_words + ("" if self.inverting.points else guess))
        if self.inverting.points and case is None:
            said.append("Click where G's point should be, or type its coordinates.")
        if not said and self.encoder.sentence:
            said.append(self.encoder.sentence)
        news = self.encoder.news
        if not said and self.encoder.share is not None and news is not None:
            said.append(f"The encoder is at {psnr(news.error):.1f} dB on own samples.")
        return " ".join(said)

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST_WIDTH, super().minimumSizeHint().height())

    def _fit(self) -> None:
        for row in self._rows:
            row.fit()

    def restyle(self) -> None:
        for part in (*self._buttons, self.train, self.view):
            part.restyle()
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.inverting.set_active(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.inverting.set_active(False)

    # memory

    def save_state(self) -> dict[str, Any]:
        return self.choices.save_state()

    def load_state(self, state: dict[str, Any]) -> None:
        self.choices.load_state(state)
        self.view.set_signed(self.choices.signed.currentData())


WHAT_FOR = (
    "Teach a small network to guess z from G's own samples, in the background, for a minute at most. Every search then "
    "starts from its guess. What it buys is time: for DCGAN · MNIST own samples are found to 30 dB some fifteen times "
    "sooner. Real digits end as close as without it"
)


def _capital(sentence: str) -> str:
    return f"{sentence[:1].upper()}{sentence[1:]}."
