"""A direction from labelled samples: logistic regression on z, and how well it tells unseen samples apart. Pure.

A linear boundary in the latent space separates a GAN's samples by an attribute, and its normal is the direction along
which the attribute comes about (InterFaceGAN, Shen et al. 2020, section 3.1, there with a linear SVM).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

import numpy as np

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.requests import Study

LEAST = 3
"""Samples of each side, below which nothing can be said."""
RIDGE = 3.0
"""λ; see ``fitted``. Of 8 to 60 labelled faces any from 0.1 to 100 gives directions that are equally good; strong
ridges lead to the difference of the two sides' means, the best there is for sides that are shifted normals."""
MOST_LEFT_OUT = 40
"""Up to so many samples each is left out in turn; of more, each of ``FOLDS`` parts is."""
FOLDS = 10
ITERATIONS, EXACT = 50, 1e-10


@dataclass(frozen=True, eq=False)
class FitLabels(Study):
    """A direction from samples with labels. Answered by ``Labelled``, first without its accuracy."""

    inputs: np.ndarray
    """(n, dim) float32: G's input of each sample."""
    labels: np.ndarray
    """(n,) bool: whether it has the attribute."""
    std: float = 1.0
    """Of each number of the prior."""
    seed: int = 0
    """Of the split into folds, where there are fewer than samples."""


@dataclass(frozen=True, eq=False)
class Labelled:
    """What logistic regression makes of labelled samples."""

    vector: np.ndarray
    """(dim,) float64 of length 1, towards those that have the attribute."""
    threshold: float
    """Coordinate along ``vector``, in σ, beyond which a sample is taken to have it."""
    strength: float
    """How far apart along ``vector`` the means of the two sides lie, in z's own units."""
    have: int
    have_not: int
    accuracy: float | None = None
    """Cross-validated: the mean of the shares of either side that are told rightly, 0…1; guessing gives ½."""
    error: float | None = None
    """Its standard error."""
    folds: int = 0
    """How many parts were left out in turn: as many as samples is leave-one-out."""


def check_labels(inputs: np.ndarray, labels: np.ndarray) -> None:
    """Raise ``StudioError`` where a direction cannot be had of these."""
    if inputs.ndim != 2 or labels.shape != (len(inputs),) or not np.isfinite(inputs).all():
        raise StudioError(f"are no rows of finite numbers, one a label ({inputs.shape}, {labels.shape})", "inputs")
    have, have_not = int(labels.sum()), int((~labels).sum())
    if min(have, have_not) < LEAST:
        sides = f"now {have} have it and {have_not} have not"
        raise StudioError(f"label at least {LEAST} samples that have it and {LEAST} that have not ({sides})")


def balanced(labels: np.ndarray) -> np.ndarray:
    """(n,) weights whose sum is n, half of it for either side: how often somebody clicked a side says nothing."""
    have = labels.mean()
    return np.where(labels, 0.5 / have, 0.5 / (1 - have))


def loss_and_gradient(
    weights: np.ndarray, x: np.ndarray, labels: np.ndarray, ridge: float
) -> tuple[float, np.ndarray, np.ndarray]:
    """(the loss, its gradient (d + 1,), each sample's probability (n,)) at ``weights`` (d + 1,), the last the bias.

    Σᵢ cᵢ log(1 + exp(−sᵢ(w·xᵢ + b))) + ½ λ‖w‖² with s = ±1, c from ``balanced``: L2-regularised logistic regression
    (Hastie et al. 2009, section 4.4); the bias is free.
    """
    c = balanced(labels)
    logits = x @ weights[:-1] + weights[-1]
    loss = float(c @ np.logaddexp(0, np.where(labels, -logits, logits)) + ridge / 2 * weights[:-1] @ weights[:-1])
    probability = 0.5 * (1 + np.tanh(logits / 2))
    slope = c * (probability - labels)
    return loss, np.append(x.T @ slope + ridge * weights[:-1], slope.sum()), probability


