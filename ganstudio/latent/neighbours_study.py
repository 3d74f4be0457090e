"""The studies that look for the training samples nearest to those of G. Imports torch."""

from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.neighbours import ALONE, CompareDistances, Distances, FindNeighbours, Found, Neighbours
from ganstudio.latent.neighbours_data import Real, real_data
from ganstudio.latent.neighbours_features import Features, floats
from ganstudio.latent.neighbours_search import Index
from ganstudio.latent.requests import as_bytes
from ganstudio.latent.workshop import Workshop

INDEX, FEATURES, REAL = "neighbours.index", "neighbours.features", "neighbours.real"
"""What is kept: the index of pixels or points, D's features, the distances of real samples."""
FIRST_LOOK = 2048
"""Training samples whose features are searched first; then twice as many, and so on."""
LEAST_COMPARED, WORK = 32, 120_000_000_000
"""Samples that are compared at the least; otherwise no more than so many multiplications are made for them."""
REAL_SEED = 7

Slices = Iterator[tuple[float, Any]]


def find_neighbours(workshop: Workshop, request: FindNeighbours) -> Slices:
    """The work of ``FindNeighbours``. Raises ``StudioError`` when there is nothing to search for, or among."""
    real = real_data(workshop)
    samples = queries(workshop, request, real)
    index = yield from _told(_index(workshop, real), 0.0, 0.1, None)
    search = _by_pixels(real, index, samples, request.count)
    pixels = yield from _told(search, 0.1, 0.2, None)
    found = Neighbours(samples, pixels, None, real.classes, real.samples if real.points else None)
    if not request.features:
        yield 1.0, found
        return
    yield 0.2, found
    yield from _with_features(workshop, request, real, found)


def _with_features(workshop: Workshop, request: FindNeighbours, real: Real, found: Neighbours) -> Slices:
    """Search what there is of D's features, then more and more of them."""
    features: Features | None = workshop.kept.get(FEATURES)
    if features is None or request.refresh:
        critic = workshop.critic
        features = Features(critic, workshop.critic_step, real.samples)
    # Only an eye that sees something finite in these samples, and below in all others, is kept.
    eyed = torch.cat([features.eye.features(part) for part in floats(found.samples).split(64)])
    workshop.kept[FEATURES] = features
    while True:
        done = 0.2 + 0.79 * features.index.filled / len(features.places)
        if features.index.filled:
            search = _by_features(real, features, eyed, request.count)
            seen = yield from _told(search, done, done, found)
            found = replace(found, features=seen)
        if features.complete:
            yield 1.0, found
            return
        yield done, found
        try:
            for filled in features.grow(max(FIRST_LOOK, 2 * features.index.filled)):
                yield 0.2 + 0.79 * filled / len(features.places), found
        except StudioError:
            del workshop.kept[FEATURES]
            raise


