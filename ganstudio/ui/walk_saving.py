"""What of a walk goes into files: films, a strip of frames, z; and z that comes back from one."""

from collections.abc import Callable
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMenu, QProgressBar, QWidget

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.anchors import read_z, spread, write_z
from ganstudio.ui.studio import Studio
from ganstudio.ui.theme import colours
from ganstudio.ui.walk_film import Scene, WalkFilm, enlarged
from ganstudio.ui.widgets.controls import button
from ganstudio.ui.widgets.sample_drag import image_of
from ganstudio.ui.widgets.walk_plane import Curve
from ganstudio.ui.widgets.walk_player import BACK, FPS

if TYPE_CHECKING:
    from ganstudio.ui.walk_page import WalkPage

FILMS = "WebP: small, for the web (*.webp);;GIF: plays everywhere, large (*.gif);;MP4: for slides and players (*.mp4)"
Z_FILES = "z as NumPy array (*.npy)"
TILE = 128
"""Pixels of the longer side of a tile of the strip, at the least."""
GAP = 4
PLOT_SIDE = 720


class WalkSaving(QWidget):
    """The row that shows how far a film is; hidden while none is made. Its ``menu`` offers all that can be saved."""

    def __init__(self, studio: Studio, page: "WalkPage", load: Callable[[np.ndarray, str], object]):
        """``load(anchors, name)`` takes z (n, dim) that came from a file of that name."""
        super().__init__()
        self._studio, self._page, self._load = studio, page, load
        self.film = WalkFilm(studio.explorer)
        self.film.progressed.connect(self._progress)
        self.film.ended.connect(self._ended)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the film")
        self.words = QLabel()
        self.cancel = button("Give up", "Give the film up", "End without a film", self.film.cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 6)
        layout.setSpacing(8)
        layout.addWidget(self.words)
        layout.addWidget(self.bar, 1)
        layout.addWidget(self.cancel)
        self.hide()

    def menu(self, parent: QWidget) -> QMenu:
        """What can be saved and loaded now."""
        menu = QMenu(parent)
        there = self._page.path is not None
        for words, run, enabled in (
            ("Film: WebP, GIF or MP4…", self.ask_film, there and not self.film.making),
            ("Strip of frames as PNG…", self.ask_strip, there),
            ("z of all frames as .npy…", self.ask_z, there),
            ("", None, False),
            ("z of the anchors as .npy…", self.ask_anchors, there),
            ("Load anchors from .npy…", self.ask_load, there),
        ):
            if run is None:
                menu.addSeparator()
            else:
                menu.addAction(words, run).setEnabled(enabled)
        return menu

    # asking for files

    def ask_film(self) -> None:
        """Ask where to, and film the walk."""
        self._save("Film the walk", "walk.webp", FILMS, self.save_film)

    def ask_strip(self) -> None:
        """Ask where to, and save the strip of frames."""
        self._save("Save the strip", "walk.png", "PNG image (*.png)", self.save_strip)

    def ask_z(self) -> None:
        """Ask where to, and save z of all frames."""
        self._save("Save z of all frames", "walk.npy", Z_FILES, self.save_z)

    def ask_anchors(self) -> None:
        """Ask where to, and save the anchors."""
        self._save("Save the anchors", "anchors.npy", Z_FILES, self.save_anchors)

    def ask_load(self) -> None:
        """Ask for a file, and walk through the z in it."""
        name, _ = QFileDialog.getOpenFileName(self, "Load anchors", "", Z_FILES)
        if name:
            self.load(FilePath(name))

    def _save(self, title: str, name: str, kinds: str, save: Callable[[FilePath], bool]) -> None:
        found, kind = QFileDialog.getSaveFileName(self, title, name, kinds)
        if found:
            path = FilePath(found)
            save(path if path.suffix else path.with_suffix(kind.rsplit("*", 1)[-1].rstrip(")")))

    # saving

    def save_film(self, path: FilePath) -> bool:
        """Film the walk as it plays: there and back where it plays so. Answers whether it has begun."""
        page = self._page
        if page.path is None:
            return False
        frames = list(range(len(page.z)))
        if page.player.mode.currentData() == BACK:
            frames += frames[-2:0:-1]
        anchors, cloud, look = page.anchor_frames, page.player.plane.curve.cloud, colours()

        def plot(points: np.ndarray, frame: int) -> np.ndarray:
            return Curve(points, anchors, cloud).picture(frame, PLOT_SIDE, PLOT_SIDE, look)

        return self._try(lambda: self.film.make(Scene(page.z, frames, path, FPS, plot)), "")

    def save_strip(self, path: FilePath) -> bool:
        """Save the frames of the strip side by side as PNG; of points the plot of the walk."""
        return self._try(lambda: self._write_strip(path), f"Saved {path}.")

    def _write_strip(self, path: FilePath) -> None:
        page = self._page
        samples = [page.feed.cache.get(key) for key in page.strip.keys]
        if any(sample is None for sample in samples) or not samples:
            raise StudioError("the frames are still being rendered; try again in a moment")
        if samples[0].ndim == 1:
            picture = page.player.plane.curve.picture(page.player.position, PLOT_SIDE, PLOT_SIDE, colours())
        else:
            tiles = [np.pad(enlarged(one, TILE), ((0, 0), (0, GAP), (0, 0)), constant_values=255) for one in samples]
            picture = np.concatenate(tiles, axis=1)[:, :-GAP]
        if not image_of(picture).save(str(path), "PNG"):
            raise StudioError("the picture cannot be written there; choose another place", str(path))

    def save_z(self, path: FilePath) -> bool:
        """Save z of all frames (count, dim) float32 as ``.npy``."""
        return self._try(lambda: write_z(path, self._page.z), f"Saved {len(self._page.z)} z in {path}.")

    def save_anchors(self, path: FilePath) -> bool:
        """Save z of the anchors (n, dim) float32 as ``.npy``."""
        found = self._page.path
        if found is None:
            return False
        return self._try(lambda: write_z(path, found.anchors), f"Saved {len(found.anchors)} anchors in {path}.")

    def load(self, path: FilePath) -> bool:
        """Walk through the z of a file; of more than 16 through as many of them, evenly chosen."""
        page = self._page
        if page.path is None:
            return False

        def take() -> None:
            z = read_z(path, page.path.anchors.shape[1])
            if len(z) < 2:
                raise StudioError("holds a single z; a walk needs two", str(path))
            self._load(spread(z), path.name)
            chosen = f", every {len(z) / 16:.3g}th of {len(z)}" if len(z) > 16 else ""
            self._studio.message.emit(f"Walking through {len(spread(z))} anchors of {path.name}{chosen}.")

        return self._try(take, "")

    def _try(self, work: Callable[[], object], done: str) -> bool:
        try:
            work()
        except StudioError as error:
            self._studio.trouble.emit(f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return False
        if done:
            self._studio.message.emit(done)
        return True

    # the film

    def _progress(self, share: float, words: str) -> None:
        self.words.setText(words)
        self.bar.setValue(round(1000 * share))
        self.show()

    def _ended(self, done: bool, sentence: str) -> None:
        self.hide()
        if done or not sentence:
            self._studio.message.emit(sentence or "Given up; there is no film.")
        else:
            self._studio.trouble.emit(sentence)
