"""Where everything on the game board stands: nodes, the ways of the arrows, and the words at the foot."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF

COLUMNS = {"z": 0.085, "G": 0.115, "fake": 0.215, "D": 0.125, "score_fake": 0.15, "J_G": 0.12}
"""Shares of the width; what is left of it goes into the gaps."""
LANE = 0.15
"""Share of the diagram's height above and below the nodes, where gradients flow back."""
SLANT = 0.2
"""How much lower the narrow side of a player is at each end, as a share of a row's height."""
FOOT, LOW_FOOT = 8.6, 7.0
"""Units that the words at the foot have, and in a low view."""
TALL = 24.0
"""Units from which a view is not low."""
LARGEST, SMALLEST = 46.0, 10.0


@dataclass(frozen=True)
class Layout:
    """Places in a view of some size, in pixels."""

    unit: float
    """Size of ordinary type; all distances follow it."""
    nodes: dict[str, QRectF]
    shapes: dict[str, QPolygonF]
    """Outlines of G and D, which are no boxes."""
    ways: dict[str, QPainterPath]
    """``a>b``: forward; ``a~b``: a gradient's way back."""
    order: QRectF
    """Room for the parts of a step."""
    foot: QRectF


def layout(size: QRectF, relativistic: bool) -> Layout:
    """The board in a view of this size."""
    unit = min(LARGEST, max(SMALLEST, min(size.width() / 66, size.height() / 26)))
    room = size.adjusted(unit, 0.4 * unit, -unit, 0)
    deep = (FOOT if size.height() > TALL * unit else LOW_FOOT) * unit
    foot = QRectF(room.left(), room.bottom() - deep, room.width(), deep)
    room.setBottom(foot.top() - 0.2 * unit)
    nodes = _nodes(room, unit)
    left, top = room.left(), nodes["x"].top()
    order = QRectF(left, top, nodes["x"].left() - 1.6 * unit - left, nodes["x"].height())
    return Layout(unit, nodes, _shapes(nodes), _ways(nodes, room, unit, relativistic), order, foot)


def _nodes(room: QRectF, unit: float) -> dict[str, QRectF]:
    gap = (1 - sum(COLUMNS.values())) / (len(COLUMNS) - 1) * room.width()
    lane = max(1.4 * unit, LANE * room.height())
    between = 0.9 * unit
    height = (room.height() - 2 * lane - between) / 2
    top, bottom = room.top() + lane, room.top() + lane + height + between
    nodes, left = {}, room.left()
    for name, share in COLUMNS.items():
        nodes[name] = QRectF(left, top, share * room.width(), height)
        left += share * room.width() + gap
    nodes["D"].setBottom(bottom + height)
    for upper, lower in (("fake", "x"), ("score_fake", "score_real"), ("J_G", "J_D")):
        nodes[lower] = nodes[upper].translated(0, bottom - top)
    return nodes


def _shapes(nodes: dict[str, QRectF]) -> dict[str, QPolygonF]:
    """G opens towards its samples, D closes towards its score."""
    inset = SLANT * nodes["G"].height()
    g, d = nodes["G"], nodes["D"]
    down = QPointF(0, inset)
    return {
        "G": QPolygonF([g.topLeft() + down, g.topRight(), g.bottomRight(), g.bottomLeft() - down]),
        "D": QPolygonF([d.topLeft(), d.topRight() + down, d.bottomRight() - down, d.bottomLeft()]),
    }


