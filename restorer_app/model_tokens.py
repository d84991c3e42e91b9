"""The user's own token for models whose owners ask for one.

Kept in the keyring of the system, where the package `keyring` is installed; read from there, else
from the environment. Never written to a file or a log of ours.
"""

from __future__ import annotations

import importlib
import os
from typing import Protocol, cast

from engine.errors import NoPlace

_SERVICE, _USER = "restorer", "hub-token"
_VARIABLES = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")


class Keyring(Protocol):
    """What is used of the package `keyring`."""

    def get_password(self, service: str, user: str) -> str | None: ...

    def set_password(self, service: str, user: str, password: str) -> None: ...

    def delete_password(self, service: str, user: str) -> None: ...


def hub_token() -> str:
    """The token; empty where there is none. May ask the user to unlock the keyring."""
    kept = _from_keyring()
    return kept or next((os.environ[name] for name in _VARIABLES if os.environ.get(name)), "")


def keep_token(token: str) -> None:
    """Put the token into the keyring, in place of an older one; an empty one only removes that.

    Raises `NoPlace` where there is no keyring.
    """
    ring, errors = _keyring()
    if ring is None:
        raise NoPlace(
            "This installation cannot use the system's keyring",
            "Install the package “keyring”, or put the token into the environment as HF_TOKEN.",
        )
    try:
        if token:
            ring.set_password(_SERVICE, _USER, token)
        elif ring.get_password(_SERVICE, _USER):
            ring.delete_password(_SERVICE, _USER)
    except errors as error:
        raise NoPlace(
            f"The system's keyring does not take the token: {error}",
            "Unlock it, or put the token into the environment as HF_TOKEN.",
        ) from error


def _from_keyring() -> str:
    ring, errors = _keyring()
    if ring is None:
        return ""
    try:
        return ring.get_password(_SERVICE, _USER) or ""
    except errors:
        return ""  # locked, or a system without one: the environment is asked next


def _keyring() -> tuple[Keyring | None, type[Exception]]:
    """The keyring and the root of its errors; None where the package is missing."""
    try:
        ring = importlib.import_module("keyring")
        errors = importlib.import_module("keyring.errors").KeyringError
    except ImportError:
        return None, Exception
    return cast("Keyring", ring), cast("type[Exception]", errors)