def fitted(x: np.ndarray, labels: np.ndarray, ridge: float = RIDGE) -> np.ndarray:
    """(d + 1,) weights and bias at which ``loss_and_gradient`` is least, by Newton's method with step halving.

    ``x`` (n, d) in σ. The loss is strictly convex and the ridge keeps separable sides finite.
    """
    wide = np.column_stack([x, np.ones(len(x))])
    penalty = np.append(np.full(x.shape[1], ridge), 1e-9)
    c, weights = balanced(labels), np.zeros(x.shape[1] + 1)
    loss, gradient, p = loss_and_gradient(weights, x, labels, ridge)
    for _ in range(ITERATIONS):
        curvature = (wide * (c * p * (1 - p))[:, None]).T @ wide + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        if gradient @ step < EXACT:
            break
        share = 1.0
        while True:
            found = loss_and_gradient(weights - share * step, x, labels, ridge)
            if found[0] <= loss - 1e-4 * share * (gradient @ step) or share < 1e-6:
                break
            share /= 2
        weights, (loss, gradient, p) = weights - share * step, found
    return weights


def splits(labels: np.ndarray, seed: int) -> np.ndarray:
    """(n,) the fold 0…k − 1 of each sample: each by itself when they are few, else both sides dealt out evenly."""
    count = len(labels)
    if count <= MOST_LEFT_OUT:
        return np.arange(count)
    dice, folds = np.random.default_rng(seed), np.empty(count, np.int64)
    start = 0
    for side in (True, False):
        of_side = dice.permutation(np.flatnonzero(labels == side))
        folds[of_side] = (start + np.arange(len(of_side))) % FOLDS
        start += len(of_side)
    return folds


def labelled(inputs: np.ndarray, labels: np.ndarray, std: float = 1.0, seed: int = 0) -> Labelled:
    """The direction and its cross-validated accuracy, at once; see ``FitLabels``."""
    *_, (_, last) = fit_labels(FitLabels(inputs, labels, std, seed))
    return last


def fit_labels(request: FitLabels) -> Iterator[tuple[float, Labelled]]:
    """(share of the work done, what is known by then). Raises ``StudioError`` for fewer than ``LEAST`` of a side."""
    labels = np.asarray(request.labels, bool)
    check_labels(request.inputs, labels)
    z = request.inputs.astype(np.float64)
    x = z / request.std
    # The ridge does not care how the axes lie: in the span of the samples everything has at most n numbers.
    rotation = np.linalg.svd(x, full_matrices=False)[2]
    x = x @ rotation.T
    weights = fitted(x, labels)
    length = float(np.linalg.norm(weights[:-1]))
    if not length > 0:
        raise StudioError("the samples that have it and those that have not are the same", "labels")
    vector = rotation.T @ weights[:-1] / length
    vector /= np.linalg.norm(vector)
    apart = float((z[labels].mean(0) - z[~labels].mean(0)) @ vector)
    have = int(labels.sum())
    found = {"vector": vector, "threshold": -weights[-1] / length, "strength": apart}
    found |= {"have": have, "have_not": len(labels) - have}
    folds = splits(labels, request.seed)
    right, count = np.zeros(len(labels), bool), int(folds.max()) + 1
    yield 1 / (count + 1), Labelled(**found)
    for fold in range(count):
        out = folds == fold
        w = fitted(x[~out], labels[~out])
        right[out] = (x[out] @ w[:-1] + w[-1] > 0) == labels[out]
        if fold < count - 1:
            yield (fold + 2) / (count + 1), Labelled(**found)
    accuracy, error = judged(right, labels)
    yield 1.0, Labelled(**found, accuracy=accuracy, error=error, folds=count)


def judged(right: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Mean share of either side that was told rightly, and its standard error.

    The error is binomial, with two successes and two failures added to each side (Agresti & Coull 1998), so that all
    right of a few is not taken for certainty. Folds share samples, which it leaves out of account.
    """
    shares, errors = [], []
    for side in (True, False):
        told = right[labels == side]
        shares.append(told.mean())
        guess = (told.sum() + 2) / (len(told) + 4)
        errors.append(guess * (1 - guess) / (len(told) + 4))
    return float(np.mean(shares)), sqrt(sum(errors)) / 2
