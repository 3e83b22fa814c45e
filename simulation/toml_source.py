"""Reading a TOML file that may hold anything: bounded before it is parsed, and with the line of every key.

The standard parser needs seconds for a long dotted key, answers depth with a RecursionError and gives no line
numbers. One linear pass over the tokens therefore comes first: it measures the depth and notes where each key
stands. At the first token that is no TOML it stops, because the parser stops there too and says why.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulation.errors import Mistake, ScenarioError, short_text, short_value

__all__ = ["KeyPath", "TomlSource", "dotted", "parse_toml", "read_toml", "shown_key"]

type KeyPath = tuple[str | int, ...]

LARGEST_FILE = 1_000_000
DEEPEST_NESTING = 64
LONGEST_KEY = 200
LONGEST_NUMBER = 100

TOKEN = re.compile(
    r'''
      (?P<blank>[ \t\r]++|\#[^\n]*+)
    | (?P<newline>\n)
    | (?P<text>"""(?:[^"\\]++|\\[\s\S]|"{1,2}(?!"))*+"{3,5}
        |\'\'\'(?:[^']++|'{1,2}(?!'))*+'{3,5}
        |"(?:[^"\\\n]++|\\.)*+"
        |'[^'\n]*+')
    | (?P<bare>[A-Za-z0-9_+:\-]++)
    | (?P<mark>[\[\]{}=,.])
    ''',
    re.VERBOSE,
)
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class TomlSource:
    """The values of a TOML file and where each key stands.

    Attributes
    ----------
    file : str
        The file as the user knows it.
    values : dict
        What the standard parser returns.
    lines : dict of tuple to int
        Line of each key and list element, from 1.
    """

    file: str
    values: dict[str, Any]
    lines: dict[KeyPath, int] = field(repr=False)


def dotted(path: KeyPath) -> str:
    """Return a key path as TOML writes it, parts with other signs in quotes: ``regions.ITC1.name``."""
    parts = (str(part) for part in path)
    return ".".join(part if BARE_KEY.fullmatch(part) else f'"{part}"' for part in parts)


def shown_key(path: KeyPath) -> str:
    """Return a key path for a message: as TOML writes it, with long parts shortened."""
    return dotted(tuple(short_text(str(part)) for part in path))


def read_toml(path: Path, shown: str | None = None) -> TomlSource:
    """Read a TOML file.

    Parameters
    ----------
    path : Path
        A regular file of at most 1 MB in UTF-8.
    shown : str, optional
        The name of the file in messages.

    Raises
    ------
    ScenarioError
        If the file cannot be read, is no TOML, or is larger or deeper than any scenario.
    """
    shown = short_path(path) if shown is None else shown
    return parse_toml(_decode(_read_bytes(path, shown), shown), shown)


def short_path(path: Path) -> str:
    """Return `path` relative to the working folder where it lies inside, escaped for messages."""
    text = os.path.relpath(path) if path.is_absolute() and path.is_relative_to(Path.cwd()) else str(path)
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text[:300])


def _read_bytes(path: Path, shown: str) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise _refusal(shown, "is a folder, not a file", "Name a TOML file inside it")
        if not stat.S_ISREG(mode):
            raise _refusal(shown, "is not a regular file", "Write the scenario to a file first")
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise _refusal(shown, "does not exist", "Check the name and the folder") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is impossible"
        raise _refusal(shown, f"cannot be read: {reason}", "Check the name and the permissions") from None
    if len(content) > LARGEST_FILE:
        raise _refusal(shown, "is larger than 1 MB", "Keep a scenario small: extend another and write what differs")
    return content


def _decode(content: bytes, shown: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refusal(shown, "is in UTF-16", "Save it as UTF-8")
    if b"\0" in content:
        raise _refusal(shown, "is binary", "A scenario is a text in TOML, saved as UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _refusal(shown, "is not in UTF-8", "Save it as UTF-8", line) from None
    if not text.strip():
        raise _refusal(shown, "is empty", 'Write at least: extends = "baseline"')
    return text


def _refusal(shown: str, rule: str, remedy: str, line: int | None = None) -> ScenarioError:
    return ScenarioError([Mistake(shown, line, "", "", rule, remedy)])


def parse_toml(text: str, shown: str) -> TomlSource:
    """Parse a TOML text that is bounded in depth, in the length of its keys and in the digits of its numbers.

    Raises
    ------
    ScenarioError
        With the line, if the text is no TOML or exceeds a bound.
    """
    locator = Locator(shown)
    locator.read(text)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _no_toml(error, text, shown) from None
    except (ValueError, RecursionError):
        raise _refusal(shown, "is not TOML that can be read", "Look for extreme numbers or nesting") from None
    return TomlSource(shown, values, locator.lines)


def _no_toml(error: tomllib.TOMLDecodeError, text: str, shown: str) -> ScenarioError:
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
    line = int(place[1]) if place and place[1] else text.count("\n") + 1
    reason = str(error)[: place.start()] if place else str(error)
    reason = "".join(letter for letter in reason[:100] if letter.isprintable())
    return _refusal(shown, f"is not TOML: {reason}", "Correct the line, or the quotes and brackets before it", line)


@dataclass
class Container:
    """An open bracket of a value: a list (with the index of the element) or an inline table."""

    is_list: bool
    path: KeyPath
    index: int = 0


class Locator:
    """One pass over the tokens of a TOML text that notes the line of every key and refuses extremes.

    Parameters
    ----------
    shown : str
        The name of the file in messages.
    """

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.lines: dict[KeyPath, int] = {}
        self._line = 1
        self._table: KeyPath = ()
        self._elements: dict[KeyPath, int] = {}
        self._containers: list[Container] = []
        self._parts: list[str] = []
        self._brackets = 0
        self._in_value = False
        self._path: KeyPath = ()

    def read(self, text: str) -> None:
        """Walk the text up to its end or to the first thing that is no TOML."""
        position = 0
        while match := TOKEN.match(text, position):
            position = match.end()
            kind, token = str(match.lastgroup), match[0]
            if kind == "blank":
                continue
            step = self._read_value if self._in_value else self._read_key
            if not step(kind, token):
                return
            self._line += token.count("\n")

    def _read_key(self, kind: str, token: str) -> bool:
        if kind in ("bare", "text"):
            self._parts.append(self._key_part(token))
            self._check_depth(len(self._base()) + len(self._parts))
        elif token == "[" and not self._parts and not self._containers:
            self._brackets += 1
            return self._brackets <= 2
        elif token == "]" and self._brackets:
            if self._parts:
                self._open_table()
        elif token == "=" and self._parts and not self._brackets:
            self._path = (*self._base(), *self._parts)
            self.lines.setdefault(self._path, self._line)
            self._parts, self._in_value = [], True
        elif token == "}" and self._containers:
            self._close()
        elif kind == "newline":
            self._brackets = 0
            return not self._parts
        else:
            return token == "." and bool(self._parts)
        return True

    def _read_value(self, kind: str, token: str) -> bool:
        if kind in ("bare", "text"):
            self._note_element()
            if kind == "bare" and len(token) > LONGEST_NUMBER:
                raise self._refuse(short_value(token), "has too many digits", "Write a number of at most 20 digits")
        elif token in "[{":
            self._open(is_list=token == "[")
        elif token == ",":
            return self._next()
        elif token in "]}":
            return self._close()
        elif kind == "newline":
            self._in_value = bool(self._containers)
        else:
            return token == "."
        return True

    def _base(self) -> KeyPath:
        if self._brackets:
            return ()
        return self._containers[-1].path if self._containers else self._table

    def _open_table(self) -> None:
        path: KeyPath = ()
        for part in self._parts[:-1]:
            path = self._element((*path, part))
        path = (*path, self._parts[-1])
        if self._brackets == 2:
            self.lines.setdefault(path, self._line)
            self._elements[path] = self._elements.get(path, -1) + 1
        self._table = self._element(path)
        self._check_depth(len(self._table))
        self.lines.setdefault(self._table, self._line)
        self._parts = []

    def _element(self, path: KeyPath) -> KeyPath:
        return (*path, self._elements[path]) if path in self._elements else path

    def _note_element(self) -> None:
        if self._containers and self._containers[-1].is_list:
            self.lines.setdefault(self._path, self._line)

    def _open(self, *, is_list: bool) -> None:
        self._note_element()
        self._containers.append(Container(is_list, self._path))
        if is_list:
            self._path = (*self._path, 0)
        self._check_depth(len(self._path))
        self._in_value = is_list

    def _next(self) -> bool:
        if not self._containers:
            return False
        container = self._containers[-1]
        if container.is_list:
            container.index += 1
            self._path = (*container.path, container.index)
        else:
            self._in_value = False
        return True

    def _close(self) -> bool:
        if not self._containers:
            return False
        self._path = self._containers.pop().path
        self._parts, self._in_value = [], True
        return True

    def _key_part(self, token: str) -> str:
        if len(token) > LONGEST_KEY:
            raise self._refuse("", f"is a key of more than {LONGEST_KEY} characters", "Use a shorter one", token)
        if token[0] not in "\"'":
            return token
        if token[0] == '"' and "\\" in token:
            try:
                return str(tomllib.loads(f"key = {token}")["key"])
            except tomllib.TOMLDecodeError:
                return token
        return token[1:-1]

    def _check_depth(self, depth: int) -> None:
        if depth > DEEPEST_NESTING:
            raise self._refuse("", f"is nested deeper than {DEEPEST_NESTING}", "Flatten the tables and lists")

    def _refuse(self, value: str, rule: str, remedy: str, key: str | None = None) -> ScenarioError:
        path: KeyPath = (*self._base(), *self._parts) if self._parts else self._path
        subject = short_text(key) if key is not None else shown_key(path[:4])
        return ScenarioError([Mistake(self.shown, self._line, subject, value, rule, remedy)])
