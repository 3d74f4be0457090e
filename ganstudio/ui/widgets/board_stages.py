"""What happens in one part of a step, told stage by stage: sentence, formula, and what lights up on the board.

Pure data; knows no Qt. Nodes are ``z G fake x D score_fake score_real J_D J_G``; ``a>b`` is the forward arrow between
two of them, ``a~b`` the way of a gradient back.
"""

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ganstudio.probes.board import BoardFrame, Move

G, D = "generator", "discriminator"
BOTH = f"{G}+{D}"
LEGIBLE_SECONDS = 0.12
"""Stages that would pass faster than this are shown as one."""
LOW_D = "J_D is low where D tells x from G(z)."
LOW_G = "J_G is low where D takes G(z) for real."

MAKE = frozenset({"z", "z>G", "G", "G>fake", "fake"})
REAL = frozenset({"x"})
JUDGE_FAKE = frozenset({"fake", "fake>D", "D", "D>score_fake", "score_fake"})
JUDGE_REAL = frozenset({"x", "x>D", "D", "D>score_real", "score_real"})
LOSS_D = frozenset({"score_fake", "score_real", "score_fake>J_D", "score_real>J_D", "J_D"})
LOSS_G = frozenset({"score_fake", "score_fake>J_G", "J_G"})
BACK_D = frozenset({"J_D", "J_D~D", "D"})
BACK_G = frozenset({"J_G", "J_G~D", "D~G", "fake", "G"})


@dataclass(frozen=True)
class Stage:
    """One thing that happens."""

    title: str
    sentence: str
    formulas: tuple[str, ...]
    """Lines, in the symbols that ``symbols.paint`` sets."""
    lit: frozenset[str]


def stages(frame: "BoardFrame") -> list[Stage]:
    """The stages of the part that was played last; empty before the first."""
    if not frame.played:
        return []
    players = frame.played.split("+")
    if all(frame.moves[name].updates == 0 for name in players):
        return [
            Stage("No update", f"{'D' if players[0] == D else 'G'} makes no update in a step (k = 0).", (), frozenset())
        ]
    return {D: _of_d, G: _of_g}.get(frame.played, _of_both)(frame)


def glance(frame: "BoardFrame") -> Stage | None:
    """The whole part that was played last, for a pace at which its stages cannot be told apart."""
    found = stages(frame)
    if not found:
        return None
    sentence = {
        D: "D learns to tell real samples from generated ones.",
        G: "G learns to make samples that D takes for real ones.",
    }.get(frame.played, "D and G learn at once, from the same scores.")
    lines = tuple(dict.fromkeys(line for which in _losses(frame.played) for line in _loss_lines(frame, which)))
    return Stage(part_title(frame, frame.played), sentence, lines, frozenset().union(*(one.lit for one in found)))


def stage_at(seconds: float, span: float, count: int) -> int:
    """Which of ``count`` stages is shown so many seconds after a part was played, ``span`` before the next one."""
    return max(0, min(count - 1, int(seconds / span * count))) if span > 0 and count else 0


def part_title(frame: "BoardFrame", part: str) -> str:
    """A part for people: ``D's update``."""
    if "+" in part:
        return "D and G at once"
    return f"{'D' if part == D else 'G'}'s {'updates' if frame.moves[part].updates > 1 else 'update'}"


def loss_formulas(formula: str) -> dict[str, str]:
    """``Objective.formula`` taken apart: ``J_D``, ``J_G``, and under "" what they are defined with."""
    found = {"": ""}
    for piece in (one.strip() for one in formula.split("    ")):
        which = piece[:3] if piece.startswith(("J_D", "J_G")) else ""
        found[which] = f"{found[which]}    {piece}".strip() if not which else piece
    return found


def _of_d(frame: "BoardFrame") -> list[Stage]:
    move = frame.moves[D]
    return [
        _sample_z(frame, "G turns each of them into a sample."),
        _sample_x(frame),
        _scores(frame),
        Stage("Loss", LOW_D, _loss_lines(frame, "J_D"), LOSS_D),
        Stage(
            "Gradient",
            "Backpropagation: which way must each weight of D go for J_D to fall? G is left alone.",
            (f"∂J_D/∂θ_D{_norm(move)}",),
            BACK_D,
        ),
        Stage("Update", f"{move.optimiser} moves D a little that way.{_again(move)}",
              (_update_line("D", move),), frozenset({"D"})),
    ]  # fmt: skip


