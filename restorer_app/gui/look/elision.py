"""Text that has too little room, cut between words."""

from __future__ import annotations

from PySide6.QtGui import QFontMetrics

_MORE = "…"


def elided(text: str, metrics: QFontMetrics, width: int, lines: int = 1) -> tuple[list[str], bool]:
    """The lines that fit into `width` pixels, and whether all of the text is there.

    Cuts between words and marks the cut; only a single word that is too long is cut inside.
    """
    words, found = text.split(), list[str]()
    while words and len(found) < lines:
        taken = _fitting(words, metrics, width)
        found.append(" ".join(words[:taken]) if taken else _cut(words[0], metrics, width))
        words = words[max(taken, 1) :]
    whole = not words and not any(line.endswith(_MORE) and line not in text for line in found)
    if words and found:
        found[-1] = _marked(found[-1], metrics, width)
    return found, whole


def _fitting(words: list[str], metrics: QFontMetrics, width: int) -> int:
    """How many words fit on a line."""
    count = 0
    while count < len(words):
        if metrics.horizontalAdvance(" ".join(words[: count + 1])) > width:
            break
        count += 1
    return count


def _marked(line: str, metrics: QFontMetrics, width: int) -> str:
    words = line.rstrip(_MORE).split()
    while len(words) > 1 and metrics.horizontalAdvance(" ".join(words) + " " + _MORE) > width:
        words.pop()
    text = " ".join(words)
    if metrics.horizontalAdvance(text + " " + _MORE) > width:
        return _cut(text, metrics, width)
    return text + " " + _MORE


def _cut(word: str, metrics: QFontMetrics, width: int) -> str:
    while word and metrics.horizontalAdvance(word + _MORE) > width:
        word = word[:-1]
    return word + _MORE
