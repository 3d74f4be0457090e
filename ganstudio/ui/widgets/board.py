"""The game board: z → G → G(z) → D ← x, the losses, and the gradients flowing back."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.latent.parcel import Parcel
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets import board_painting as draw
from ganstudio.ui.widgets import symbols
from ganstudio.ui.widgets.backdrop import Backdrop
from ganstudio.ui.widgets.board_layout import Layout, layout
from ganstudio.ui.widgets.board_stages import BOTH, D, G, Stage, loss_line, part_title
from ganstudio.ui.widgets.chart import sized
from ganstudio.ui.widgets.grid_painting import draw_frame, tile_at, tile_rect
from ganstudio.ui.widgets.grid_samples import images_of
from ganstudio.ui.widgets.painted_samples import PaintedSamples
from ganstudio.ui.widgets.sentence import draw_sentence

if TYPE_CHECKING:
    from ganstudio.probes.board import BoardFrame

TITLES = {"z": "z", "fake": "G(z)", "x": "x", "score_fake": "D(G(z))", "score_real": "D(x)"}
LETTERS = {D: "D", G: "G"}
MIDDLE = Qt.AlignmentFlag.AlignHCenter


class BoardView(QWidget):
    """Draws ``BoardFrame``s with, in slow motion, one stage lit. What changes seldom is kept as a picture."""

    walked = Signal(int)
    """A person asks for the stage so many further on."""
    chosen = Signal(int)
    """A person asks for the stage of this number."""

    def __init__(self) -> None:
        super().__init__()
        self.frame: BoardFrame | None = None
        self.stages: list[Stage] = []
        """Of the part that was played last, when they may be walked through."""
        self.stage: Stage | None = None
        """The one that is lit."""
        self.summary = ""
        """A sentence for the foot while no stage is lit."""
        self._sentence = ""
        self._chips: list[QRectF] = []
        self._backdrop = Backdrop(self)
        self.samples = PaintedSamples(self, self.sample_at, self._parcel, self._count)
        """The samples on both sides, dragged away and copied: those of G, with their z, come first."""
        self.setMouseTracking(True)
        self.setAccessibleName("Game board")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(900, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(360, 200)

    def show_frame(self, frame: "BoardFrame", summary: str) -> None:
        """Draw a frame."""
        self.frame, self.summary = frame, summary
        self._describe()
        self.update()

    def show_stages(self, stages: list[Stage], stage: Stage | None) -> None:
        """Name these stages at the foot, and light ``stage``."""
        self.stages, self.stage = stages, stage
        self._describe()
        self.update()

    def show_sentence(self, sentence: str) -> None:
        """Show words in place of a board."""
        self.frame, self._sentence = None, sentence
        self.setAccessibleDescription(sentence)
        self.update()

    def _describe(self) -> None:
        words = f"{self.stage.title}: {self.stage.sentence}" if self.stage else self.summary
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    def places(self) -> Layout:
        """Where everything stands now."""
        return layout(QRectF(self.rect()), self.frame is not None and self.frame.relativistic)

    # a person's hand

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(event.key())
        if steps is None:
            super().keyPressEvent(event)
        else:
            self.walked.emit(steps)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for index, chip in enumerate(self._chips):
            if chip.contains(event.position()):
                self.chosen.emit(index)
                return
        super().mousePressEvent(event)

    # samples

    def _count(self) -> int:
        """With the mouse on none, those of G are copied."""
        return self.frame.fake.count if self.frame is not None and self.frame.fake is not None else 0

    def sample_at(self, point: QPointF) -> int:
        """Number of the image under a point: those of G, then the real ones; −1 for none."""
        if not self._count():
            return -1
        place = self.places()
        for first, name, tiles in ((0, "fake", self.frame.fake), (self._count(), "x", self.frame.real)):
            tile = tile_at(tiles, draw.tiles_target(_inside(place, name), tiles), point)
            if tile >= 0:
                return first + tile
        return -1

    def _parcel(self, samples: list[int]) -> Parcel | None:
        made = [one for one in samples if one < self._count()]
        if made:
            return Parcel(self.frame.z[made], images_of(self.frame.fake, made))
        real = [one - self._count() for one in samples]
        return Parcel(images=images_of(self.frame.real, real)) if real else None

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame = self.frame
        if frame is None:
            painter.fillRect(self.rect(), QColor(colours().surface))
            draw_sentence(painter, self.rect(), self._sentence)
            return
        place = self.places()
        painter.drawPixmap(0, 0, self._backdrop_for(frame, place))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_contents(painter, frame, place)
        self._draw_norms(painter, frame, place)
        self._draw_foot(painter, frame, place)
        if 0 <= self.samples.current < 2 * self._count():
            self._draw_hovered(painter, frame, place)

    def _draw_hovered(self, painter: QPainter, frame: "BoardFrame", place: Layout) -> None:
        """A frame around the image that the mouse can take away."""
        side, tile = divmod(self.samples.current, self._count())
        name, tiles = (("fake", frame.fake), ("x", frame.real))[side]
        target = draw.tiles_target(_inside(place, name), tiles)
        draw_frame(painter, tile_rect(tiles, target, tile))

    def _backdrop_for(self, frame: "BoardFrame", place: Layout) -> QPixmap:
        def paint(painter: QPainter) -> None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw_diagram(painter, frame, place)
            self._draw_samples(painter, frame, place, "x")
            if frame.real_points is not None:  # where the generated points should lie
                painter.setOpacity(self._opacity("fake"))
                draw.draw_ghost(painter, _inside(place, "fake"), frame.real_points, frame)
                painter.setOpacity(1.0)
            self._draw_order(painter, frame, place)

        moves = tuple((name, move.updates) for name, move in frame.moves.items())
        lit = self.stage.lit if self.stage else None
        key = (lit, frame.order, frame.relativistic, moves, self._who_moves())
        return self._backdrop.picture(key, paint, shown=(frame.real, frame.real_points))

    def _who_moves(self) -> tuple[str, str]:
        """The part that is told of (empty when none is), and the one that comes next while none is."""
        assert self.frame is not None
        return (self.frame.played, "") if self.stage else ("", self.frame.upcoming)

    def _opacity(self, *names: str) -> float:
        return 1.0 if self.stage is None or any(name in self.stage.lit for name in names) else draw.FAINT

    def _lit(self, name: str) -> bool:
        return self.stage is not None and name in self.stage.lit

    def _draw_diagram(self, painter: QPainter, frame: "BoardFrame", place: Layout) -> None:
        told, _ = self._who_moves()
        frozen = {"D": told == G, "G": told == D}
        for name in (*TITLES, "J_D", "J_G"):
            painter.setOpacity(self._opacity(name))
            draw.draw_box(painter, place.nodes[name], draw.player_colour(name), place.unit, lit=self._lit(name))
        for which, player in (("G", G), ("D", D)):
            painter.setOpacity(self._opacity(which))
            move = frame.moves[player]
            note = f"k = {move.updates}"
            draw.draw_player(
                painter, place, which, self.font(), note, lit=self._lit(which), frozen=frozen[which] and which == "D"
            )
        for name, path in place.ways.items():
            lit, back = self._lit(name), "~" in name
            painter.setOpacity(self._opacity(name))
            painter.setOpacity(painter.opacity() * (1.0 if lit or not back or self.stage else 0.75))
            if back:
                colour = draw.player_colour("D" if name == "J_D~D" else "G")
            else:
                colour = QColor(colours().text if lit else colours().muted)
            draw.draw_way(painter, path, colour, place.unit * (0.26 if lit else 0.14), back=back)
        painter.setOpacity(1.0)
        self._draw_titles(painter, place)

    def _draw_titles(self, painter: QPainter, place: Layout) -> None:
        font = sized(self.font(), 1.05 * place.unit, bold=True)
        painter.setPen(QColor(colours().text))
        for name, title in (*TITLES.items(), ("J_D", "J_D"), ("J_G", "J_G")):
            painter.setOpacity(self._opacity(name))
            draw.draw_fitting(painter, _title(place, name), title, font, MIDDLE)
        painter.setOpacity(1.0)

    def _draw_order(self, painter: QPainter, frame: "BoardFrame", place: Layout) -> None:
        """The parts of a step, one below the other: the one told of, or the one that comes next, is marked."""
        told, upcoming = self._who_moves()
        unit, room = place.unit, place.order
        height = min(2.0 * unit, room.height() / (len(frame.order) + 0.4) - 0.35 * unit)
        top = room.bottom() - len(frame.order) * (height + 0.35 * unit)
        for index, part in enumerate(frame.order):
            box = QRectF(room.left(), top + index * (height + 0.35 * unit), room.width(), height)
            colour = QColor(colours().accent) if part == BOTH else draw.player_colour(LETTERS[part])
            painter.setPen(QPen(colour, 0.12 * unit, Qt.PenStyle.SolidLine))
            painter.setBrush(colour if part == told else Qt.BrushStyle.NoBrush)
            painter.setOpacity(1.0 if part in (told, upcoming) else 0.6)
            painter.drawRoundedRect(box, height / 2, height / 2)
            painter.setPen(QColor(colours().surface if part == told else colours().text))
            words = part_title(frame, part) + (" next" if part == upcoming and len(frame.order) > 1 else "")
            inside = box.adjusted(0.5 * unit, 0, -0.5 * unit, 0)
            draw.draw_fitting(painter, inside, words, sized(self.font(), 0.95 * unit, bold=part == told), MIDDLE)
        painter.setOpacity(1.0)

    def _draw_contents(self, painter: QPainter, frame: "BoardFrame", place: Layout) -> None:
        unit, font = place.unit, self.font()
        painter.setPen(QColor(colours().text))
        if place.order.height() >= draw.ROOMY * unit:
            step = QRectF(place.order.left(), place.order.top(), place.order.width(), 1.5 * unit)
            draw.draw_fitting(painter, step, f"Step {frame.step:,}", sized(font, 1.15 * unit, bold=True), MIDDLE)
        painter.setOpacity(self._opacity("z"))
        draw.draw_z(painter, _inside(place, "z"), frame.z)
        self._draw_samples(painter, frame, place, "fake")
        means = dict(zip(("score_real", "score_fake"), frame.means, strict=True))
        for name, scores in (("score_fake", frame.fake_scores), ("score_real", frame.real_scores)):
            painter.setOpacity(self._opacity(name))
            inside = _inside(place, name)
            marks = inside.adjusted(0, 0.7 * inside.height(), 0, -0.04 * inside.height())
            draw.draw_scores(painter, marks, scores, frame, draw.player_colour(name))
            self._draw_number(painter, inside.adjusted(0, 0, 0, -0.34 * inside.height()), means[name], unit)
        for name, player in (("J_D", D), ("J_G", G)):
            painter.setOpacity(self._opacity(name))
            self._draw_number(painter, _inside(place, name), frame.moves[player].loss, unit)
        painter.setOpacity(1.0)

    def _draw_samples(self, painter: QPainter, frame: "BoardFrame", place: Layout, name: str) -> None:
        tiles, points = (frame.fake, frame.fake_points) if name == "fake" else (frame.real, frame.real_points)
        painter.setOpacity(self._opacity(name))
        if tiles is not None:
            draw.draw_tiles(painter, _inside(place, name), tiles)
        elif points is not None:
            draw.draw_points(painter, _inside(place, name), points, frame, draw.player_colour(name))
        painter.setOpacity(1.0)

    def _draw_number(self, painter: QPainter, rect: QRectF, value: float, unit: float) -> None:
        painter.setPen(QColor(colours().text))
        size = min(2.1 * unit, 0.8 * rect.height())
        draw.draw_fitting(painter, rect, draw.words_of(value), sized(self.font(), size), MIDDLE)

    def _draw_norms(self, painter: QPainter, frame: "BoardFrame", place: Layout) -> None:
        """The size of each gradient, on its way back."""
        font, unit = sized(self.font(), 1.05 * place.unit), place.unit
        fake, score = place.nodes["fake"], place.nodes["score_fake"]
        lanes = {
            "J_D~D": (D, place.ways["J_D~D"].boundingRect().bottom(), score.center().x()),
            "D~G": (G, place.ways["D~G"].boundingRect().top(), fake.center().x()),
        }
        for name, (player, y, x) in lanes.items():
            painter.setOpacity(1.0)
            letter = LETTERS[player]
            words = f"∂J_{letter}/∂θ_{letter}   {draw.words_of(frame.moves[player].gradient)}"
            box = QRectF(x - 0.5 * fake.width(), y - 0.75 * unit, fake.width(), 1.5 * unit)
            wide = min(box.width(), symbols.width(font, words) + unit)
            painter.fillRect(QRectF(x - wide / 2, box.top(), wide, box.height()), QColor(colours().surface))
            painter.setOpacity(self._opacity(name))
            painter.setPen(draw.player_colour(letter))
            draw.draw_fitting(painter, box, words, font, MIDDLE)
        painter.setOpacity(1.0)

    # the foot

    def _draw_foot(self, painter: QPainter, frame: "BoardFrame", place: Layout) -> None:
        unit, foot = place.unit, place.foot
        painter.setPen(QPen(QColor(colours().grid), 1.5))
        painter.drawLine(foot.topLeft(), foot.topRight())
        chips = QRectF(foot.left(), foot.top() + 0.3 * unit, foot.width(), 1.6 * unit)
        self._draw_chips(painter, frame, chips, unit)
        if self.stage is not None:
            sentence, lines = self.stage.sentence, self.stage.formulas
        else:
            sentence, lines = self.summary, (*loss_line(frame, "J_D"), *loss_line(frame, "J_G"))
        top = chips.bottom() + 0.2 * unit if self._chips else foot.top() + 0.5 * unit
        painter.setPen(QColor(colours().text))
        said = QRectF(foot.left(), top, foot.width(), 2.1 * unit)
        draw.draw_fitting(painter, said, sentence, sized(self.font(), 1.5 * unit), MIDDLE)
        rest = foot.bottom() - said.bottom() - 0.3 * unit
        height = min(2.3 * unit, rest / max(1, len(lines)))
        painter.setPen(QColor(colours().value))
        for index, line in enumerate(lines):
            box = QRectF(foot.left(), said.bottom() + index * height, foot.width(), height)
            draw.draw_fitting(painter, box, line, sized(self.font(), min(1.7 * unit, 0.75 * height)), MIDDLE)

    def _draw_chips(self, painter: QPainter, frame: "BoardFrame", row: QRectF, unit: float) -> None:
        """The names of the stages, the lit one on a ground of its player's colour."""
        self._chips = []
        if not self.stages or not frame.played:
            return
        colour = QColor(colours().accent) if frame.played == BOTH else draw.player_colour(LETTERS[frame.played])
        width = row.width() / len(self.stages)
        for index, stage in enumerate(self.stages):
            box = QRectF(row.left() + index * width, row.top(), width - 0.5 * unit, row.height())
            lit = stage is self.stage
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour if lit else QColor(colours().surface_raised))
            painter.drawRoundedRect(box, row.height() / 2, row.height() / 2)
            painter.setPen(QColor(colours().surface if lit else colours().muted))
            inside = box.adjusted(0.5 * unit, 0, -0.5 * unit, 0)
            words = f"{index + 1}  {stage.title}"
            draw.draw_fitting(painter, inside, words, sized(self.font(), 0.95 * unit, bold=lit), MIDDLE)
            self._chips.append(box)


def _title(place: Layout, name: str) -> QRectF:
    rect = place.nodes[name]
    return QRectF(rect.left() + 0.2 * place.unit, rect.top() + 0.2 * place.unit, rect.width() - 0.4 * place.unit,
                  1.45 * place.unit)  # fmt: skip


def _inside(place: Layout, name: str) -> QRectF:
    """Room below a node's title."""
    rect, unit = place.nodes[name], place.unit
    return QRectF(rect.left() + 0.4 * unit, rect.top() + 1.65 * unit, rect.width() - 0.8 * unit,
                  max(1.0, rect.height() - 2.0 * unit))  # fmt: skip
