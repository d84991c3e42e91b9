"""What can be told of a bundle without the minutes that making one takes.

`python3 packaging/start.py bundle` makes one, and tries all of it.
"""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"
DESKTOP = PACKAGING / "desktop"

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="for Linux desktops")


@pytest.fixture
def packaging(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PACKAGING))


@pytest.fixture
def linux(packaging: None) -> ModuleType:
    import linux

    return linux


@pytest.fixture
def libraries(packaging: None) -> ModuleType:
    import system_libraries

    return system_libraries


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A folder like one that PyInstaller makes."""
    folder = tmp_path / "made" / "restorer"
    (folder / "_internal").mkdir(parents=True)
    program = folder / "restorer"
    program.write_text('#!/bin/sh\nprintf \'%s\\n\' "$0" "$@"\n')
    program.chmod(0o755)
    (folder / "_internal" / "libnew.so.1.0").write_bytes(b"x" * 5000)
    (folder / "_internal" / "libnew.so").symlink_to("libnew.so.1.0")
    return folder


@pytest.fixture
def icons(tmp_path: Path) -> Path:
    folder = tmp_path / "icons"
    folder.mkdir()
    for side in (16, 256):
        (folder / f"{side}.png").write_bytes(b"png")
    return folder


def test_a_bundle_starts_only_modules_that_are_there(packaging: None) -> None:
    import program

    for name in program.OWN:
        assert find_spec(name) is not None


def test_a_bundle_runs_its_own_modules_as_python_would() -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(PACKAGING / "program.py"), *words]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert run("--version").stdout.startswith("restorer ")
    assert run("-m", "restorer_app", "--version").stdout.startswith("restorer ")
    other = run("-m", "http.server")
    assert other.returncode == 2
    assert "usage" in other.stderr


_ENGINE_WITHOUT_A_CONSOLE = """
import multiprocessing, sys
sys.stdin = sys.stdout = sys.stderr = None
def work():
    sys.stderr.write("50 %")
    open(sys.argv[1], "w").close()
    sys.exit()
