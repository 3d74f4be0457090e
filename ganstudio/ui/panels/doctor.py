"""The doctor: how the run is, what speaks for it, and what may be done."""

from math import isfinite
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from ganstudio.ui.examining import EVERY_MS, Examining
from ganstudio.ui.panel import Panel
from ganstudio.ui.theme import colours, type_scale
from ganstudio.ui.waiting import Waiting
from ganstudio.ui.widgets.chart import sized
from ganstudio.ui.widgets.doctor_card import FindingCard, Rows

if TYPE_CHECKING:
    from ganstudio.metrics.doctor.readings import Readings
    from ganstudio.ui.studio import Studio

LEAST, MOST, LETTERS, LINES = 18, 44, 22, 10
"""Pixels of the headline's letters, and how many of them the panel's width and height have room for."""
SMALL, BIG, LINE = 12, 18, 46
"""The same of the text."""
HISTORY = 12
"""Earlier findings that are listed."""


class DoctorPanel(Panel):
    """The state in large type, a card for each finding, and what was found earlier. It is fed also while hidden."""

    name = "doctor"
    title = "Doctor"
    description = "What is wrong with the run, by which numbers, and a remedy that can be taken back."
    past_words = "of now, not of the past"
    order = 85

    def __init__(self, studio: "Studio"):
        super().__init__(studio)
        self.examining = Examining(studio)
        self.cards: dict[str, FindingCard] = {}
        self.headline, self.detail, self.history = QLabel(), QLabel(), QLabel()
        self.vital = Rows()
        self.headline.setWordWrap(True)
        self.headline.setAccessibleName("State of the run")
        self.detail.setWordWrap(True)
        self.history.setWordWrap(True)
        self.history.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.history.linkActivated.connect(self.examining.take_back)
        self.history.setAccessibleName("What was found earlier in this run")
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(14, 12, 14, 12)
        self._column.setSpacing(10)
        for widget in (self.headline, self.detail, self.vital, self.history):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        self._waiting_for = ""
        self._waiting = Waiting(studio, self._wait, "Train: the run is examined every other second.", of_data=True)
        self.examining.changed.connect(self.show_state)
        self.show_state()

    def _wait(self, sentence: str) -> None:
        self._waiting_for = sentence
        self.show_state()

    def show_state(self) -> None:
        """Show what the newest examination says."""
        frame, findings = self.examining.frame, self.examining.findings
        examined = frame is not None and frame.readings is not None
        c = colours()
        if not examined:
            words, tint, detail = "Not examined yet", c.muted, self._waiting_for
        elif not findings:
            words, tint, detail = "Healthy", c.equilibrium, self._examined(frame.step)
        else:
            chief = findings[0]
            words = f"Look: {chief.headline}"
            tint = c.warning
            if chief.good:
                words, tint = f"{chief.headline[:1].upper()}{chief.headline[1:]}", c.equilibrium
            detail = self._examined(frame.step)
        _set(self.headline, words)
        self.headline.setStyleSheet(f"color: {tint}; font-weight: bold")
        _set(self.detail, detail)
        self.detail.setStyleSheet(f"color: {c.muted}")
        self._show_cards()
        self.vital.setVisible(examined and not findings)
        if frame is not None and frame.readings is not None and not findings:
            self.vital.show_rows(vital_signs(frame.readings), frame.course)
        self._show_history()

    def _examined(self, step: int) -> str:
        silenced = len(self.examining.silenced)
        more = f" You have silenced {silenced} of its complaints for this run." if silenced else ""
        return f"Examined at step {step:,}, and every {EVERY_MS / 1000:g} s while it trains.{more}"

    def _show_cards(self) -> None:
        frame, findings = self.examining.frame, self.examining.findings
        for name in set(self.cards) - {one.complaint for one in findings}:
            card = self.cards.pop(name)
            card.hide()
            card.deleteLater()
        taken = [one.after for one in self.examining.treatments.values()]
        for place, finding in enumerate(findings):
            card = self.cards.get(finding.complaint)
            if card is None:
                card = self.cards[finding.complaint] = self._card(finding.complaint)
            if self._column.indexOf(card) != 2 + place:
                self._column.insertWidget(2 + place, card)
            assert frame is not None
            treatment = self.examining.in_force(finding.complaint)
            edits = () if finding.remedy is None else finding.remedy.edits
            # What one remedy mends may have several faces; it is offered once.
            offered = bool(edits) and edits not in taken
            taken.append(edits)
            card.show_finding(finding, frame.course, treatment, offered)

    def _card(self, complaint: str) -> FindingCard:
        card = FindingCard(complaint)
        card.treated.connect(self._treat)
        card.taken_back.connect(self.examining.take_back)
        card.silenced.connect(self.examining.silence)
        card.scale(self._text)
        return card

    def _treat(self, complaint: str) -> None:
        for finding in self.examining.findings:
            if finding.complaint == complaint:
                self.examining.treat(finding)

    def _show_history(self) -> None:
        told, treatments = self.examining.told, self.examining.treatments
        present = {one.complaint for one in self.examining.findings}
        lines = [f"<b>step {step:,}</b>&nbsp; {sentence.split('. ')[0]}" for step, sentence in told[-HISTORY:][::-1]]
        link = f"style='color: {colours().accent}'"
        done = [
            f"<b>step {one.step:,}</b>&nbsp; {one.title} · <a {link} href='{name}'>take it back</a>"
            for name, one in treatments.items()
            if name not in present and self.examining.in_force(name) is not None
        ]
        text = ""
        if lines:
            text += "<p style='margin-bottom: 2px'>Found in this run</p>" + "<br>".join(lines)
        if done:
            text += "<p style='margin-bottom: 2px'>Remedies in force</p>" + "<br>".join(done)
        _set(self.history, text)
        self.history.setVisible(bool(text))
        self.history.setStyleSheet(f"color: {colours().muted}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_type()

    def _fit_type(self) -> None:
        headline = min(type_scale() * MOST, 2 * self.width() / LETTERS, self.height() / LINES)
        self.headline.setFont(sized(self.font(), max(LEAST, headline), bold=True))
        for label in (self.detail, self.history):
            label.setFont(sized(self.font(), self._text))
        self.vital.scale(self._text)
        for card in self.cards.values():
            card.scale(self._text)

    @property
    def _text(self) -> float:
        """Pixels of the text's letters."""
        return type_scale() * max(SMALL, min(BIG, self.width() / LINE))

    def restyle(self) -> None:
        self._fit_type()
        for card in self.cards.values():
            card.restyle()
        self.show_state()


def vital_signs(now: "Readings") -> list[tuple[str, str]]:
    """(reading, words) of what is of interest while nothing is wrong; what is not known is left out."""
    words = {
        "loss_share": f"J_D is {now.loss_share:.0%} of its value at the equilibrium",
        "diversity": f"two samples differ {now.diversity:.2f} times as much as two real ones",
        "mismatch": f"samples and data are {max(0.0, now.mismatch):.3f} apart (energy distance; 0 is alike)",
        "update_d": f"an update changes D's weights by {now.update_d:.2%}",
        "update_g": f"an update changes G's weights by {now.update_g:.2%}",
    }
    return [(name, words[name]) for name in words if isfinite(getattr(now, name))]


def _set(label: QLabel, text: str) -> bool:
    """Set a text that is another. Answers whether it was."""
    if label.text() == text:
        return False
    label.setText(text)
    return True
