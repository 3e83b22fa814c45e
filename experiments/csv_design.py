"""Designs that stand in a CSV file: a column for each uncertainty, a row for each design point."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from simulation.errors import Mistake, ScenarioError, short_text
from simulation.scenario import parse_setting

__all__ = ["CsvDesign", "read_csv_design"]

LARGEST_FILE = 50_000_000
LONGEST_CELL = 10_000
MOST_MISTAKES = 20
KEY = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){0,15}")


@dataclass(frozen=True)
class CsvDesign:
    """The design points of a file.

    Attributes
    ----------
    file : str
        The file as messages name it.
    keys : tuple of str
        Dotted keys of the header.
    rows : tuple of tuple
        Values of each point, in the order of the keys.
    lines : tuple of int
        Line on which each row ends, from 1.
    header_line : int
        Line of the header.
    """

    file: str
    keys: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    lines: tuple[int, ...]
    header_line: int = 1


def read_csv_design(path: Path) -> CsvDesign:
    """Read a design: a header of dotted keys, then cells that are TOML values or plain text.

    Raises
    ------
    ScenarioError
        With line and column of every mistake, the first twenty of them.
    """
    shown = os.path.relpath(path) if path.is_absolute() and path.is_relative_to(Path.cwd()) else str(path)
    reader = csv.reader(io.StringIO(_text_of(path, shown), newline=""), strict=True, skipinitialspace=True)
    try:
        header, *cells = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except ValueError:
        raise _refusal(shown, 1, "holds no header", "Write dotted keys, separated by commas") from None
    except csv.Error as error:
        raise _refusal(shown, reader.line_num, f"is not CSV: {error}", "Correct the quotes") from None
    keys = tuple(cell.strip() for cell in header[1])
    mistakes = [*_header_mistakes(shown, header[0], keys)]
    if not cells:
        mistakes.append(Mistake(shown, header[0] + 1, "", "", "holds no design point", "Add a row of values"))
    rows, lines, known = [], [], dict[str, object]()
    for line, row in cells:
        if len(mistakes) >= MOST_MISTAKES:
            break
        if len(row) != len(keys):
            rule = f"has {len(row)} cells, the header {len(keys)}"
            mistakes.append(Mistake(shown, line, "", "", rule, "Write one cell for every key"))
            continue
        wrong = [
            Mistake(shown, line, f"{keys[place]} (column {place + 1})", "", rule, "Write a TOML value or a plain text")
            for place, cell in enumerate(row)
            if (rule := _cell_rule(cell))
        ]
        mistakes += wrong
        if not wrong:
            rows.append(tuple(_value(cell.strip(), known) for cell in row))
            lines.append(line)
    if mistakes:
        raise ScenarioError(mistakes[:MOST_MISTAKES])
    return CsvDesign(shown, keys, tuple(rows), tuple(lines), header[0])


def _text_of(path: Path, shown: str) -> str:
    try:
        if not path.is_file():
            raise _refusal(shown, None, "does not exist, or is no file", "Name a CSV file relative to the study")
        if path.stat().st_size > LARGEST_FILE:
            raise _refusal(shown, None, "is larger than 50 MB", "Split the study")
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise _refusal(shown, None, "is not in UTF-8", "Save it as UTF-8") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is impossible"
        raise _refusal(shown, None, f"cannot be read: {reason}", "Check the name and the permissions") from None


def _refusal(shown: str, line: int | None, rule: str, remedy: str) -> ScenarioError:
    return ScenarioError([Mistake(shown, line, "", "", rule, remedy)])


def _header_mistakes(shown: str, line: int, keys: tuple[str, ...]) -> Iterator[Mistake]:
    for place, key in enumerate(keys):
        column = f"{short_text(key)} (column {place + 1})"
        if not KEY.fullmatch(key):
            yield Mistake(shown, line, column, "", "is not a dotted key", "Write one, as in negotiation.speed")
        elif key in keys[:place]:
            yield Mistake(shown, line, column, "", "stands in the header twice", "Remove one of the columns")


def _cell_rule(cell: str) -> str:
    """Return the rule that a cell breaks, or nothing."""
    if not cell.strip():
        return "has no value"
    return "is too long" if len(cell) > LONGEST_CELL else ""


def _value(cell: str, known: dict[str, object]) -> object:
    """Return what a cell means; cells are alike in many rows, and reading TOML takes time."""
    if cell not in known:
        known[cell] = parse_setting(f"value={cell}")[1]
    return known[cell]
