"""Presets of the user's own, written as the files that `engine.preset` reads."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from engine.errors import BadPreset, CannotSave
from engine.preset import Preset, load_preset
from engine.whole_file import whole_file
from restorer_app.export import RESERVED

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_ACCENTS = re.compile("(?<=[a-z])[\u0300-\u036f]+")
_OWN_ORDER = 200
"""Own presets come after those that ship with the program."""


def save_user_preset(folder: Path, preset: Preset, *, taken: Collection[str] = ()) -> Preset:
    """Write `preset` as a file of its own and give it as it is read back.

    Its id is made from its title, with a number if `taken` or the folder have that one already.
    Raises `BadPreset` for a title without letters, `CannotSave` where the folder does not let us.
    """
    stem = slug(preset.title)
    if not stem:
        raise BadPreset("A preset needs a name with letters or digits.", "Give it a name.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        used = {*taken, *RESERVED, *(path.stem for path in folder.glob("*.toml"))}
        id, number = stem, 1
        while id in used:
            number += 1
            id = f"{stem}-{number}"
        path = folder / f"{id}.toml"
        with whole_file(path, overwrite=False) as file:
            file.write(_as_toml(replace(preset, id=id, order=_OWN_ORDER)).encode())
    except OSError as error:
        raise CannotSave(
            f"The preset cannot be saved in “{folder}”: {error.strerror}.",
            "Make room there, or ask for the right to write there.",
        ) from error
    return load_preset(path)


def delete_user_preset(folder: Path, id: str) -> bool:
    """Remove a preset of the user's own; False if there is none of that id. Raises `CannotSave`."""
    if id not in user_preset_ids(folder):  # which also keeps ids from leading elsewhere
        return False
    try:
        (folder / f"{id}.toml").unlink()
    except OSError as error:
        raise CannotSave(
            f"The preset cannot be removed from “{folder}”: {error.strerror}.",
            "Ask for the right to write there.",
        ) from error
    return True


def user_preset_ids(folder: Path) -> frozenset[str]:
    """The ids of the presets in the user's folder."""
    return frozenset(path.stem for path in folder.glob("*.toml"))


def slug(title: str) -> str:
    """The title in small letters, digits and hyphens; empty if nothing is left of it."""
    apart = unicodedata.normalize("NFKD", title.replace("ß", "ss")).casefold()
    # Put together again, for in other scripts marks are part of the letter, and as one types it.
    plain = unicodedata.normalize("NFC", _ACCENTS.sub("", apart))
    return re.sub(r"[^\w]+|_+", "-", plain).strip("-")[:60].strip("-")


def _as_toml(preset: Preset) -> str:
    """Only what differs from a preset's defaults, so that the file stays easy to read."""
    lines = []
    for field in fields(preset):
        value = getattr(preset, field.name)
        if value == field.default:
            continue
        if isinstance(value, bool):
            lines.append(f"{field.name} = {str(value).lower()}")
        elif isinstance(value, int | float):
            lines.append(f"{field.name} = {value!r}")
        else:
            # JSON's escapes are those of a TOML basic string, but for the DEL character.
            text = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
            lines.append(f"{field.name} = {text}")
    return "\n".join(lines) + "\n"
