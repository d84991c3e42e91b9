"""The command line: which words there are and which values they take."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from engine.request import SEEDS
from restorer_app.export_formats import FORMATS, SAME

DEVICES = ("auto", "cpu", "cuda", "mps")
PASSED_ON = ("bench", "train")
"""Commands whose further words belong to the trainer."""
COMMANDS = ("restore", "batch", "presets", "models", "doctor", *PASSED_ON)

_EXAMPLES = """\
examples:
  restorer restore photo.jpg -o restored.jpg
  restorer restore *.jpg -o restored/ --preset denoise
  restorer batch scans -o restored --recursive --resume
"""


class Arguments(argparse.Namespace):
    """What was typed; a command sets only what it takes."""

    command: str
    verb: str
    id: str | None
    variant: str | None
    accept_licence: bool
    keep_encoder: bool
    no_phrases: bool
    phrase: str | None
    name: str | None
    every: bool
    encoder: Path | None
    tokens: int | None
    inputs: list[str]
    folder: Path
    output: str
    preset: str | None
    scale: int | None
    model: str | None
    adapter: str | None
    strength: float | None
    detail: float | None
    colour: float | None
    grain: float | None
    protect_faces: float | None
    sensitivity: float | None
    seed: int | None
    steps: int | None
    device: str
    mask: Path | None
    recipe: Path | None
    format: str
    jpeg_quality: int | None
    json: bool
    quiet: bool
    workers: int
    overwrite: bool
    recursive: bool
    resume: bool


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="restorer",
        description="Restores photographs on your own machine.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version and end")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_restore(commands)
    _add_batch(commands)
    presets = _command(commands, "presets", "list the presets")
    presets.add_argument("--json", action="store_true", help="print one object per preset")
    _add_models(commands)
    _command(commands, "doctor", "say what this machine has and what is broken")
    _command(commands, "bench", "measure the quality or the speed of the program")
    _command(commands, "train", "train predictors and adapters")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, summary: str
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name, help=summary, description=summary[0].upper() + summary[1:] + ".", allow_abbrev=False
    )


def _add_models(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    models = _command(commands, "models", "list, fetch, check or remove models")
    verbs = models.add_subparsers(dest="verb", metavar="VERB", required=True)
    _command(verbs, "list", "list models, and adapters of your own")
    download = _command(verbs, "download", "fetch a model, or go on with one that was stopped")
    verify = _command(verbs, "verify", "check the files of one model, or of all that are here")
    remove = _command(verbs, "remove", "remove a fetched model")
    imported = _command(verbs, "import", "copy a model's files from a folder of yours")
    encode = _command(verbs, "encode", "encode phrases for a model that follows words")
    _command(verbs, "login", "keep your token for models whose owners ask for one")
    verify.add_argument("id", nargs="?", metavar="ID", help="see “restorer models list”")
    for verb in (download, remove, imported, encode):
        verb.add_argument("id", metavar="ID", help="see “restorer models list”")
    for verb in (download, imported):
        verb.add_argument(
            "--accept-licence", action="store_true", help="you have read the licence and accept it"
        )
    download.add_argument("--variant", metavar="NAME", help="a precision, as q4, q8 or bf16")
    download.add_argument(
        "--no-phrases", action="store_true", help="do not encode the presets' phrases"
    )
    for verb in (download, encode):
        verb.add_argument(
            "--keep-encoder", action="store_true", help="do not remove the text encoder afterwards"
        )
    _add_encode(encode)
    imported.add_argument("folder", type=Path, metavar="FOLDER", help="where the files are")


def _add_encode(encode: argparse.ArgumentParser) -> None:
    encode.add_argument("--phrase", metavar="WORDS", help="words of your own, with --name")
    encode.add_argument("--name", metavar="NAME", help="what to call the prompt of --phrase")
    encode.add_argument(
        "--all", dest="every", action="store_true", help="those as well that are encoded already"
    )
    encode.add_argument(
        "--encoder", type=Path, metavar="FOLDER", help="a text encoder of yours, in diffusers' form"
    )
    encode.add_argument(
        "--tokens", type=_tokens, metavar="N", help="length of a prompt (default: the model's own)"
    )
    encode.add_argument("--device", choices=DEVICES[1:], default="cpu", help="what to compute on")


def _add_restore(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    restore = _command(commands, "restore", "restore one or more photos")
    restore.add_argument("inputs", nargs="+", metavar="IN", help="the photos")
    restore.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="OUT",
        help="a file for one photo, else a folder; one that ends in / is always a folder",
    )
    _add_options(restore)


def _add_batch(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    batch = _command(commands, "batch", "restore all photos of a folder")
    batch.add_argument("folder", type=Path, metavar="FOLDER", help="where the photos are")
    batch.add_argument("-o", "--output", required=True, metavar="FOLDER", help="where they go")
    batch.add_argument("--recursive", action="store_true", help="take the folders inside as well")
    batch.add_argument(
        "--resume", action="store_true", help="go on with a batch that was stopped or had failures"
    )
    _add_options(batch)


def _add_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--preset", metavar="NAME", help="what to do, see “restorer presets” (default: auto)")
    add("--scale", type=int, choices=(1, 2, 4), help="size of the output over that of the photo")
    add("--model", metavar="NAME", help="see “restorer models list” (default: lite)")
    add(
        "--adapter",
        metavar="FILE|ID",
        help="an adapter of your own, as a file or by the name of its training; or a LoRA for Flux",
    )
    add("--seed", type=_seed, metavar="N", help="the same number gives the same picture")
    add("--steps", type=_steps, metavar="N", help="steps of a model that paints (default: its own)")
    add("--device", choices=DEVICES, default="auto", help="what to compute on (default: auto)")
    add(
        "--sensitivity",
        type=_share,
        metavar="0..1",
        help="how readily a line or speck is taken for damage by “old-photo” (default: 0.5)",
    )
    add("--mask", type=Path, metavar="FILE", help="a gray picture, white where damage is to fill")
    add(
        "--recipe",
        type=Path,
        metavar="FILE",
        help="do as this recipe says: a .json file, or a picture that Restorer saved",
    )
    add(
        "--workers",
        type=_workers,
        default=1,
        metavar="N",
        help="photos at once, each by an engine of its own that shares the cores (default: 1)",
    )
    add(
        "--format",
        choices=FORMATS,
        default=SAME,
        help="of the files in a folder; dng is for RAW files, others keep theirs (default: same)",
    )
    add("--jpeg-quality", type=_quality, metavar="1..100", help="of the JPEG files written")
    add("--json", action="store_true", help="print one object per photo")
    add("--quiet", action="store_true", help="say nothing but errors")
    add("--overwrite", action="store_true", help="replace files that are there already")
    _add_mix(parser)


def _add_mix(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "how the restoration is mixed with the photo", "Each is a share from 0 to 1."
    )
    for option, meaning in (
        ("--strength", "how much of the change to keep"),
        ("--detail", "how much of the change in fine texture; 0 leaves the photo's own"),
        ("--colour", "how much of the change in colour; 0 changes light and dark only"),
        ("--grain", "how much of the removed grain to give back"),
        ("--protect-faces", "how much to leave faces as they are in the photo"),
    ):
        group.add_argument(option, type=_share, metavar="0..1", help=meaning)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = math.nan
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"a number from 0 to 1, not “{text}”")
    return share


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= SEEDS:
        raise argparse.ArgumentTypeError(f"a whole number from 0 to 2^63 - 1, not “{text}”")
    return int(text)


def _tokens(text: str) -> int:
    if not text.isdecimal() or not 16 <= int(text) <= 512:
        raise argparse.ArgumentTypeError(f"a whole number from 16 to 512, not “{text}”")
    return int(text)


def _steps(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"a whole number from 1 to 1000, not “{text}”")
    return int(text)


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"a whole number from 1 to 100, not “{text}”")
    return int(text)


def _quality(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"a whole number from 1 to 100, not “{text}”")
    return int(text)
