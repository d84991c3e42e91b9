"""Errors, remedies, warnings and notes in the language of the window.

Engine, program and trainer say them in English, whole, with file names and numbers in them: so they
stand in the log and on the command line, and so they cross to this process. Here they are known
again by the templates that they were made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from string import Formatter

from PySide6.QtCore import QCoreApplication, QLocale

from restorer_app.gui.sentences.model_sentences import MODELS
from restorer_app.gui.sentences.picture_sentences import PICTURES, SAVING
from restorer_app.gui.sentences.sentence_parts import LOOSE, REASONS
from restorer_app.gui.sentences.training_sentences import TRAININGS
from restorer_app.gui.sentences.weight_sentences import ADAPTERS, WEIGHTS

TEMPLATES = (*PICTURES, *SAVING, *WEIGHTS, *ADAPTERS, *MODELS, *TRAININGS, *REASONS, *LOOSE)
"""All that can be translated, with the values in brackets. What a value is called tells what is
done with it."""
_SPOKEN = frozenset({"error", "fault", "hint", "reason", "source", "state", "why"})
"""Values that are sentences themselves, or parts of one."""
_SURE = frozenset({"fault", "state"})
"""Those of them without which too much would look like the template."""
_NUMBERS = frozenset({"free", "megapixels", "memory", "most", "needed", "reach"})
_GAP = re.compile(r"(?<=[.!?])\s+")
"""Between two sentences, or within a file's name."""
_LONGEST, _MOST = 1000, 12
"""Characters and gaps of a text that can be one of ours."""


def said(sentence: str) -> str:
    """What was said in English, in the language of the window; what is not known as it is.

    Several sentences in one text are known one by one, with their full stops or without.
    """
    if len(sentence) > _LONGEST or len(_GAP.findall(sentence)) > _MOST:
        return sentence
    return "".join(map(_told, _read(sentence).parts))


@dataclass(frozen=True, slots=True)
class _Template:
    """A sentence with places for values."""

    text: str
    words: tuple[str, ...]
    """What stands around the values."""

    def values(self, sentence: str) -> dict[str, str] | None:
        """The values with which this would be the sentence; None if it cannot be."""
        if not all(words in sentence for words in self.words):
            return None  # which spares nearly every pattern
        found = _pattern(self.text).fullmatch(sentence)
        return None if found is None else found.groupdict()


@dataclass(frozen=True, slots=True)
class _Known:
    """A sentence, as what it was made from."""

    template: str
    values: tuple[tuple[str, str | _Reading], ...]
    stop: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text in parts, known or as they are; `rest` counts what is not the words of a template."""

    parts: tuple[_Known | str, ...]
    rest: int

    @property
    def is_known(self) -> bool:
        """Whether templates explain all of it."""
        return all(isinstance(part, _Known) or part.isspace() for part in self.parts)


@lru_cache(maxsize=4096)
def _read(text: str) -> _Reading:
    """The reading of a text that explains the most of it."""
    best = _one(text)
    for gap in _GAP.finditer(text):
        first, others = _one(text[: gap.start()]), _read(text[gap.end() :])
        rest = first.rest + others.rest
        if rest < best.rest:
            best = _Reading((*first.parts, gap[0], *others.parts), rest)
    return best


def _one(text: str) -> _Reading:
    """A text that is one sentence, or unknown."""
    bare = text.removesuffix(".")
    best = _Reading((text,), len(text))
    for template in _templates():
        found = template.values(bare)
        if found is None:
            continue
        read = {name: _read(found[name]) for name in _SPOKEN & found.keys()}
        if not all(read[name].is_known for name in _SURE & read.keys()):
            continue
        values = tuple((name, read.get(name, value)) for name, value in found.items())
        rest = sum(value.rest if isinstance(value, _Reading) else len(value) for _, value in values)
        if rest < best.rest:
            best = _Reading((_Known(template.text, values, text[len(bare) :]),), rest)
    return best


def _told(part: _Known | str) -> str:
    if isinstance(part, str):
        return part
    words = QCoreApplication.translate("Sentences", part.template).removesuffix(".")
    values = {name: _written(name, value) for name, value in part.values}
    return words.format(**values) + part.stop


def _written(name: str, value: str | _Reading) -> str:
    """A value as the language of the window has it."""
    if isinstance(value, _Reading):
        return "".join(map(_told, value.parts))
    if name == "preset":
        return QCoreApplication.translate("Preset", value)
    if name in _NUMBERS:
        signs = {",": QLocale().groupSeparator(), ".": QLocale().decimalPoint()}
        return "".join(signs.get(sign, sign) for sign in value)
    return value


@cache
def _templates() -> tuple[_Template, ...]:
    return tuple(_Template(text, tuple(words for words, _ in _parts(text))) for text in TEMPLATES)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """What all sentences of a template look like."""
    look = ""
    for words, name in _parts(text):
        look += re.escape(words)
        if name:
            look += f"(?P<{name}>{_look(name, quoted=words.endswith('“'))})"
    return re.compile(look, re.DOTALL)


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Words, and the name of the value behind them, if there is one."""
    for words, name, _, _ in Formatter().parse(text.removesuffix(".")):
        yield words, name or ""


def _look(name: str, *, quoted: bool) -> str:
    """What a value looks like; a quoted one does not reach beyond its marks."""
    if name in _NUMBERS:
        return r"[\d.,e+-]+"
    if name == "hint":
        return ".*"  # which there may be none of
    return "[^“”]+" if quoted else ".+?"
