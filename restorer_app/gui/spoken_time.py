"""Durations as a person would say them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def time_left(seconds: float | None) -> str:
    """What is left, rounded as far as an estimate deserves; empty where nobody knows."""
    if seconds is None:
        return ""
    if seconds < 90:
        return QCoreApplication.translate("SpokenTime", "{} s").format(max(1, round(seconds)))
    minutes = seconds / 60
    if minutes < 90:
        return QCoreApplication.translate("SpokenTime", "{} min").format(round(minutes))
    hours, rest = divmod(round(minutes), 60)
    return QCoreApplication.translate("SpokenTime", "{} h {} min").format(hours, rest)


def cost(seconds: float) -> str:
    """How long something will take, as this computer was measured."""
    return QCoreApplication.translate("SpokenTime", "about {}").format(time_left(seconds))
