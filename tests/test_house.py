"""Watches over the folder itself: what lies where, and that the documents tell the truth."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from engine.preset import load_preset, load_presets
from restorer_app.arguments import PASSED_ON, build_parser
from restorer_app.sheet import sheet_of
from trainer.cli import build_parser as training_parser
from trainer.recipe_files import load_recipe
from trainer.samples import load_samples, make_samples

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
CONTRIBUTING = ROOT / ".github" / "CONTRIBUTING.md"
SAMPLES = ROOT / "resources" / "samples"
PACKAGES = ("engine", "trainer", "restorer_app")
TABLES = ("degradations", "formats", "measures")
"""Folders whose modules are all of a kind: a table in each, or in the code, lists them."""
TOP = {"pyproject.toml", "resources", "tests", "packaging", "README.md", "LICENSE", *PACKAGES}

# Brackets keep these lines from matching themselves.
HOSTS = re.compile(r"pyp[i]\.org|pythonhoste[d]|pytorc[h]\.org/whl|registry\.np[m]js|deb\.debia[n]")
MACHINE_PATHS = re.compile(r"(?<![\w.~>/])/(?:hom[e]|User[s]|roo[t]|wor[k]|srv|mnt|opt)/\w")


@cache
def our_files() -> tuple[Path, ...]:
    """What git tracks, or would if it were added now."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = [git, "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    files = (ROOT / name for name in names.split("\0") if name)
    return tuple(path for path in files if path.is_file())


