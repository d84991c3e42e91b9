"""A box for a number with decimals, typed with a comma or a point in any language."""

from __future__ import annotations

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox


class DecimalBox(QDoubleSpinBox):
    """Writes its number as the language of the window does.

    Thousands are never set apart, so both signs are the decimal one: else 1.5 typed into a German
    box would be 15, and nobody would notice.
    """

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        point = self.locale().decimalPoint()
        return super().validate(text.replace(",", ".").replace(".", point), place)
