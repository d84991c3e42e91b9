"""Whose work is in the program: its libraries, as they say of themselves, and their licences."""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from engine.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOTS = ("restorer", "transformers", "keyring")
"""The program, and what it uses where it is there; all else is needed by these."""

_IS_LICENCE = re.compile(r"(^|/)(licen[cs]es?/|(LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*$)", re.I)
_SHARED = {
    "LGPL-3.0": ("LGPL-3.0.txt", "GPL-3.0.txt"),
    "Apache": ("Apache-2.0.txt",),
    "PSF-2.0": ("PSF-2.0.txt",),
}
"""Texts of licences that are named and not brought, by how their names begin."""


@dataclass(frozen=True, slots=True)
class Library:
    """A distribution as it was installed."""

    name: str
    version: str
    licence: str
    """As SPDX writes it, where its authors do; else their words."""
    texts: tuple[str, ...]


def libraries() -> list[Library]:
    """All that the program is made of, itself and Python first, the others by name."""
    found: dict[str, metadata.Distribution] = {}
    waiting = list(ROOTS)
    while waiting:
        name = _normal(waiting.pop(0))
        if name in found:
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # of another system, or left out
        waiting += _needed(found[name])
    own = [_library(found.pop(name)) for name in ROOTS[:1] if name in found]
    python = Library("Python", platform.python_version(), "PSF-2.0", _shared("PSF-2.0"))
    return [*own, python, *(_library(found[name]) for name in sorted(found))]


def _needed(distribution: metadata.Distribution) -> Iterator[str]:
    for requirement in distribution.requires or ():
        name = re.match(r"[\w.-]+", requirement)
        if name is not None and "extra ==" not in requirement:
            yield name[0]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _library(distribution: metadata.Distribution) -> Library:
    licence = _licence(distribution.metadata)
    texts = tuple(_texts(distribution)) or _shared(licence)
    return Library(distribution.metadata["Name"], distribution.version, licence, texts)


def _shared(licence: str) -> tuple[str, ...]:
    names = (names for start, names in _SHARED.items() if licence.startswith(start))
    paths = (resource("licences", name) for name in next(names, ()))
    return tuple(path.read_text("utf-8") for path in paths)


def _licence(said: metadata.PackageMetadata) -> str:
    for field in ("License-Expression", "License"):
        words = " ".join(said.get_all(field, []))
        if words and "\n" not in words.strip():
            return words
    classes = [line for line in said.get_all("Classifier", []) if line.startswith("License ::")]
    return "; ".join(line.rpartition(" :: ")[2] for line in classes) or "see its text"


def _texts(distribution: metadata.Distribution) -> Iterator[str]:
    for file in distribution.files or ():
        if not _IS_LICENCE.search(file.as_posix()) or ".dist-info" not in file.as_posix():
            continue
        path = Path(str(distribution.locate_file(file)))
        if path.is_file():
            yield path.read_text("utf-8", "replace")
