"""Parsers whose help tells what is taken where an option is left out."""

from __future__ import annotations

import argparse
from copy import copy
from pathlib import Path


class Parser(argparse.ArgumentParser):
    """One that tells the default of each option that has one, and so do those of its commands."""

    def format_help(self) -> str:
        self.formatter_class = _WithDefaults
        return super().format_help()


class _WithDefaults(argparse.HelpFormatter):
    def add_argument(self, action: argparse.Action) -> None:
        told = _told(action)
        if told:
            action = copy(action)
            action.help = f"{action.help or ''} (default: {told})".lstrip()
        super().add_argument(action)


def _told(action: argparse.Action) -> str:
    """The default of an option, empty where there is none or its help tells of it already."""
    default = action.default
    if isinstance(default, bool) or action.help == argparse.SUPPRESS or not action.option_strings:
        return ""
    if isinstance(default, Path):  # ours lie in the program, by their names
        text = default.name if default.is_absolute() else str(default)
    elif isinstance(default, float):
        text = f"{default:g}" if default else ""  # such as no hours
    elif isinstance(default, int | str):
        text = str(default)
    else:
        text = ""
    said = action.help or ""
    known = not text or default == argparse.SUPPRESS or "else" in said or said.endswith(f"; {text}")
    return "" if known else text.replace("%", "%%")
