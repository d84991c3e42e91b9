"""All presets as cards, by what they are good for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QScrollArea, QVBoxLayout, QWidget

from engine.preset import Preset
from restorer_app.gui.look import icons
from restorer_app.gui.look.theme import Look, role, rows
from restorer_app.gui.panel.preset_card import PresetCard

AUTO = "auto"


class PresetCards(QScrollArea):
    """Choosing a preset, by mouse or with the arrow keys; one is chosen at any time or none."""

    chosen = Signal(str)
    """The id of a preset that the user chose; not sent by `select`."""
    delete_requested = Signal(str)
    """The id of a preset of the user's own."""

    def __init__(
        self,
        look: Look,
        presets: Iterable[Preset] = (),
        own: Collection[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._cards: dict[str, PresetCard] = {}
        self._headings: dict[str, QLabel] = {}
        self._selected = ""
        self._costs: dict[str, str] = {}
        self._seen, self._seen_by = "", ""
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        look.changed.connect(self._relook)
        self.set_presets(presets, own)

    @property
    def selected(self) -> str:
        """The id of the chosen preset; empty for none."""
        return self._selected

    def set_presets(self, presets: Iterable[Preset], own: Collection[str] = ()) -> None:
        """Show these, grouped; `own` are the ids of the user's own. Keeps choice and costs."""
        self._cards, self._headings = {}, {}
        page = QWidget()
        layout = rows(gap=4, margin=8)
        page.setLayout(layout)
        for group, members in _grouped(presets, own):
            self._add_heading(layout, group)
            for preset in members:
                self._add_card(layout, preset, preset.id in own)
        layout.addStretch(1)
        self.setWidget(page)
        self.retranslate()
        self._show_selected()

    def select(self, preset: str) -> None:
        """Choose a preset without a signal; an unknown id chooses none."""
        self._selected = preset if preset in self._cards else ""
        self._show_selected()

    def set_costs(self, costs: Mapping[str, str]) -> None:
        """What each preset costs on this computer, by id; the others keep theirs."""
        self._costs.update(costs)
        for id, cost in costs.items():
            if id in self._cards:
                self._cards[id].set_cost(cost)

    def set_seen(self, text: str, preset: str = "") -> None:
        """What was found in the current photo, told on a preset's card; empty for nothing."""
        self._seen, self._seen_by = text, preset
        for id, card in self._cards.items():
            card.set_seen(text if id == preset else "")

    def focus_selected(self) -> None:
        """Give the keyboard to the chosen card."""
        card = self._cards.get(self._selected) or next(iter(self._cards.values()), None)
        if card is not None:
            card.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def cards(self) -> list[PresetCard]:
        """The cards from top to bottom."""
        return list(self._cards.values())

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Presets"))
        titles = {
            "clean": self.tr("Clean up"),
            "sharp": self.tr("Sharpen and enlarge"),
            "light": self.tr("Light and weather"),
            "old": self.tr("Old photographs"),
            "other": self.tr("More"),
            "own": self.tr("My presets"),
        }
        for group, heading in self._headings.items():
            heading.setText(titles[group])
        for card in self._cards.values():
            card.retranslate()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(watched, PresetCard):
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                return self._handle_key(watched, event)
            if isinstance(event, QContextMenuEvent) and watched.is_own:
                self._offer_menu(watched, event)
                return True
            if event.type() == QEvent.Type.FocusIn:
                self.ensureWidgetVisible(watched)
        return super().eventFilter(watched, event)

    def _handle_key(self, card: PresetCard, event: QKeyEvent) -> bool:
        cards = self.cards()
        here = cards.index(card)
        aims = {
            Qt.Key.Key_Down: here + 1,
            Qt.Key.Key_Up: here - 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(cards) - 1,
        }
        key = Qt.Key(event.key())
        if key in aims:
            aim = cards[min(max(aims[key], 0), len(cards) - 1)]
            aim.setFocus(Qt.FocusReason.TabFocusReason)
            self._choose(aim.preset.id)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(card.preset.id)
            return True
        if key == Qt.Key.Key_Delete and card.is_own:
            self.delete_requested.emit(card.preset.id)
            return True
        return False

    def _offer_menu(self, card: PresetCard, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        action = QAction(icons.icon("trash"), self.tr("Delete this preset"), menu)
        action.triggered.connect(lambda: self.delete_requested.emit(card.preset.id))
        menu.addAction(action)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def _choose(self, preset: str) -> None:
        is_new = preset != self._selected
        self._selected = preset
        self._show_selected()
        if is_new:
            self.chosen.emit(preset)

    def _show_selected(self) -> None:
        """One card is ticked, and it alone is a stop of the Tab key."""
        stop = self._selected or next(iter(self._cards), "")
        for id, card in self._cards.items():
            card.setChecked(id == self._selected)
            strong = id == stop
            card.setFocusPolicy(Qt.FocusPolicy.StrongFocus if strong else Qt.FocusPolicy.ClickFocus)

    def _add_heading(self, layout: QVBoxLayout, group: str) -> None:
        if group == AUTO:
            return
        heading = role(QLabel(), "heading")
        heading.setContentsMargins(2, 8, 0, 2)
        self._headings[group] = heading
        layout.addWidget(heading)

    def _add_card(self, layout: QVBoxLayout, preset: Preset, own: bool) -> None:
        card = PresetCard(self._look, preset, own)
        card.set_cost(self._costs.get(preset.id, ""))
        card.set_seen(self._seen if preset.id == self._seen_by else "")
        card.installEventFilter(self)
        card.clicked.connect(lambda: self._choose(preset.id))
        self._cards[preset.id] = card
        layout.addWidget(card)

    def _relook(self) -> None:
        for card in self._cards.values():
            card.updateGeometry()
            card.update()


def _grouped(presets: Iterable[Preset], own: Collection[str]) -> list[tuple[str, list[Preset]]]:
    """The groups that have members, in the order of the panel."""
    groups: dict[str, list[Preset]] = {name: [] for name in (AUTO, *_ORDER, "own")}
    for preset in presets:
        group = "own" if preset.id in own else _GROUPS.get(preset.task, "other")
        groups[group].append(preset)
    return [(name, members) for name, members in groups.items() if members]


_ORDER = ("clean", "sharp", "light", "old", "other")
_GROUPS = {
    AUTO: AUTO,
    "denoise": "clean",
    "artifacts": "clean",
    "deblur": "sharp",
    "upscale": "sharp",
    "low-light": "light",
    "dehaze": "light",
    "derain": "light",
    "desnow": "light",
    "old-photo": "old",
}
"""Which group a task belongs to."""
