"""What the file manager and the browser are started with."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from restorer_app.gui.outside import show_folder, show_page

NAMES = ("LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH", "PYINSTALLER_RESET_ENVIRONMENT")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, str]]]:
    """Where others were sent, and what they found in their surroundings."""
    seen: list[tuple[str, dict[str, str]]] = []

    def open_url(url: QUrl) -> bool:
        seen.append((url.toString(), {n: os.environ[n] for n in NAMES if n in os.environ}))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    for name in (*NAMES, "LD_LIBRARY_PATH_ORIG"):
        monkeypatch.delenv(name, raising=False)
    return seen


@pytest.mark.parametrize("own", [None, "/theirs/lib"])
def test_a_bundle_keeps_its_libraries_to_itself(
    started: list[tuple[str, dict[str, str]]], monkeypatch: pytest.MonkeyPatch, own: str | None
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    ours = {"LD_LIBRARY_PATH": "/b/_internal", "QT_PLUGIN_PATH": "/b/_internal/plugins"}
    for name, value in ours.items():
        monkeypatch.setenv(name, value)
    if own is not None:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", own)
    show_page("https://example.org/licence")
    ((address, found),) = started
    assert address == "https://example.org/licence"
    assert found.pop("PYINSTALLER_RESET_ENVIRONMENT") == "1"
    assert found == ({} if own is None else {"LD_LIBRARY_PATH": own})
    assert {name: os.environ[name] for name in NAMES if name in os.environ} == ours


def test_without_a_bundle_nothing_is_changed(
    started: list[tuple[str, dict[str, str]]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/theirs/lib")
    show_folder(tmp_path)
    assert started == [
        (QUrl.fromLocalFile(str(tmp_path)).toString(), {"LD_LIBRARY_PATH": "/theirs/lib"})
    ]
