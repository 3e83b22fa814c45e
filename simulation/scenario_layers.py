"""Laying scenario files and overrides over each other, while remembering where each value comes from.

Tables merge, everything else replaces. A value may carry its evidence, as in
``{ value = 0.1, mark = "measured", source = "..." }``; plain values count as assumed.
"""

from __future__ import annotations

import math
import pickle
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, cast

from simulation.errors import Mistake, did_you_mean, short_value
from simulation.scenario_sections import Sections
from simulation.toml_source import DEEPEST_NESTING, KeyPath, TomlSource, shown_key

__all__ = ["Chain", "Evidence", "Layers", "Place", "leaves", "override_source"]

type Mark = Literal["measured", "estimated", "assumed"]

MARKS = ("measured", "estimated", "assumed")
EVIDENCE_KEYS = ("value", "mark", "source")
ABOUT_THE_FILE = ("extends", "$schema")
OVERRIDE = "override"
LARGEST_INTEGER = 2**63 - 1


@dataclass(frozen=True)
class Place:
    """Where a key is written: the file and its line, which overrides do not have."""

    file: str
    line: int | None


@dataclass(frozen=True)
class Evidence:
    """What a value rests on.

    Attributes
    ----------
    mark : str
        ``measured``, ``estimated`` (fitted to a fact) or ``assumed``.
    source : str
        Where the value comes from; empty for a plain assumption.
    file, line
        Where the value is written.
    """

    mark: Mark
    source: str
    file: str
    line: int | None


@dataclass
class Layers:
    """Values laid over each other, without evidence and before presets.

    Attributes
    ----------
    values : dict
        Nested tables of plain values, shared with other layers.
    evidence : dict of tuple to Evidence
        One for every leaf of `values`, and for leaves that a later file replaced by a table.
    first, last : dict of tuple to Place
        Where each key is written first (nearest to the root) and last.
    above_root : set of tuple
        Keys set by a file that extends another, or by an override.
    mistakes : list of Mistake
        What was wrong with evidence, numbers and override keys.
    """

    values: dict[str, Any] = field(default_factory=dict)
    evidence: dict[KeyPath, Evidence] = field(default_factory=dict)
    first: dict[KeyPath, Place] = field(default_factory=dict)
    last: dict[KeyPath, Place] = field(default_factory=dict)
    above_root: set[KeyPath] = field(default_factory=set)
    mistakes: list[Mistake] = field(default_factory=list)

    def place(self, path: KeyPath, *, first: bool = False) -> Place:
        """Return where a key, or the nearest table around it, is written."""
        places = self.first if first else self.last
        for length in range(len(path), 0, -1):
            if path[:length] in places:
                return places[path[:length]]
        return places[()]

    def copied(self) -> Layers:
        """Return layers on which others can be laid without touching these; tables are never changed in place."""
        return Layers(
            self.values,
            dict(self.evidence),
            dict(self.first),
            dict(self.last),
            set(self.above_root),
            list(self.mistakes),
        )

    def evidence_of_values(self) -> dict[KeyPath, Evidence]:
        """Return the evidence of every leaf that is still there, and of no other."""
        present = {path for path, _ in leaves(self.values, ())}
        return {path: each for path, each in self.evidence.items() if path in present}


class Chain:
    """The files of an ``extends`` chain, which are laid over each other once, however many overrides follow.

    Parameters
    ----------
    sources : sequence of TomlSource
        The files, root first.
    """

    def __init__(self, sources: Sequence[TomlSource]) -> None:
        self.sources = tuple(sources)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Chain) and self.sources == other.sources)

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return PackedChain, (self.packed,)

    @cached_property
    def packed(self) -> bytes:
        """The files as the few bytes in which they are sent to another process."""
        return zlib.compress(pickle.dumps(self.sources, pickle.HIGHEST_PROTOCOL), 6)

    @cached_property
    def sections(self) -> Sections:
        """What was validated of the scenarios that these files make."""
        return Sections()

    @cached_property
    def laid(self) -> Layers:
        """The files laid over each other, without overrides."""
        layers = Layers()
        for position, source in enumerate(self.sources):
            _add(layers, source, is_root=position == 0)
        return layers

    def with_overrides(self, overrides: Mapping[str, object]) -> Layers:
        """Return the files with overrides laid over them."""
        layers = self.laid.copied()
        if overrides:
            _add(layers, override_source(overrides, layers), is_root=False)
        return layers


class PackedChain(Chain):
    """A chain as it arrives from another process, unpacked when it is first asked for.

    Parameters
    ----------
    packed : bytes
        What :attr:`Chain.packed` returned.
    """

    def __init__(self, packed: bytes) -> None:
        self.packed = packed

    @cached_property
    def sources(self) -> tuple[TomlSource, ...]:  # type: ignore[override]
        """The files, root first."""
        return cast("tuple[TomlSource, ...]", pickle.loads(zlib.decompress(self.packed)))