def texts() -> list[tuple[Path, str]]:
    found = []
    for path in our_files():
        try:
            found.append((path, path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def code_blocks(document: Path) -> list[str]:
    """The lines of a document that are meant for a shell."""
    blocks = re.findall(r"^ *```(?:sh|bat)\n(.*?)^ *```", document.read_text("utf-8"), re.M | re.S)
    joined = "\n".join(blocks).replace("\\\n", " ")
    return [line.split("#")[0].strip() for line in joined.splitlines()]


def test_top_level_is_as_agreed() -> None:
    top = {path.relative_to(ROOT).parts[0] for path in our_files()}
    assert {name for name in top if not name.startswith(".")} <= TOP


def test_no_folder_shadows_a_library() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()


@pytest.mark.parametrize("forbidden", [HOSTS, MACHINE_PATHS], ids=["hosts", "machine paths"])
def test_files_name_no_host_and_no_machine(forbidden: re.Pattern[str]) -> None:
    hits = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path, text in texts()
        for match in forbidden.finditer(text)
    ]
    assert not hits


def test_every_preset_loads_and_is_in_the_readme() -> None:
    presets = [load_preset(path) for path in (ROOT / "resources" / "presets").glob("*.toml")]
    assert {preset.id for preset in presets} == set(load_presets())
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (.*) \|$", README.read_text("utf-8"), re.M))
    assert set(rows) == {preset.id for preset in presets}
    marked = {id for id, row in rows.items() if "experimental" in row}
    assert marked == {preset.id for preset in presets if preset.experimental}


def test_every_sample_is_there_small_and_credited() -> None:
    credits = (SAMPLES / "CREDITS.md").read_text("utf-8")
    recipe = load_recipe(ROOT / "resources" / "recipes" / "samples.toml")
    samples = load_samples(SAMPLES / "samples.toml")
    presets = load_presets()
    for sample in samples:
        assert (SAMPLES / sample.file).stat().st_size <= 300_000
        assert f"`{sample.file}`" in credits
        assert f"`{sample.clean}`" in credits
        assert sample.preset in presets
        assert sample.degradation in {task.id for task in recipe.tasks}
    pictures = {path.name for path in SAMPLES.iterdir()} - {"CREDITS.md", "samples.toml"}
    shown = {"before-after.jpg", "window-dark.png", "window-light.png"}
    assert pictures - shown == {sample.file for sample in samples}


def test_samples_are_made_from_originals(tmp_path: Path) -> None:
    for sample in load_samples(SAMPLES / "samples.toml"):
        Image.new("RGB", (48, 40), (90, 140, 60)).save(tmp_path / sample.clean)
    first, again = (make_samples(tmp_path, tmp_path / name) for name in ("first", "again"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    with Image.open(first[0]) as made:
        assert made.size == (48, 40)
        assert len(set(made.convert("L").tobytes())) > 1


def test_sheet_shows_before_left_and_after_right() -> None:
    dark, light = (Image.new("RGB", (90, 60), (level,) * 3) for level in (40, 200))
    sheet = sheet_of([(dark, light), (dark, light)])
    assert sheet.size == (2 * 90 + 2, 2 * 60 + 2)
    assert sheet.getpixel((45, 5)) == (40, 40, 40)
    assert sheet.getpixel((90 + 2 + 45, 5)) == (200, 200, 200)
    assert sheet.getpixel((90, 5)) == (128, 128, 128)


def test_decision_notes_are_numbered_once_and_say_why() -> None:
    notes = sorted((ROOT / ".github" / "decisions").glob("*.md"))
    numbers = [note.name.split("-")[0] for note in notes]
    assert notes
    assert all(re.fullmatch(r"\d{3}", number) for number in numbers)
    assert len(set(numbers)) == len(numbers)
    for note in notes:
        text = note.read_text("utf-8").lower()
        assert all(word in text for word in ("question", "choice", "reason")), note.name


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such mark")
def test_ci_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "python3 packaging/start.py test" in (ROOT / ".ci" / "run").read_text("utf-8")


@pytest.mark.parametrize("document", [README, CONTRIBUTING], ids=lambda path: path.name)
def test_commands_for_setting_up_exist(document: Path) -> None:
    start = [sys.executable, str(ROOT / "packaging" / "start.py"), "--help"]
    usage = subprocess.run(start, check=True, capture_output=True, text=True).stdout
    offered = re.search(r"\bstart\.py \[-h\] (\S+)", usage)
    assert offered
    named = re.findall(r"packaging[/\\]start\.py (\w+)", document.read_text("utf-8"))
    assert named
    assert set(named) <= set(offered[1].split("|"))


@pytest.mark.parametrize("document", [README, CONTRIBUTING], ids=lambda path: path.name)
def test_command_lines_of_documents_are_right(document: Path) -> None:
    lines = [line for line in code_blocks(document) if line.startswith(".venv/bin/restorer ")]
    assert lines
    for line in lines:
        words = shlex.split(line)[1:]
        if words[0] == "train":
            assert training_parser().parse_args(words[1:]).command == words[1], line
        elif words[0] in PASSED_ON:
            assert words[1] in ("quality", "speed", "gpu", "claims", "texture", "ui"), line
        else:
            assert build_parser().parse_args(words).command == words[0], line


@pytest.mark.parametrize(
    "document", [README, CONTRIBUTING, SAMPLES / "CREDITS.md"], ids=lambda path: path.name
)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", document.read_text("utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (document.parent / link).exists()] == []


def test_map_of_the_code_is_complete() -> None:
    text = CONTRIBUTING.read_text("utf-8")
    sources = [path for name in PACKAGES for path in (ROOT / name).rglob("*.py")]
    modules = {path.name for path in sources if path.parent.name not in TABLES}
    folders = {f"{path.parent.name}/" for path in sources if path.parent.name not in PACKAGES}
    named = set(re.findall(r"`(?:\w+/)*([\w.]+(?:\.py|/))`", text))
    assert (modules | folders) - {"__init__.py"} - named == set()
    ours = [path.relative_to(ROOT) for path in our_files()]
    there = {path.name for path in ours}
    there |= {f"{folder.name}/" for path in ours for folder in path.parents}
    assert named - there == set()


def test_command_of_the_program_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license"] == "Apache-2.0"
    assert project["scripts"] == {"restorer": "restorer_app.__main__:main"}
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
