"""The encoder of the open generator as the Invert panel sees it: trained on demand, saved with the run."""

from PySide6.QtCore import QObject, Signal

from ganstudio.latent.encoder import ENCODER_FILE, EncoderNews, FitEncoder, SaveEncoder
from ganstudio.latent.inversion import psnr
from ganstudio.latent.requests import Answer
from ganstudio.ui.studio import Studio

CLIENT = "invert.encoder"


class EncoderLink(QObject):
    """Training goes on while the panel is hidden; another generator ends it."""

    changed = Signal()
    """``share``, ``news`` or ``sentence`` are others."""

    def __init__(self, studio: Studio):
        super().__init__()
        self._studio = studio
        self.share: float | None = None
        """How much of the training is done, 0…1; None while none is going on."""
        self.news: EncoderNews | None = None
        """Of the encoder that was trained here last."""
        self.sentence = ""
        """What became of it."""
        self._unsaved = False
        studio.explorer.answered.connect(self._take)
        studio.explorer.reopened.connect(self._forget)
        studio.runs.open_changed.connect(self._save)

    @property
    def file(self) -> str:
        """Where the encoder of the open run lies; empty while the run has no folder."""
        folder = self._studio.runs.folder
        return "" if folder is None else str(folder / ENCODER_FILE)

    def train(self) -> None:
        """Begin to train; a minute at most."""
        self.share, self.sentence = 0.0, ""
        self._studio.explorer.ask(FitEncoder(save_to=self.file), CLIENT)
        self.changed.emit()

    def cancel(self) -> None:
        """Give the training up; an encoder that was there before stays."""
        self._studio.explorer.cancel(FitEncoder, CLIENT)
        self.share, self.sentence = None, "The training of the encoder was cancelled."
        self.changed.emit()

    def _save(self) -> None:
        """The run has got its folder: what was trained before goes there."""
        if self._unsaved and self.file:
            self._unsaved = False
            self._studio.explorer.ask(SaveEncoder(self.file), CLIENT)

    def _forget(self) -> None:
        self.share, self.news, self.sentence, self._unsaved = None, None, "", False
        self.changed.emit()

    def _take(self) -> None:
        for answer in self._studio.explorer.take(CLIENT):
            self._take_answer(answer)

    def _take_answer(self, answer: Answer) -> None:
        news = answer.value
        if answer.error:
            self.share, self.sentence = None, f"No encoder was trained: {answer.error}."
        elif isinstance(news, EncoderNews):
            self.news = news
            fitting = isinstance(answer.asked.request, FitEncoder)
            self.share = answer.share if fitting and answer.share < 1 else None
            if answer.share == 1:
                self._unsaved = not news.saved
                self.sentence = self._told(news)
        self.changed.emit()

    @staticmethod
    def _told(news: EncoderNews) -> str:
        if news.unsaved:
            return f"The encoder is kept while this window is open. {news.unsaved[:1].upper()}{news.unsaved[1:]}."
        where = "saved with the run" if news.saved else "kept while this window is open"
        return f"Encoder trained, {where}: {psnr(news.error):.1f} dB on own samples."