multiprocessing.freeze_support = work
import program
program.main()
"""


def test_a_process_of_the_engine_can_write_where_there_is_no_console(tmp_path: Path) -> None:
    done = tmp_path / "done"
    subprocess.run(
        [sys.executable, "-c", _ENGINE_WITHOUT_A_CONSOLE, str(done)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(PACKAGING), str(ROOT)))},
        check=False,
    )
    assert done.exists()


@pytest.mark.parametrize(
    ("place", "source", "comes"),
    [
        ("cv2/cv2.abi3.so", "/a/python3.12/site-packages/cv2/cv2.abi3.so", True),
        ("libLerc.so.4", "imagecodecs.libs/libLerc.so.4", True),
        ("libcudart.so", "/usr/local/cuda/lib/libcudart.so", False),
        ("torch/bin/test_api", "/a/torch/bin/test_api", False),
        ("torch/bin/torch_shm_manager", "/a/torch/bin/torch_shm_manager", True),
        (r"torch\test\x.exe", r"C:\a\torch\test\x.exe", False),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", "/a/libqgtk3.so", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "/a/python3.12/libqxcb.so", True),
        ("libxcb-cursor.so.0", "/usr/lib/x86_64-linux-gnu/libxcb-cursor.so.0", True),
        ("libstdc++.so.6", "/lib/x86_64-linux-gnu/libstdc++.so.6", False),
        ("libxcb.so.1", "/usr/lib/x86_64-linux-gnu/libxcb.so.1", False),
        ("libpython3.11.so.1.0", "/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0", True),
        ("lib-dynload/_ssl.so", "/usr/lib/python3.11/lib-dynload/_ssl.so", True),
        ("resources/icons/add.svg", "/usr/lib/restorer/resources/icons/add.svg", True),
    ],
)
def test_what_comes_along(packaging: None, place: str, source: str, comes: bool) -> None:
    import contents

    assert contents.comes_along(place, source) is comes


def test_what_may_not_be_passed_on_is_left_out(packaging: None) -> None:
    import contents

    assert "bm3d" in contents.LEFT_OUT


def desktop_entry(path: Path) -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path, "utf-8")
    return parser["Desktop Entry"]


def test_the_menu_finds_the_program() -> None:
    entry = desktop_entry(DESKTOP / "restorer.desktop")
    assert entry["Exec"] == "restorer %F"
    assert entry["Icon"] == "restorer"
    assert {"Graphics", "Photography"} <= set(entry["Categories"].split(";"))
    kinds = [kind for kind in entry["MimeType"].split(";") if kind]
    assert all(kind.startswith("image/") for kind in kinds)
    for key in ("GenericName", "Comment", "Keywords"):
        assert entry[key] != entry[f"{key}[de]"]


@on_linux
@pytest.mark.parametrize("name", ["plain", "mit Leerzeichen", "50 % $HOME `x` & | \"q\" \\ 'a'"])
def test_an_unpacked_archive_can_be_added_to_the_menu(
    linux: ModuleType, bundle: Path, icons: Path, tmp_path: Path, name: str
) -> None:
    archive = linux.portable(bundle, icons, tmp_path / "share", tmp_path / "restorer.tar.gz")
    place = tmp_path / name
    with tarfile.open(archive) as packed:
        packed.extractall(place, filter="fully_trusted")
    home = tmp_path / "home"
    script = place / "restorer" / "add-to-menu.sh"
    indexer = tmp_path / "bin" / "update-desktop-database"
    indexer.parent.mkdir()
    indexer.write_text('#!/bin/sh\necho "$@" >>"$HOME/indexed"\nexit 1\n')
    indexer.chmod(0o755)
    surroundings = {"PATH": f"{indexer.parent}:{os.environ['PATH']}", "HOME": str(home)}
    subprocess.run([str(script)], env=surroundings, check=True, capture_output=True)
    entry = home / ".local" / "share" / "applications" / "restorer.desktop"
    value = desktop_entry(entry)["Exec"].replace(r"\\", "\\")
    command = value.removesuffix(" %F").replace("%%", "%")
    said = subprocess.run(["sh", "-c", command], check=True, capture_output=True, text=True)
    assert said.stdout.splitlines() == [str(place / "restorer" / "restorer")]
    icon = home / ".local" / "share" / "icons" / "hicolor" / "256x256" / "apps" / "restorer.png"
    assert icon.exists()
    subprocess.run([str(script), "remove"], env=surroundings, check=True, capture_output=True)
    assert not entry.exists()
    assert not icon.exists()
    assert (home / "indexed").read_text().splitlines() == [f"-q {entry.parent}"] * 2


@on_linux
@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="dpkg-deb is not installed")
def test_the_debian_package_holds_all_that_a_desktop_looks_for(
    linux: ModuleType,
    libraries: ModuleType,
    bundle: Path,
    icons: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = bundle / "restorer"
    monkeypatch.setattr(libraries, "_named_by", lambda path: ["libc.so.6"])
    monkeypatch.setattr(libraries, "_is_elf", lambda path: path == program)
    package = linux.debian(bundle, icons, "1.2.3", tmp_path / "work", tmp_path)
    root = tmp_path / "root"
    subprocess.run(["dpkg-deb", "--extract", str(package), str(root)], check=True)
    started = subprocess.run(
        [str(root / "usr" / "bin" / "restorer"), "a b"], check=True, capture_output=True, text=True
    )
    assert started.stdout.splitlines()[-1] == "a b"
    home = root / "usr" / "lib" / "restorer"
    assert {path.name for path in home.iterdir()} == {"restorer", "_internal"}
    assert (home / "_internal" / "libnew.so").is_symlink()
    shared = root / "usr" / "share"
    assert (shared / "applications" / "restorer.desktop").exists()
    assert (shared / "icons" / "hicolor" / "16x16" / "apps" / "restorer.png").exists()
    notes = (shared / "doc" / "restorer" / "copyright").read_text("utf-8")
    assert "Apache-2.0" in notes
    assert "PySide6" in notes
    told = ["dpkg-deb", "--field", str(package), "Version", "Depends", "Installed-Size"]
    fields = subprocess.run(told, check=True, capture_output=True, text=True).stdout
    assert "Version: 1.2.3" in fields
    assert "libc6 (>= 2." in fields


@pytest.fixture
def closed_to_others() -> Iterator[None]:
    """New files are for their owner alone."""
    before = os.umask(0o077)
    yield
    os.umask(before)


@on_linux
@pytest.mark.usefixtures("closed_to_others")
def test_all_users_may_start_what_was_packed(
    linux: ModuleType,
    libraries: ModuleType,
    bundle: Path,
    icons: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = bundle / "restorer"
    program.chmod(0o700)
    archive = linux.portable(bundle, icons, tmp_path / "share", tmp_path / "restorer.tar.gz")
    with tarfile.open(archive) as packed:
        modes = {entry.name: entry.mode for entry in packed if not entry.issym()}
    assert modes["restorer/restorer"] == modes["restorer/_internal"] == 0o755
    assert modes["restorer/_internal/libnew.so.1.0"] == 0o644
    if shutil.which("dpkg-deb") is None:
        return
    monkeypatch.setattr(libraries, "_named_by", lambda path: ["libc.so.6"])
    monkeypatch.setattr(libraries, "_is_elf", lambda path: path == program)
    package = linux.debian(bundle, icons, "1.2.3", tmp_path / "work", tmp_path)
    told = subprocess.run(["dpkg-deb", "-c", str(package)], check=True, capture_output=True)
    lines = [line.split() for line in told.stdout.decode().splitlines()]
    assert {words[0][7:] for words in lines} == {"r-x", "r--", "rwx"}  # links are rwx
    assert [words[-1] for words in lines if words[0] == "-rwxr-xr-x"] == [
        "./usr/lib/restorer/restorer"
    ]


@on_linux
def test_libraries_that_a_bundle_would_lack_are_named(
    libraries: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libraries, "_unresolved", lambda: iter(["libxcb-cursor.so.0"] * 2))
    monkeypatch.setattr(libraries.shutil, "which", lambda name: f"/bin/{name}")
    assert libraries.missing_libraries().endswith("sudo apt install libxcb-cursor0")
    monkeypatch.setattr(libraries, "_unresolved", lambda: iter(["libodd.so.3"]))
    assert "libodd.so.3" in libraries.missing_libraries()
    monkeypatch.setattr(libraries, "_unresolved", lambda: iter([]))
    assert libraries.missing_libraries() == ""


@on_linux
def test_a_package_asks_for_what_its_files_name_and_do_not_bring(
    libraries: ModuleType, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = ["libc.so.6", "libnew.so.1.0", "libwayland-cursor.so.0", "ld-linux-x86-64.so.2"]
    monkeypatch.setattr(libraries, "_is_elf", lambda path: path.name == "restorer")
    monkeypatch.setattr(libraries, "_named_by", lambda path: named)
    assert libraries.packages_for(bundle) == ["libc6 (>= {glibc})", "libwayland-cursor0"]
    named.append("libodd.so.3")
    with pytest.raises(libraries.Trouble, match="libodd"):
        libraries.packages_for(bundle)


@on_linux
def test_a_package_with_cuda_asks_for_no_driver_and_no_cluster(
    libraries: ModuleType, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cuda = bundle / "_internal" / "nvidia" / "cu13" / "lib"
    cuda.mkdir(parents=True)
    names = {
        cuda / "libcufile_rdma.so.1": ["libc.so.6", "libmlx5.so.1"],
        bundle / "restorer": ["libc.so.6", "libcuda.so.1", "libcufile_rdma.so.1"],
    }
    for path in names:
        path.touch()
    monkeypatch.setattr(libraries, "_is_elf", lambda path: path in names)
    monkeypatch.setattr(libraries, "_named_by", lambda path: names[path])
    assert libraries.packages_for(bundle) == ["libc6 (>= {glibc})"]


@on_linux
@pytest.mark.skipif(shutil.which("objdump") is None, reason="objdump is not installed")
def test_what_a_program_names_is_read_from_the_file(libraries: ModuleType) -> None:
    python = Path(sys.executable).resolve()
    assert libraries._is_elf(python)
    assert any(name.startswith("libc.so") for name in libraries._named_by(python))
    assert not libraries._is_elf(Path(__file__))


def test_a_trial_finds_what_is_broken(packaging: None, tmp_path: Path) -> None:
    import trial

    silent = tmp_path / "silent"
    silent.write_text(f"#!{sys.executable}\nraise SystemExit(3)\n")
    silent.chmod(0o755)
    (fault,) = trial._Trial(silent, tmp_path).answers("--version")
    assert "code 3" in fault


def test_a_trial_hears_of_an_engine_that_ended(packaging: None, tmp_path: Path) -> None:
    import trial

    tried = trial._Trial(tmp_path / "restorer", tmp_path)
    assert list(tried.logged()) == ["the window kept no log"]
    log = tmp_path / "restorer.log"
    log.write_text("2026-01-01 10:00:00,000 INFO restorer_app.jobs: begun\n")
    assert list(tried.logged()) == []
    log.write_text(
        "2026-01-01 10:00:00,000 WARNING restorer_app.job_queue: the engine process ended\n"
    )
    (fault,) = tried.logged()
    assert "the engine process ended" in fault


@on_linux
def test_a_trial_does_not_wait_for_ever(
    packaging: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import trial

    monkeypatch.setattr(trial, "PATIENCE", 0.2)
    endless = tmp_path / "endless"
    endless.write_text("#!/bin/sh\nexec sleep 60\n")
    endless.chmod(0o755)
    (fault,) = trial._Trial(endless, tmp_path).answers("doctor")
    assert "no end" in fault
