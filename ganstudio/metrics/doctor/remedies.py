"""Remedies: live edits that suit an experiment as it is. A function answers None where its edit does not apply."""

from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.paths import value_at
from ganstudio.metrics.doctor.complaint import Patient, Remedy

G, D = "generator", "discriminator"
SHORT = {G: "G", D: "D"}
FRACTIONS = {10: "a tenth", 30: "a thirtieth", 100: "a hundredth"}


def _lr(player: str) -> str:
    return f"players.{player}.optimiser.params.lr"


def rate(experiment: Experiment, player: str) -> float:
    """A player's learning rate."""
    return float(value_at(experiment, _lr(player)))


def rounded(value: float) -> float:
    """To two digits, so that a field can be read."""
    return float(f"{value:.2g}")


def slower(patient: Patient, player: str, factor: int = 2) -> Remedy:
    """Divide a player's learning rate by 2 or by one of ``FRACTIONS``."""
    value = rounded(rate(patient.experiment, player) / factor)
    words = f"Halve {SHORT[player]}'s learning rate"
    if factor != 2:
        words = f"Cut {SHORT[player]}'s learning rate to {FRACTIONS[factor]}"
    return Remedy(f"{words}, to {value:g}", ((_lr(player), value),), "Smaller steps forget less of what was learnt.")


def both_slower(patient: Patient) -> Remedy:
    """Halve both players' learning rates."""
    edits = tuple((_lr(player), rounded(rate(patient.experiment, player) / 2)) for player in (G, D))
    return Remedy("Halve both learning rates", edits, "Smaller steps circle less around the equilibrium.")


def faster(patient: Patient, player: str) -> Remedy | None:
    """Double a player's learning rate, at most to 1."""
    value = rounded(2 * rate(patient.experiment, player))
    if value > 1:
        return None
    words = f"Double {SHORT[player]}'s learning rate, to {value:g}"
    return Remedy(words, ((_lr(player), value),), f"{SHORT[player]} learns too slowly to keep up.")


def as_fast_as(patient: Patient, player: str, other: str, margin: float = 1.5) -> Remedy | None:
    """Give a player the other's learning rate, where they differ by more than ``margin``."""
    mine, theirs = rate(patient.experiment, player), rate(patient.experiment, other)
    kinds = {patient.experiment.players[name].optimiser.kind for name in (player, other)}
    if len(kinds) > 1 or max(mine, theirs) <= margin * min(mine, theirs):
        return None
    words = f"Give {SHORT[player]} the learning rate of {SHORT[other]}, {theirs:g}"
    return Remedy(words, ((_lr(player), theirs),), "Players that learn at the same rate keep each other in check.")


def one_update(patient: Patient, player: str) -> Remedy | None:
    """One update of a player a step, where it has more."""
    count = patient.experiment.players[player].updates
    if count <= 1:
        return None
    words = f"One update of {SHORT[player]} a step instead of {count}"
    return Remedy(words, ((f"players.{player}.updates", 1),), "Neither player should run ahead of the other.")


def more_updates(patient: Patient, player: str) -> Remedy | None:
    """One more update of a player a step, at most five."""
    count = patient.experiment.players[player].updates
    if count >= 5:
        return None
    words = f"{count + 1} updates of {SHORT[player]} a step instead of {count}"
    return Remedy(words, ((f"players.{player}.updates", count + 1),), f"{SHORT[player]} needs more steps to keep up.")


def larger_batch(patient: Patient, size: int) -> Remedy:
    """So many samples in an update."""
    words = f"Batches of {size} instead of {patient.experiment.batch_size}"
    return Remedy(words, (("batch_size", size),), "The statistics of more samples are less of a gamble.")


def non_saturating(patient: Patient) -> Remedy | None:
    """Another loss for G, where the one it has fades with D's certainty."""
    if patient.experiment.objective.kind not in ("saturating", "maximum-likelihood"):
        return None
    reason = "−log D(G(z)) is steepest where D rejects a sample (Goodfellow et al. 2014, section 3)."
    return Remedy("Give G the non-saturating loss", (("objective.kind", "non-saturating"),), reason)


def _switch_on(patient: Patient, path: str, value: float, neutral: float, words: str, reason: str) -> Remedy | None:
    return None if value_at(patient.experiment, path) != neutral else Remedy(words, ((path, value),), reason)


def r1(patient: Patient) -> Remedy | None:
    """R1, where it is off."""
    gamma = 1.0 if patient.images else 0.1
    reason = "A penalty on D's slope at real samples makes its cliffs hills (Mescheder et al. 2018, section 4.1)."
    return _switch_on(patient, "regularisers.r1.gamma", gamma, 0, f"Switch on R1, γ = {gamma:g}", reason)


def gradient_penalty(patient: Patient) -> Remedy | None:
    """What a Wasserstein critic needs, where nothing bounds its slope."""
    reason = "Without a bound on its slope a critic's values grow for ever (Gulrajani et al. 2017, section 4)."
    path = "regularisers.gradient-penalty.weight"
    return _switch_on(patient, path, 10.0, 0, "Switch on the gradient penalty, λ = 10", reason)


def weight_clipping(patient: Patient) -> Remedy | None:
    """The older way."""
    reason = "It bounds a critic's slope (Arjovsky et al. 2017, algorithm 1)."
    path = "constraints.weight-clipping.limit"
    return _switch_on(patient, path, 0.05, 0, "Clip D's weights at 0.05", reason)


def instance_noise(patient: Patient) -> Remedy | None:
    """Noise on what D sees, where there is none."""
    reason = "Real and fake samples then overlap, and D cannot be certain (Sønderby et al. 2017, section 3.5)."
    path = "regularisers.instance-noise.sigma"
    return _switch_on(patient, path, 0.1, 0, "Add instance noise, σ = 0.1", reason)


def label_smoothing(patient: Patient) -> Remedy | None:
    """A real target below 1."""
    reason = "D then pays for being certain (Salimans et al. 2016, section 3.4)."
    path = "regularisers.label-smoothing.real_target"
    return _switch_on(patient, path, 0.9, 1, "Smooth the real label to 0.9", reason)


def diff_augment(patient: Patient) -> Remedy | None:
    """Random changes of all that D sees, against learning a small data set by heart."""
    if not patient.images:
        return None
    path = "regularisers.diff-augment"
    if value_at(patient.experiment, f"{path}.translation") or value_at(patient.experiment, f"{path}.cutout"):
        return None
    reason = "D never sees the same picture twice, and cannot learn it by heart (Zhao et al. 2020, section 3.2)."
    return Remedy("Switch on DiffAugment", ((f"{path}.translation", 0.125), (f"{path}.cutout", 0.3)), reason)


def clipped(patient: Patient, player: str, norm: float) -> Remedy | None:
    """The norm of a player's gradient limited, where it is not."""
    path = f"players.{player}.gradient_clip"
    reason = "No single step can then be large."
    words = f"Clip {SHORT[player]}'s gradient at {norm:g}"
    return _switch_on(patient, path, norm, 0, words, reason)
