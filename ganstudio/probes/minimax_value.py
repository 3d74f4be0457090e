"""The value of the game on cells of the number line: D*, V(G, D) and V(G, D*) by quadrature.

``p`` and ``q`` are (M,) masses of p_data and p_g in M cells that together hold all of both (each sums to 1); ``logit``
(M,) is D's logit in each cell. Goodfellow et al. 2014, section 4.1: equations 2 (D*) and 3 to 6 (V). All in nats.
"""

import numpy as np

from ganstudio.metrics.divergence import LEAST


def optimal_discriminator(p: np.ndarray, q: np.ndarray, real_target: float = 1.0) -> np.ndarray:
    """(M,) D*(x) = α p_data / (p_data + p_g), with α the real target (Salimans et al. 2016, section 3.4, for α < 1).

    NaN where there is neither data nor sample, for there D may say anything.
    """
    both = p + q
    return real_target * np.divide(p, both, out=np.full_like(both, np.nan), where=both > 0)


def value(p: np.ndarray, q: np.ndarray, logit: np.ndarray) -> float:
    """V(G, D) = Σ p log D + Σ q log(1 − D), D = sigmoid(logit)."""
    return -float((p * _softplus(-logit) + q * _softplus(logit)).sum())


def value_at_best(p: np.ndarray, q: np.ndarray, real_target: float = 1.0) -> float:
    """V(G, D*). Without smoothing it is −log 4 + 2 JSD, the largest value that V(G, ·) has."""
    best = optimal_discriminator(p, q, real_target)
    return float((_weighted_log(p, best) + _weighted_log(q, 1 - best)).sum())


def shortfall(p: np.ndarray, q: np.ndarray, logit: np.ndarray, real_target: float = 1.0) -> float:
    """How much D could still gain while G stays: V(G, D*) − V(G, D), or the same of the smoothed game; never below 0.

    The smoothed game's value is Σ p [α log D + (1 − α) log(1 − D)] + Σ q log(1 − D). The difference to its largest is
    Σ (p + q) KL(Bernoulli(D*) ‖ Bernoulli(D)).
    """
    real = real_target * p
    fake = p + q - real
    best = optimal_discriminator(p, q, real_target)
    entropy = _weighted_log(real, best) + _weighted_log(fake, 1 - best)
    return max(0.0, float((entropy + real * _softplus(-logit) + fake * _softplus(logit)).sum()))


def _softplus(x: np.ndarray) -> np.ndarray:
    return np.logaddexp(0.0, x)


def _weighted_log(weight: np.ndarray, x: np.ndarray) -> np.ndarray:
    """weight · log x, 0 where the weight is."""
    return weight * np.log(np.where(weight > LEAST, x, 1.0))
