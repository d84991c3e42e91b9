"""How Qt's own widgets are drawn in a theme."""

from __future__ import annotations

from collections.abc import Callable
from string import Template

from engine.resources import resource
from restorer_app.gui.look.tones import Tones

_SHEET = """
QMainWindow, QDialog { background: $window; }
QWidget { color: $text; }
QWidget:disabled { color: $disabled; }
QWidget[role="panel"] { background: $panel; }
QFrame[role="card"] { background: $panel; border: 1px solid $line; border-radius: ${p6}px; }
QToolTip { color: $text; background: $raised; border: 1px solid $edge; padding: ${p4}px; }

QLabel[role="title"] { font-size: ${f18}px; font-weight: 600; }
QLabel[role="hero"] { font-size: ${f24}px; font-weight: 300; }
QLabel[role="heading"] { color: $dim; font-weight: 600; }
QLabel[role="dim"] { color: $dim; }
QLabel[role="subtitle"] { font-size: ${f14}px; font-weight: 600; }
QLabel[role="badge"], QLabel[role="badge-on"] { border: 1px solid $edge; border-radius: ${p8}px;
    padding: 0 ${p8}px; color: $dim; }
QLabel[role="badge-on"] { border-color: $good; color: $good; }
QLabel[role="error"] { color: $bad; }
QLabel[role="note"] { background: $raised; border: 1px solid $edge; border-radius: ${p6}px;
    padding: ${p12}px; }

QPushButton, QToolButton, QComboBox {
    background: $raised; border: 1px solid $raised; border-radius: ${p4}px;
    padding: ${p4}px ${p10}px; icon-size: ${p16}px;
}
QPushButton { min-height: ${p18}px; }
QPushButton:hover, QToolButton:hover, QComboBox:hover { background: $hover; border-color: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $field; border-color: $field; }
QPushButton:disabled, QToolButton:disabled { background: $panel; border-color: $line; }
QPushButton:focus, QToolButton:focus, QComboBox:focus { border: 2px solid $focus;
    padding: ${p4less}px ${p10less}px; }
QPushButton[role="primary"] { background: $accent; border-color: $accent; color: $on_accent;
    font-weight: 600; }
QPushButton[role="primary"]:hover { background: $focus; border-color: $focus; }
QPushButton[role="primary"]:pressed { background: $edge; border-color: $edge; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled { background: $panel; border-color: $line;
    color: $disabled; }
QToolButton { padding: ${p4}px; }
QToolButton:focus { padding: ${p4less}px; }
QPushButton[role="flat"], QToolButton[role="flat"] { background: transparent;
    border-color: transparent; }
QPushButton[role="flat"]:hover, QToolButton[role="flat"]:hover { background: $hover; }
QPushButton[role="flat"]:focus, QToolButton[role="flat"]:focus { border: 2px solid $focus; }
QPushButton[role="link"] { background: transparent; border-color: transparent; padding: 0;
    min-height: 0; color: $focus; text-decoration: underline; text-align: left; }
QPushButton[role="link"]:hover { color: $text; }
QPushButton[role="link"]:focus { border: 2px solid $focus; padding: 0; }
QPushButton:checked, QToolButton:checked { background: $accent; border-color: $accent;
    color: $on_accent; }
QPushButton:checked:focus, QToolButton:checked:focus { border: 2px solid $text; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: none; width: 0px; }

QComboBox { min-height: ${p16}px; padding-right: ${p20}px; }
QComboBox::drop-down { border: none; width: ${p20}px; }
QComboBox::down-arrow { image: url("$arrow"); width: ${p12}px; height: ${p12}px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $edge; outline: none;
    selection-background-color: $accent; selection-color: $on_accent; padding: ${p2}px; }

QLineEdit, QAbstractSpinBox, QPlainTextEdit, QTextEdit {
    background: $field; border: 1px solid $edge; border-radius: ${p3}px;
    padding: ${p3}px ${p6}px; selection-background-color: $accent;
    selection-color: $on_accent;
}
QLineEdit:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
    border: 2px solid $focus; padding: ${p3less}px ${p6less}px; }
QLineEdit:disabled, QAbstractSpinBox:disabled { border-color: $line; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0px; height: 0px;
    border: none; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus { background: transparent;
    border: none; padding: 0 ${p4}px; }
QAbstractSpinBox[role="quiet"] { background: transparent; border-color: transparent; }
QAbstractSpinBox[role="quiet"]:hover { border-color: $edge; background: $field; }
QAbstractSpinBox[role="quiet"]:focus { border: 2px solid $focus; background: $field; }
QTextBrowser { background: $panel; border: none; padding: ${p10}px; }
QTextBrowser:focus { border: 2px solid $focus; }

QSlider { min-height: ${p18}px; border: 2px solid transparent; }
QSlider::groove:horizontal { background: $field; border: 1px solid $line; height: ${p3}px;
    border-radius: ${p2}px; }
QSlider::sub-page:horizontal { background: $accent; height: ${p3}px;
    border-radius: ${p2}px; }
QSlider::handle:horizontal { background: $text; border: 2px solid $panel; width: ${p10}px;
    margin: -${p6}px 0; border-radius: ${p6}px; }
QSlider::handle:horizontal:hover { background: $focus; }
QSlider:focus { border: 2px solid $focus; border-radius: ${p4}px; }
QSlider::sub-page:horizontal:disabled { background: $line; }
QSlider::handle:horizontal:disabled { background: $disabled; }

QProgressBar { background: $field; border: none; border-radius: ${p3}px; max-height: ${p6}px;
    min-height: ${p6}px; }
QProgressBar::chunk { background: $accent; border-radius: ${p3}px; }

QCheckBox, QRadioButton { spacing: ${p8}px; padding: ${p2}px; border: 2px solid transparent;
    border-radius: ${p4}px; }
QCheckBox:focus, QRadioButton:focus { border: 2px solid $focus; }
QCheckBox::indicator { width: ${p14}px; height: ${p14}px; border: 1px solid $edge;
    border-radius: ${p3}px; background: $field; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent;
    image: url("$tick"); }

QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: ${p10}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${p10}px; margin: 0; }
QScrollBar::handle { background: $disabled; border-radius: ${p3}px; margin: ${p2}px; }
QScrollBar::handle:vertical { min-height: ${p30}px; }
QScrollBar::handle:horizontal { min-width: ${p30}px; }
QScrollBar::handle:hover { background: $dim; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }

QListView, QListWidget, QTreeView, QTableView { background: $panel; border: none; outline: none; }
QListWidget::item { padding: ${p6}px ${p10}px; border-radius: ${p4}px; }
QListWidget::item:hover { background: $hover; }
QListWidget::item:selected { background: $accent; color: $on_accent; }
QListWidget:focus { border: 2px solid $focus; }

QMenu { background: $raised; border: 1px solid $edge; padding: ${p4}px; }
QMenu::item { padding: ${p5}px ${p20}px ${p5}px ${p12}px; border-radius: ${p3}px; }
QMenu::icon { padding-left: ${p8}px; }
QMenu::item:selected { background: $accent; color: $on_accent; }
QMenu::item:disabled { color: $disabled; background: transparent; }
QMenu::separator { height: 1px; background: $line; margin: ${p4}px ${p6}px; }
QMenuBar { background: $window; }
QMenuBar::item { padding: ${p4}px ${p8}px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QStatusBar { background: $window; color: $dim; }
QStatusBar::item { border: none; }
QToolBar { background: $window; border: none; spacing: ${p4}px; padding: ${p4}px; }
QSplitter::handle { background: $window; }
QSplitter::handle:hover { background: $line; }
QTabBar::tab { background: transparent; color: $dim; padding: ${p6}px ${p12}px;
    border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { color: $focus; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QFrame[role="line"] { background: $line; max-height: 1px; min-height: 1px; border: none; }
QLabel[role="key"] { background: $raised; border: 1px solid $edge; border-radius: ${p3}px;
    padding: ${p2}px ${p6}px; }
"""

_LENGTHS = (2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 24, 30)


def stylesheet(tones: Tones, px: Callable[[float], int]) -> str:
    """The stylesheet of a theme, its lengths in the pixels that `px` makes of them."""
    lengths = {f"p{length}": px(length) for length in _LENGTHS}
    less = {f"p{length}less": max(px(length) - 1, 0) for length in _LENGTHS}
    fonts = {f"f{size}": px(size) for size in (14, 18, 24)}
    colours = {name: getattr(tones, name) for name in Tones.__dataclass_fields__}
    pictures = {
        name: resource("icons", "sheet", f"{name}-{tones.name}.svg").as_posix()
        for name in ("arrow", "tick")
    }
    values = {**lengths, **less, **fonts, **colours, **pictures}
    return Template(_SHEET).substitute(values)
