from __future__ import annotations

import io
import sys
from pathlib import Path
from types import ModuleType

import pytest

from engine.errors import NoPlace
from restorer_app.cli import Program
from restorer_app.model_store import ModelStore
from restorer_app.model_tokens import hub_token, keep_token


class RingError(Exception):
    pass


class Ring(ModuleType):
    """The package `keyring`, with a drawer of its own."""

    def __init__(self) -> None:
        super().__init__("keyring")
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, user: str) -> str | None:
        self._open()
        return self.kept.get((service, user))

    def set_password(self, service: str, user: str, password: str) -> None:
        self._open()
        self.kept[service, user] = password

    def delete_password(self, service: str, user: str) -> None:
        del self.kept[service, user]

    def _open(self) -> None:
        if self.locked:
            raise RingError("locked")


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    ring, errors = Ring(), ModuleType("keyring.errors")
    errors.KeyringError = RingError  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", ring)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return ring


def test_the_token_is_kept_in_the_keyring(
    ring: Ring,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    program = Program(models=list, open_store=lambda: ModelStore(folder=tmp_path))
    assert hub_token() == ""
    monkeypatch.setattr(sys, "stdin", io.StringIO("secret\n"))
    assert program.run(["models", "login"]) == 0
    assert "secret" not in "".join(capsys.readouterr())
    assert hub_token() == "secret"
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    assert program.run(["models", "login"]) == 0
    assert capsys.readouterr().out == "The token is forgotten.\n"
    assert hub_token() == ""


def test_without_a_keyring_the_environment_is_asked(
    ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "from outside")
    assert hub_token() == "from outside"
    ring.locked = True
    assert hub_token() == "from outside"
    with pytest.raises(NoPlace, match="locked"):
        keep_token("x")
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert hub_token() == "from outside"
    with pytest.raises(NoPlace, match="cannot use"):
        keep_token("x")