def compare_distances(workshop: Workshop, request: CompareDistances) -> Slices:
    """The work of ``CompareDistances``. Raises ``StudioError`` for less than 3 training samples."""
    real = real_data(workshop)
    kind = "points" if real.points else "images"
    if len(real.samples) < 3:
        raise StudioError(f"distances need at least 3 training {kind} to be compared")
    index = yield from _told(_index(workshop, real), 0.0, 0.1, None)
    count = min(request.count, max(LEAST_COMPARED, WORK // (2 * real.samples.size)))
    kept = f"{REAL} {count} {real.mirrors}"
    if kept not in workshop.kept:
        workshop.kept[kept] = yield from _told(_real_distances(real, index, count), 0.1, 0.5, None)
    usual, held_out = workshop.kept[kept]
    z = workshop.draw(count, request.seed)
    samples = []
    for part in z.split(64):
        samples.append(rendered(workshop, part))
        yield 0.5, None
    search = _both_ways(index, np.concatenate(samples), 2, mirrors=real.mirrors)
    _, squared, _ = yield from _told(search, 0.5, 0.99, None)
    near, second = real.distances(squared).T
    alone = ALONE * float(np.median(usual[:, 0] / np.maximum(usual[:, 1], 1e-9))) if real.points else ALONE
    yield 1.0, Distances(near, second, usual[:, 0], held_out, kind, alone)


def _real_distances(real: Real, index: Index, count: int) -> Generator[float, None, tuple[np.ndarray, bool]]:
    """((count, 2) of held-out samples to the nearest two of the training set, or of those to the others; which)."""
    held = real.held_out
    held_out = held is not None and len(held) > 0
    chosen_from = held if held_out else real.samples
    places = np.sort(np.random.default_rng(REAL_SEED).permutation(len(chosen_from))[:count])
    own = None if held_out else places
    search = _both_ways(index, chosen_from[places], 2, mirrors=real.mirrors, own=own)
    _, squared, _ = yield from search
    return real.distances(squared), held_out


# what is searched for, and how


def queries(workshop: Workshop, request: FindNeighbours, real: Real) -> np.ndarray:
    """(n, H, W, C) uint8, or (n, D) float32: the samples of a request. Raises ``StudioError`` when there is none, or
    none to be seen.
    """
    parts = []
    if request.inputs is not None and len(request.inputs):
        parts.append(rendered(workshop, request.inputs))
    if not real.points:
        parts += [fitted(picture, real.samples.shape[1:])[None] for picture in request.images]
    elif request.images and not parts:
        raise StudioError("these data are points: a picture has no neighbours among them")
    if not parts:
        raise StudioError("there is no sample whose neighbours could be looked for")
    return np.concatenate(parts)


def rendered(workshop: Workshop, z: Tensor | np.ndarray) -> np.ndarray:
    """G's samples of z (n, dim): (n, H, W, C) uint8, or (n, D) float32. Raises ``StudioError`` when not finite."""
    samples = workshop.render(z).numpy()
    if not np.isfinite(samples).all():
        raise StudioError("G's samples are not finite numbers; go back to its last finite state")
    return as_bytes(samples) if samples.ndim == 4 else samples


def fitted(picture: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """(h, w, 1 or 3) uint8 → (H, W, C) uint8: its centre cut to the shape's proportions and resized, antialiased.

    Colour becomes grey by its luminance (ITU-R BT.601). A picture of this shape stays as it is, to the bit.
    """
    height, width, channels = shape
    if picture.shape[2] > channels:
        picture = np.rint(picture @ np.array([0.299, 0.587, 0.114])).astype(np.uint8)[..., None]
    picture = np.broadcast_to(picture, (*picture.shape[:2], channels))
    if picture.shape[:2] == (height, width):
        return np.ascontiguousarray(picture)
    h, w = picture.shape[:2]
    high, wide = (h, max(1, round(h * width / height))) if w * height > h * width else (max(1, w * height // width), w)
    top, left = (h - high) // 2, (w - wide) // 2
    cut = picture[top : top + high, left : left + wide].transpose(2, 0, 1).copy()
    resized = F.interpolate(torch.from_numpy(cut)[None], (height, width), mode="bicubic", antialias=True)
    return np.ascontiguousarray(resized[0].permute(1, 2, 0).numpy())


def _index(workshop: Workshop, real: Real) -> Generator[float, None, Index]:
    """The index of all training samples, made when it is first needed."""
    if INDEX not in workshop.kept:
        workshop.kept[INDEX] = Index(torch.from_numpy(real.samples.reshape(len(real.samples), -1)))
    index = workshop.kept[INDEX]
    yield from index.fill()
    return index


Both = tuple[np.ndarray, np.ndarray, np.ndarray]


def _both_ways(
    index: Index, samples: np.ndarray, count: int, *, mirrors: bool, own: np.ndarray | None = None
) -> Generator[float, None, Both]:
    """(places, squared distances, mirrored), each (n, count); with ``mirrors`` an image counts as it is nearest."""
    search = index.nearest(_rows(samples), count, own)
    places, squared = yield from _scaled(search, 0.0, 0.5 if mirrors else 1.0)
    if not mirrors:
        return places, squared, np.zeros(places.shape, bool)
    # The mirrored sample is as far from an image as the sample is from the mirrored image.
    turned = yield from _scaled(index.nearest(_rows(samples[:, :, ::-1]), count, own), 0.5, 1.0)
    both = [np.concatenate(pair, axis=1) for pair in zip((places, squared), turned, strict=True)]
    found: list[list[np.ndarray]] = [[], [], []]
    for row_places, row_squared in zip(*both, strict=True):
        order = np.lexsort((row_places, row_squared))
        _, first = np.unique(row_places[order], return_index=True)  # of an image's two ways the nearer
        kept = order[np.sort(first)][:count]
        for part, values in zip(found, (row_places, row_squared, np.arange(len(order)) >= count), strict=True):
            part.append(values[kept])
    return np.array(found[0]), np.array(found[1]), np.array(found[2])


def _rows(samples: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(samples).reshape(len(samples), -1))


def _by_pixels(real: Real, index: Index, samples: np.ndarray, count: int) -> Generator[float, None, Found]:
    search = _both_ways(index, samples, count, mirrors=real.mirrors)
    places, squared, mirrored = yield from search
    images = real.samples[places]
    if mirrored.any():
        images[mirrored] = images[mirrored][:, :, ::-1]
    labels = None if real.labels is None else real.labels[places]
    total = len(real.samples)
    return Found(places, real.distances(squared), images, mirrored, labels, total, total, samples[0].size)


def _by_features(real: Real, features: Features, eyed: Tensor, count: int) -> Generator[float, None, Found]:
    searched = features.index.filled
    rows, squared = yield from features.index.nearest(eyed, count)
    places = features.places[rows]
    mirrored = np.zeros(places.shape, bool)
    labels = None if real.labels is None else real.labels[places]
    return Found(
        places,
        np.sqrt(squared),
        real.samples[places],
        mirrored,
        labels,
        searched,
        len(real.samples),
        features.eye.numbers,
        features.step,
    )


def _told(work: Generator[float, None, Any], begin: float, end: float, so_far: Any) -> Generator[Any, None, Any]:
    """Work whose shares are told as those of a part of the whole, ``begin``…``end``, with what there is so far."""
    shares = _scaled(work, begin, end)
    while True:
        try:
            share = next(shares)
        except StopIteration as done:
            return done.value
        yield share, so_far


def _scaled(work: Generator[float, None, Any], begin: float, end: float) -> Generator[float, None, Any]:
    """Work whose shares run from ``begin`` to ``end``, and never fall."""
    furthest = begin
    while True:
        try:
            share = next(work)
        except StopIteration as done:
            return done.value
        furthest = max(furthest, begin + share * (end - begin))
        yield furthest
