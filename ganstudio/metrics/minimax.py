"""The minimax game on a line: V(G, D) over a family of discriminators that holds the optimal one.

For data p and a generator q, the family is D_t(x) = σ(t · log p(x)/q(x)): the optimal discriminator's logit times t.

* t = 0 is D = ½ everywhere: it knows nothing, and V = −log 4 whatever G is.
* t = 1 is D* = p/(p + q) (Goodfellow et al. 2014, equation 2).
* t > 1 is surer than the densities warrant, t < 0 takes each for the other.

V(G, D_t) = E_p log D_t + E_q log(1 − D_t) (equation 1) is concave in t, as D_t's logit is linear in t, and so its
maximum over t is the maximum over all D: V(G, D*) = −log 4 + 2·JSD(p ‖ q) (equations 4 to 6). G* makes that least.
"""

from math import log

import numpy as np

from ganstudio.metrics.line_mixture import LineMixture

LOG_4 = log(4)
REACH = 9.0
"""Integrals go so many σ beyond every component: what lies outside is below 1e-18."""
FINE = 16.0
"""Nodes in one σ of the narrowest component. The trapezoidal rule then errs by less than 1e-6 for |t| ≤ 3."""
MOST_NODES = 6001


def value(p: LineMixture, q: LineMixture, t: np.ndarray) -> np.ndarray:
    """V(G, D_t) in nats for data ``p``, generator ``q`` and each of ``t`` (n,): (n,)."""
    x, width = nodes(p, q)
    of_p, of_q = p.log_density(x), q.log_density(x)
    logit = np.multiply.outer(np.asarray(t, np.float64), of_p - of_q)
    # log σ(l) = −softplus(−l) and log(1 − σ(l)) = −softplus(l)
    return -(np.logaddexp(0, -logit) @ np.exp(of_p) + np.logaddexp(0, logit) @ np.exp(of_q)) * width


def jensen_shannon(p: LineMixture, q: LineMixture) -> float:
    """JSD(p ‖ q) in nats, 0…log 2: ½ KL(p ‖ m) + ½ KL(q ‖ m) with m = (p + q)/2."""
    x, width = nodes(p, q)
    of_p, of_q = p.log_density(x), q.log_density(x)
    middle = np.logaddexp(of_p, of_q) - log(2)
    return float(0.5 * (np.exp(of_p) @ (of_p - middle) + np.exp(of_q) @ (of_q - middle)) * width)


def best_value(p: LineMixture, q: LineMixture) -> float:
    """max over D of V(G, D) = −log 4 + 2·JSD(p ‖ q)."""
    return -LOG_4 + 2 * jensen_shannon(p, q)


def discriminator(p: LineMixture, q: LineMixture, t: float, x: np.ndarray) -> np.ndarray:
    """D_t(x), 0…1."""
    return np.exp(-np.logaddexp(0, -t * (p.log_density(x) - q.log_density(x))))


def nodes(*mixtures: LineMixture, fine: float = FINE) -> tuple[np.ndarray, float]:
    """Equidistant places that hold all mass of the mixtures, ``fine`` of them in the least σ, and their distance."""
    ends = [mixture.extent(REACH) for mixture in mixtures]
    low, high = min(low for low, _ in ends), max(high for _, high in ends)
    narrowest = min(min(mixture.sigmas) for mixture in mixtures)
    count = min(MOST_NODES, int(fine * (high - low) / narrowest) + 2)
    x = np.linspace(low, high, count)
    return x, float(x[1] - x[0])