def _ways(nodes: dict[str, QRectF], room: QRectF, unit: float, relativistic: bool) -> dict[str, QPainterPath]:
    d, pad = nodes["D"], 0.25 * unit
    upper, lower = nodes["fake"].center().y(), nodes["x"].center().y()
    ways = {
        "z>G": _straight(_right(nodes["z"], upper), _left(nodes["G"], upper), pad),
        "G>fake": _straight(_right(nodes["G"], upper), _left(nodes["fake"], upper), pad),
        "fake>D": _straight(_right(nodes["fake"], upper), _left(d, upper), pad),
        "x>D": _straight(_right(nodes["x"], lower), _left(d, lower), pad),
        "D>score_fake": _straight(_right(d, upper), _left(nodes["score_fake"], upper), pad),
        "D>score_real": _straight(_right(d, lower), _left(nodes["score_real"], lower), pad),
        "score_fake>J_G": _straight(_right(nodes["score_fake"], upper), _left(nodes["J_G"], upper), pad),
        "score_real>J_D": _straight(_right(nodes["score_real"], lower), _left(nodes["J_D"], lower), pad),
    }
    reach = 0.28 * nodes["fake"].height()
    crossing = {"score_fake>J_D": (upper + reach, lower - reach), "score_real>J_G": (lower - reach, upper + reach)}
    for name, (start, end) in crossing.items():
        if name == "score_fake>J_D" or relativistic:
            one, other = name.split(">")
            ways[name] = _straight(_right(nodes[one], start), _left(nodes[other], end), pad)
    return ways | _gradients(nodes, room, unit)


def _gradients(nodes: dict[str, QRectF], room: QRectF, unit: float) -> dict[str, QPainterPath]:
    """From J_D below the nodes to D; from J_G above them into D, through it, and on to G."""
    d, g, pad = nodes["D"], nodes["G"], 0.25 * unit
    inset, bend = SLANT * g.height(), 0.7 * unit
    below = (d.bottom() + room.bottom()) / 2 + 0.25 * unit
    above = (d.top() + room.top()) / 2 - 0.25 * unit
    slope = inset / d.width()
    enter, leave = d.left() + 0.72 * d.width(), d.left() + 0.3 * d.width()
    dip = d.top() + 0.3 * g.height()
    start = QPointF(nodes["J_D"].center().x(), nodes["J_D"].bottom() + pad)
    target = QPointF(d.center().x(), d.bottom() - slope * d.width() / 2 + pad)
    back_d = _bent([start, QPointF(start.x(), below), QPointF(target.x(), below), target], bend)
    start = QPointF(nodes["J_G"].center().x(), nodes["J_G"].top() - pad)
    into = [start, QPointF(start.x(), above), QPointF(enter, above), QPointF(enter, dip)]
    target = QPointF(g.center().x(), g.top() + inset / 2 - pad)
    turn = (enter + leave) / 2
    through = [QPointF(enter, dip), QPointF(turn, dip + 0.8 * unit), QPointF(leave, dip)]
    onward = [through[-1], QPointF(leave, above), QPointF(target.x(), above), target]
    path = QPainterPath(through[0])
    path.cubicTo(QPointF(enter, dip + unit), QPointF(leave, dip + unit), through[-1])
    path.connectPath(_bent(onward, bend))
    return {"J_D~D": back_d, "J_G~D": _bent(into, bend), "D~G": path}


def _right(rect: QRectF, y: float) -> QPointF:
    return QPointF(rect.right(), y)


def _left(rect: QRectF, y: float) -> QPointF:
    return QPointF(rect.left(), y)


def _straight(start: QPointF, end: QPointF, pad: float) -> QPainterPath:
    path = QPainterPath(start + QPointF(pad, 0))
    path.lineTo(end - QPointF(pad, 0))
    return path


def _bent(corners: list[QPointF], bend: float) -> QPainterPath:
    """Straight pieces with rounded corners between them."""
    path = QPainterPath(corners[0])
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        path.lineTo(_towards(corner, before, bend))
        path.quadTo(corner, _towards(corner, after, bend))
    path.lineTo(corners[-1])
    return path


def _towards(start: QPointF, end: QPointF, distance: float) -> QPointF:
    step = end - start
    length = max(1e-6, (step.x() ** 2 + step.y() ** 2) ** 0.5)
    return start + step * (min(distance, length / 2) / length)
