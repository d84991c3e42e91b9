"""What is kept about a photo from one run to the next."""

import os
from pathlib import Path

import pytest

from engine.diffusion.findings import Findings, LastFindings
from engine.preset import Preset
from engine.request import RestoreRequest

PRESET = Preset(id="p", title="P", summary="s", task="denoise")


def test_what_is_asked_for_is_looked_for_once() -> None:
    findings, looks = Findings(), []
    for answer in (1, 2):
        assert findings.once("blur", lambda answer=answer: looks.append(answer) or 7) == 7
    assert looks == [1]
    assert findings.once("other", lambda: None) is None
    assert findings.once("other", lambda: 3) is None, "nothing is an answer, too"


def test_what_failed_is_looked_for_again() -> None:
    findings = Findings()
    with pytest.raises(ZeroDivisionError):
        findings.once("blur", lambda: 1 // 0)
    assert findings.once("blur", lambda: 1) == 1


def test_they_are_about_a_file_as_it_is_and_a_model(tmp_path: Path) -> None:
    photo, adapter = tmp_path / "a.png", tmp_path / "adapter"
    photo.write_bytes(b"1")
    adapter.write_bytes(b"1")
    last, request = LastFindings(), RestoreRequest(source=photo, preset=PRESET)
    known = last.of(request)
    assert last.of(request) is known
    os.utime(photo, ns=(1, 1))
    assert last.of(request) is not known
    taught = RestoreRequest(source=photo, preset=PRESET, adapter=adapter)
    known = last.of(taught)
    assert last.of(taught) is known
    adapter.write_bytes(b"22")
    assert last.of(taught) is not known


def test_nothing_is_kept_about_what_is_no_file(tmp_path: Path) -> None:
    request = RestoreRequest(source=tmp_path / "gone.png", preset=PRESET)
    last = LastFindings()
    assert last.of(request) is not last.of(request)
