"""The words in and about the compare view: labels in its corners, what is said of it aloud."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRectF

from restorer_app.gui.compare.chrome import Label
from restorer_app.gui.compare.panes import Mode, Pane, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What the words depend on. `variant` is the name of the result, None while the original is
    shown in its place."""

    mode: Mode
    variant: str | None
    gain: float
    divider: float
    vertical: bool
    percent: float

    def caption(self, side: Side) -> str:
        if side is Side.DIFFERENCE:
            return QCoreApplication.translate("CompareView", "Difference × %1").replace(
                "%1", f"{self.gain:g}"
            )
        if side is Side.BEFORE or self.variant is None:
            return QCoreApplication.translate("CompareView", "Before")
        return (
            QCoreApplication.translate("CompareView", "After · %1").replace("%1", self.variant)
            if self.variant
            else QCoreApplication.translate("CompareView", "After")
        )

    def labels(self, shown: tuple[Pane, ...], dpr: float) -> list[Label]:
        """One in the outer corner of each pane."""
        split = self.mode is Mode.SPLIT and self.variant is not None
        result = []
        for pane in shown:
            left, top, right, bottom = (value / dpr for value in pane.on_view)
            area = QRectF(left, top, right - left, bottom - top)
            second = split and pane.side is Side.AFTER
            to_right, low = second and self.vertical, second and not self.vertical
            result.append(Label(self.caption(pane.side), area, to_right, low))
        return result

    def description(self) -> str:
        """What a glance would tell, for assistive technology."""
        parts = [
            _mode_name(self.mode),
            QCoreApplication.translate("CompareView", "zoom %1 %").replace(
                "%1", f"{self.percent:.0f}"
            ),
        ]
        if self.mode is Mode.SPLIT:
            parts.append(
                QCoreApplication.translate("CompareView", "divider at %1 %").replace(
                    "%1", f"{self.divider * 100:.0f}"
                )
            )
        parts.append(self.caption(Side.AFTER))
        return ", ".join(parts)


def _mode_name(mode: Mode) -> str:
    return {
        Mode.SPLIT: QCoreApplication.translate("CompareView", "Split"),
        Mode.SIDE_BY_SIDE: QCoreApplication.translate("CompareView", "Side by side"),
        Mode.STACKED: QCoreApplication.translate("CompareView", "One above the other"),
        Mode.SINGLE: QCoreApplication.translate("CompareView", "Single"),
        Mode.DIFFERENCE: QCoreApplication.translate("CompareView", "Difference"),
    }[mode]