def _add(layers: Layers, source: TomlSource, *, is_root: bool) -> None:
    file_place = Place(source.file, None if source.file == OVERRIDE else 1)
    places = {path: Place(source.file, line or None) for path, line in source.lines.items()}
    layers.first = {**places, **layers.first}
    layers.last = {**layers.last, **places}
    layers.first.setdefault((), file_place)
    layers.last[()] = file_place
    written = {key: value for key, value in source.values.items() if key not in ABOUT_THE_FILE}
    reader = EvidenceReader(layers, source.file)
    plain = reader.plain(written, ())
    layers.values = _merged(layers.values, plain)
    if not is_root:
        layers.above_root |= {path for path, _ in leaves(plain, ())}


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return two tables merged; what only one of them holds is shared with it, not copied."""
    merged = dict(below)
    for key, value in above.items():
        under = below.get(key)
        merged[key] = _merged(under, value) if isinstance(value, dict) and isinstance(under, dict) else value
    return merged


def leaves(values: Mapping[str, Any], path: KeyPath) -> list[tuple[KeyPath, Any]]:
    """Return every value that is no table, with its path; an empty table is a value too."""
    found: list[tuple[KeyPath, Any]] = []
    for key, value in values.items():
        inner = (*path, key)
        found += leaves(value, inner) if isinstance(value, dict) and value else [(inner, value)]
    return found


@dataclass
class EvidenceReader:
    """Takes evidence out of the values of one file and notes it."""

    layers: Layers
    file: str

    def plain(self, value: Any, path: KeyPath) -> Any:
        """Return the value without evidence."""
        if path == ("facts",):
            return value
        if isinstance(value, dict):
            if "value" in value and path:
                return self._evidenced(value, path)
            return {key: self.plain(each, (*path, key)) for key, each in value.items()}
        if isinstance(value, list):
            self._note(path, "assumed", "")
            return [self.plain(each, (*path, index)) for index, each in enumerate(value)]
        if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
            self._mistake(path, value, "has too many digits", "Write a number of at most 18 digits")
            return value
        self._note(path, "assumed", "")
        return value

    def _evidenced(self, table: dict[str, Any], path: KeyPath) -> Any:
        for key in table:
            if key not in EVIDENCE_KEYS:
                remedy = did_you_mean(key, EVIDENCE_KEYS)
                self._mistake((*path, key), table[key], "is not a key of a value with its evidence", remedy)
        mark, source = table.get("mark", "assumed"), table.get("source", "")
        if mark not in MARKS:
            remedy = did_you_mean(str(mark), MARKS)
            self._mistake((*path, "mark"), mark, "must be measured, estimated or assumed", remedy)
            mark = "assumed"
        if not isinstance(source, str):
            self._mistake((*path, "source"), source, "must be a text", "Say in words where the value comes from")
            source = ""
        elif mark == "measured" and not source.strip():
            self._mistake(path, table["value"], "is marked measured without a source", "Add the source of the value")
        value = self.plain(table["value"], path)
        inner = leaves(value, path) if isinstance(value, dict) else [(path, value)]
        for leaf, _ in inner:
            self._note(leaf, cast("Mark", mark), source)
        return value

    def _note(self, path: KeyPath, mark: Mark, source: str) -> None:
        if not any(isinstance(part, int) for part in path):
            place = self._place(path)
            self.layers.evidence[path] = Evidence(mark, source, place.file, place.line)

    def _place(self, path: KeyPath) -> Place:
        place = self.layers.place(path)
        return place if place.file == self.file else Place(self.file, None)

    def _mistake(self, path: KeyPath, value: object, rule: str, remedy: str) -> None:
        place = self._place(path)
        shown = "" if isinstance(value, int) and abs(value) > LARGEST_INTEGER else short_value(value)
        self.layers.mistakes.append(Mistake(place.file, place.line, shown_key(path), shown, rule, remedy))


def override_source(overrides: Mapping[str, object], layers: Layers) -> TomlSource:
    """Return overrides by dotted key as if they were a file; mistakes in their keys go to `layers`."""
    values: dict[str, Any] = {}
    lines: dict[KeyPath, int] = {}
    for key, value in overrides.items():
        parts = tuple(str(key).split("."))
        if not all(parts) or len(parts) > DEEPEST_NESTING or parts[0] in ABOUT_THE_FILE:
            shown = shown_key(parts[:8])
            rule, remedy = (
                "cannot be overridden",
                "Give the dotted key of a parameter, as in negotiation.speed",
            )
            layers.mistakes.append(Mistake(OVERRIDE, None, shown, short_value(plain_value(value)), rule, remedy))
            continue
        values = _merged(values, _nested(parts, plain_value(value)))
    for path, _ in leaves(values, ()):
        lines.update({path[:length]: 0 for length in range(1, len(path) + 1)})
    return TomlSource(OVERRIDE, values, lines)


def _nested(parts: tuple[str, ...], value: object) -> dict[str, Any]:
    for part in reversed(parts):
        value = {part: value}
    return cast("dict[str, Any]", value)


def plain_value(value: object) -> object:
    """Return a value of Python or numpy as TOML knows it: lists for arrays, plain numbers for scalars."""
    if isinstance(value, Mapping):
        return {str(key): plain_value(each) for key, each in value.items()}
    if isinstance(value, str):
        return str(value.encode("utf-8", "replace").decode())
    if isinstance(value, bool | int | float) and type(value) in (bool, int, float):
        beyond_text = isinstance(value, int) and abs(value) > LARGEST_INTEGER**4
        return math.copysign(math.inf, value > 0 or -1) if beyond_text else value
    if hasattr(value, "tolist"):
        return plain_value(value.tolist())
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes):
        ordered = value if isinstance(value, Sequence) else sorted(value, key=str)
        return [plain_value(each) for each in ordered]
    return value