def _of_g(frame: "BoardFrame") -> list[Stage]:
    move = frame.moves[G]
    judge = JUDGE_FAKE | (JUDGE_REAL if frame.relativistic else frozenset())
    if frame.order == (D, G) and frame.moves[D].updates:
        sentence = f"The {frame.batch} inputs of D's last update once more: G has not moved since."
        first = Stage("Sample z", sentence, ("z ∼ p_z    G(z)",), MAKE)
    else:
        first = _sample_z(frame, "G turns each of them into a sample.")
    return [
        first,
        Stage("D scores G(z)", "D says how real the samples look. Its weights are frozen now.",
              ("D(G(z))",), judge),
        Stage("Loss", LOW_G, _loss_lines(frame, "J_G"), LOSS_G | _reads_real(frame)),
        Stage(
            "Gradient through D",
            "Back through D, which stays as it is: how must each sample change, and with it G?",
            (f"∂J_G/∂θ_G = ∂J_G/∂D · ∂D/∂G(z) · ∂G(z)/∂θ_G{_norm(move)}",),
            BACK_G | {"D"},
        ),
        Stage("Update", f"{move.optimiser} moves G a little that way.{_again(move)}",
              (_update_line("G", move),), frozenset({"G"})),
    ]  # fmt: skip


def _of_both(frame: "BoardFrame") -> list[Stage]:
    d, g = frame.moves[D], frame.moves[G]
    losses = (*_loss_lines(frame, "J_D"), *loss_line(frame, "J_G"))
    return [
        _sample_z(frame, "G turns each of them into a sample."),
        _sample_x(frame),
        _scores(frame),
        Stage("Both losses", f"{LOW_D} {LOW_G}", losses,
              LOSS_D | LOSS_G | _reads_real(frame)),
        Stage("Both gradients", "From the same scores, before anybody moves.",
              (f"∂J_D/∂θ_D{_norm(d)}", f"∂J_G/∂θ_G{_norm(g)}"), BACK_D | BACK_G),
        Stage("Both update", "D and G move at once.",
              (_update_line("D", d), _update_line("G", g)), frozenset({"D", "G"})),
    ]  # fmt: skip


def _sample_z(frame: "BoardFrame", then: str) -> Stage:
    return Stage("Sample z", f"{frame.batch} inputs drawn at random; {then}", ("z ∼ p_z    G(z)",), MAKE)


def _sample_x(frame: "BoardFrame") -> Stage:
    return Stage("Sample x", f"{frame.batch} real samples from the data.", ("x ∼ p_data",), REAL)


def _scores(frame: "BoardFrame") -> Stage:
    if frame.probability:
        sentence = "D gives each sample its probability of being real: high for x and low for G(z), if it can."
    else:
        sentence = "The critic D gives each sample a value: higher for x than for G(z), if it can."
    real, fake = frame.means
    line = "D(x)    D(G(z))"
    if isfinite(real):
        line = f"mean D(x) = {real:.3f}    mean D(G(z)) = {fake:.3f}".replace("-", "−")
    return Stage("D scores both", sentence, (line,), JUDGE_REAL | JUDGE_FAKE)


def _losses(part: str) -> tuple[str, ...]:
    return {D: ("J_D",), G: ("J_G",)}.get(part, ("J_D", "J_G"))


def _loss_lines(frame: "BoardFrame", which: str) -> tuple[str, ...]:
    """The formula of a loss with its value, after what it is defined with."""
    defined = loss_formulas(frame.formula)[""]
    return (*((defined,) if defined else ()), *loss_line(frame, which))


def loss_line(frame: "BoardFrame", which: str) -> tuple[str]:
    """``J_D = −E log D(x) − … + penalty = 1.39``."""
    line = loss_formulas(frame.formula).get(which, which)
    move = frame.moves[D if which == "J_D" else G]
    if which == "J_D" and frame.real_target != 1:
        line += f"  (target {frame.real_target:g} for x)"
    if isfinite(move.loss):
        line += f"  = {move.loss:.3f}".replace("-", "−")
    if which == "J_D" and isfinite(frame.penalty):
        line += f"  + penalty {frame.penalty:.3g}"
    return (line,)


def _reads_real(frame: "BoardFrame") -> frozenset[str]:
    return frozenset({"score_real", "score_real>J_G"}) if frame.relativistic else frozenset()


def _norm(move: "Move") -> str:
    return f"    norm {move.gradient:.3g}" if isfinite(move.gradient) else ""


def _again(move: "Move") -> str:
    return f" So it went {move.updates} times (k = {move.updates})." if move.updates > 1 else ""


def _update_line(who: str, move: "Move") -> str:
    return f"θ_{who} ← θ_{who} − {move.rate:.2g} · {move.optimiser}(∂J_{who}/∂θ_{who})"
