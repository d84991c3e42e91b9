"""Where the program keeps what belongs to its user."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from engine.machine_notes import NOTES_FILE


def cache_folder() -> Path:
    """For what can be made again. On a disk: the system's temporary folder is often memory."""
    return platformdirs.user_cache_path("restorer")


def machine_file() -> Path:
    """For what was found out about this machine and holds until it changes."""
    return cache_folder() / NOTES_FILE


def models_folder() -> Path:
    """Where fetched models lie: `RESTORER_MODELS`, or the user's folder for data."""
    chosen = os.environ.get("RESTORER_MODELS")
    return Path(chosen) if chosen else platformdirs.user_data_path("restorer") / "models"


def preset_folder() -> Path:
    """For the user's own presets, one file each."""
    return platformdirs.user_config_path("restorer") / "presets"


def settings_file() -> Path:
    """For what the user has set in the window."""
    return platformdirs.user_config_path("restorer") / "settings.json"


def state_folder() -> Path:
    """For what has to outlive a crash: the queue, and the log."""
    return platformdirs.user_state_path("restorer")


def trainings_folder() -> Path:
    """Where the user's own trainings lie, a folder each."""
    return platformdirs.user_data_path("restorer") / "trainings"
