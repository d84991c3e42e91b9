"""Everything that can go wrong in a way the user can understand and act on.

RestorerError
├── BadPhoto         the file is not a picture we can read
├── CannotSave       the result cannot be written where it was asked for
├── BadPreset        a preset file is wrong
├── BadRecipe        a recipe file (of a picture or of a training) is wrong
├── MissingWeights   a model's weights are not on this machine
├── WrongWeights     a weights file is damaged or not what its header says
├── WrongAdapter     an adapter was made for another model
├── NotAllowed       a model's licence was not accepted
├── DownloadFailed   a model could not be fetched
│   ├── NoNetwork    nobody answers, or the connection breaks off
│   ├── GatedWeights the owner gives the file only to those who accepted a licence
│   ├── WeightsGone  the file is no longer where it was
│   └── ServerBusy   the server asks to come back later
├── DownloadRunning  another program fetches the same model
├── NoSpace          the disk is too full for a model, or for a picture in work
├── NoPlace          a model's folder cannot be written
├── OutOfMemory      even the smallest tile does not fit
├── WorkerDied       the engine process ended without an answer
└── NoWindow         the window cannot be opened on this machine

Each carries one sentence for a photographer and, in `remedy`, the one thing to do about it.
"""

from __future__ import annotations


class RestorerError(Exception):
    """Root of the errors a user can meet; `str(error)` is the sentence to show."""

    remedy = ""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        if remedy:
            self.remedy = remedy

    @property
    def kind(self) -> str:
        """Stable name of the error, as `--json` prints it."""
        return type(self).__name__


class BadPhoto(RestorerError):
    remedy = "Open the file in another program to see whether it is intact."


class CannotSave(RestorerError):
    remedy = "Choose another place with -o, or make room there."


class BadPreset(RestorerError):
    remedy = "Correct the preset file, or remove it."


class BadRecipe(RestorerError):
    remedy = "Correct the recipe file."


class MissingWeights(RestorerError):
    remedy = "Reinstall the program, or choose another model."


class WrongWeights(RestorerError):
    remedy = "Remove the file and install it again."


class WrongAdapter(RestorerError):
    remedy = "Choose the model that the adapter names."


class NotAllowed(RestorerError):
    remedy = "Read the licence; if you accept it, add --accept-licence."


class DownloadFailed(RestorerError):
    remedy = "The same command goes on where it stopped."


class NoNetwork(DownloadFailed):
    remedy = "Check the connection; the same command goes on where it stopped."


class GatedWeights(DownloadFailed):
    remedy = (
        "Accept the licence on the model's page, then give your token with "
        "“restorer models login”, or in the environment as HF_TOKEN."
    )


class WeightsGone(DownloadFailed):
    remedy = "Update the program, or fetch the file by hand and use “restorer models import”."


class ServerBusy(DownloadFailed):
    remedy = "Try again later; the same command goes on where it stopped."


class DownloadRunning(RestorerError):
    remedy = "Wait until the other download is through, or end it."


class NoSpace(RestorerError):
    remedy = "Make room, or let RESTORER_MODELS name a folder on another disk."


class NoPlace(RestorerError):
    remedy = "Ask for the right to write there, or let RESTORER_MODELS name another folder."


class OutOfMemory(RestorerError):
    remedy = "Close other programs, or restore a smaller picture."


class WorkerDied(RestorerError):
    remedy = "The engine was started anew; try the picture again."


class NoWindow(RestorerError):
    remedy = "“restorer doctor” says more; the command line works without a window."
