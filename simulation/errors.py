"""The errors of the project: one small family, each with the exit code of the command that meets it.

A mistake in a file names the file, the line, the key, the value, the rule it breaks and the remedy.
Nothing else of a file is ever quoted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

__all__ = [
    "DataError",
    "IncompleteError",
    "Mistake",
    "RegioscopeError",
    "RunError",
    "ScenarioError",
    "UsageError",
    "did_you_mean",
    "nearest_name",
    "short_text",
    "short_value",
]

LONGEST_QUOTE = 40


class RegioscopeError(Exception):
    """Any error that the project raises on purpose; ``exit_code`` is what a command ends with."""

    exit_code = 1


class UsageError(RegioscopeError):
    """A command or function was called in a way it does not offer."""

    exit_code = 2


class DataError(RegioscopeError):
    """Stored results or data are missing, damaged or of another kind than asked for."""

    exit_code = 3


class RunError(RegioscopeError):
    """A run of the model could not go on."""

    exit_code = 1


class IncompleteError(RegioscopeError):
    """Some runs failed or a target was missed; what was finished is kept."""

    exit_code = 4


@dataclass(frozen=True)
class Mistake:
    """One mistake in a file or in an override.

    Attributes
    ----------
    file : str
        The file as the user knows it, or ``override``.
    line : int or None
        Line of the key, from 1; None where there is no line.
    key : str
        Dotted key; empty where the whole file is meant.
    value : str
        The value, shortened; empty where there is none.
    rule : str
        What must hold, or what is wrong: the rest of a sentence whose subject is the key.
    remedy : str
        What to do, in one sentence.
    """

    file: str
    line: int | None
    key: str
    value: str
    rule: str
    remedy: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        subject = " = ".join(part for part in (self.key, self.value) if part)
        sentence = f"{subject}: {self.rule}" if subject else self.rule
        return f"{place}: {sentence}. {self.remedy}"


class ScenarioError(RegioscopeError):
    """A scenario or study file is wrong or unknown; holds every mistake that was found.

    Parameters
    ----------
    mistakes : iterable of Mistake
        At least one.
    """

    exit_code = 3

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes: tuple[Mistake, ...] = tuple(mistakes)
        super().__init__(self.mistakes)

    def __str__(self) -> str:
        return "\n".join(str(mistake) for mistake in self.mistakes)


def short_text(text: str) -> str:
    """Return a text fit for a message: at most 40 characters, none of which moves the cursor."""
    shortened = text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 3] + "..."
    if shortened.isprintable():
        return shortened
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in shortened)


def short_value(value: object) -> str:
    """Return a value as a TOML file would show it, at most 40 characters long."""
    return short_text(json.dumps(value, ensure_ascii=False, default=str))


def nearest_name(name: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that `name` was probably meant to be, or None if none is near."""
    by_lower_case = {candidate.lower(): candidate for candidate in sorted(names, reverse=True)}
    nearest = get_close_matches(name.lower()[:200], by_lower_case, n=1, cutoff=0.6)
    return by_lower_case[nearest[0]] if nearest else None


def did_you_mean(name: str, names: Iterable[str], otherwise: str = "") -> str:
    """Return the remedy for an unknown name: the nearest right one, else `otherwise` or the list of them."""
    known = sorted(names)
    nearest = nearest_name(name, known)
    if nearest is not None:
        return f"Did you mean {short_text(nearest)}?"
    if otherwise or not known:
        return otherwise or "There is none to choose from"
    listed = ", ".join(short_text(each) for each in known[:12])
    return f"Known: {listed}{' and others' if len(known) > 12 else ''}"
