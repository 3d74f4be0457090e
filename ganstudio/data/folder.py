"""Any folder of images; its subfolders are classes."""

import hashlib
import os
from collections import defaultdict
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import torch
from PIL import ImageColor
from pydantic import AfterValidator

from ganstudio.data.dataset import DataSource, ImageData, Progress, existing, report
from ganstudio.data.decode import Target, Undecodable, decode, in_order
from ganstudio.data.memory import check_room
from ganstudio.data.pixels import Size
from ganstudio.data.walk import Found, printable, scan
from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.experiment.errors import StudioError

NAMED = 5
"""How many skipped files a note names."""


def _colour(text: str) -> str:
    try:
        ImageColor.getrgb(text)
    except ValueError:
        raise ValueError("must be a colour such as #ffffff or white") from None
    return text


class Folder(DataSource):
    """PNG, JPEG, WebP, BMP, GIF (first frame), TIFF and PPM files, at any depth, in the order of their paths."""

    kind = "folder"
    title = "Folder of images"
    description = "Your own images: any folder; subfolders become classes."

    class Config(ComponentConfig):
        path: str = param("", "Folder", "The folder that holds the images, directly or in one subfolder a class.")
        size: Size = param(
            64, "Size", "Side to which every image is brought, a multiple of 4.", unit="pixels", ge=16, le=128
        )
        fit: Literal["crop", "pad", "stretch"] = param(
            "crop",
            "Fit",
            "How other shapes become squares: their centre, the whole with bars beside it, the whole stretched.",
        )
        channels: Literal["auto", "grey", "colour"] = param(
            "auto", "Channels", "auto is grey when every image is, else colour."
        )
        background: Annotated[str, AfterValidator(_colour)] = param(
            "#ffffff", "Background", "Colour behind transparent pixels and of the bars beside padded images."
        )
        limit: int = param(
            0, "At most", "Takes this many images, evenly spaced over the folder; 0 takes all.", unit="images", ge=0
        )

    def cache_key(self) -> tuple[str, ...]:
        root = _folder(self.config.path)
        state = hashlib.sha256()
        for file in scan(root):
            state.update(f"{file.path}\0{file.signature}\0".encode("utf-8", "surrogateescape"))
        return (*super().cache_key(), state.hexdigest())

    def load(self, progress: Progress | None = None) -> ImageData:
        root = _folder(self.config.path)
        files = list(scan(root, progress))
        if not files:
            raise StudioError("this folder is empty; put images into it or choose another", str(root))
        if 0 < self.config.limit < len(files):
            files = [files[i * len(files) // self.config.limit] for i in range(self.config.limit)]
        size, channels = self.config.size, 1 if self.config.channels == "grey" else 3
        remedy = "choose a smaller size, or fewer images (the field limit)"
        check_room(len(files) * size * size * channels, str(root), remedy)
        target = Target(size, self.config.fit, channels, ImageColor.getrgb(self.config.background)[:3])
        images, kept, notes = decode_all(files, root, target, progress)
        labels, classes = _classes(kept, notes)
        if self.config.channels == "auto" and _all_grey(images):
            images = np.ascontiguousarray(images[..., :1])
        return ImageData(torch.from_numpy(images), labels, classes, notes)


def decode_all(
    files: list[Found], root: Path, target: Target, progress: Progress | None
) -> tuple[np.ndarray, list[Found], list[str]]:
    """((N, size, size, channels) uint8, the N files they come from, notes about the others)."""

    def one(file: Found) -> tuple[np.ndarray, bool] | Undecodable:
        try:
            return decode(Path(file.path), target)
        except Undecodable as reason:
            return reason

    images = np.empty((len(files), target.size, target.size, target.channels), np.uint8)
    kept: list[Found] = []
    skipped: dict[str, list[str]] = defaultdict(list)
    enlarged = 0
    for index, (file, result) in enumerate(zip(files, in_order(one, files), strict=True)):
        report(progress, "reading images", index / len(files))
        if isinstance(result, Undecodable):
            skipped[str(result)].append(printable(os.path.relpath(file.path, root)))
        else:
            images[len(kept)], larger = result
            kept.append(file)
            enlarged += larger
    notes = [_skipped(reason, names) for reason, names in skipped.items()]
    if not kept:
        raise StudioError(f"this folder holds no images that can be read. {' '.join(notes)}", str(root))
    if enlarged:
        notes.append(f"{enlarged} of {len(kept)} images are smaller than {target.size} pixels and were enlarged.")
    return images[: len(kept)], kept, notes


def _folder(path: str) -> Path:
    root = existing(path)
    if not root.is_dir():
        raise StudioError("this is a file, not a folder; choose the folder that holds the images", str(root))
    return root


def _skipped(reason: str, names: list[str]) -> str:
    shown = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
    files = "1 file was" if len(names) == 1 else f"{len(names)} files were"
    return f"{files} skipped ({reason}): {shown}."


def _classes(files: list[Found], notes: list[str]) -> tuple[torch.Tensor | None, list[str]]:
    """(N,) labels by subfolder and the subfolders' names; no labels when images lie directly in the folder."""
    names = sorted({file.group for file in files})
    if names == [""]:
        return None, []
    if "" in names:
        notes.append("Images lie both in subfolders and beside them, so there are no classes.")
        return None, []
    labels = {name: label for label, name in enumerate(names)}
    return torch.tensor([labels[file.group] for file in files]), names


def _all_grey(images: np.ndarray) -> bool:
    return all((image == image[..., :1]).all() for image in images)
