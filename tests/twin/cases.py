"""Generated inputs of kernels, and the comparison of a kernel with its twin."""

import copy

import numpy as np
import pytest

from simulation import randomness
from simulation.kernels.profiles import PROFILE
from simulation.purposes import Purpose
from simulation.schemas import MOST_MEMBERS
from simulation.state import NEVER, NOBODY
from tests.reference import adjacency as plain_adjacency
from tests.reference import groups as plain_groups

EMPTY, LONELY = 0, 1
SIZES = (EMPTY, LONELY, 2, 5, 12, 30)
every_case = pytest.mark.parametrize("case", range(24))


def assert_same_bits(mine, theirs):
    if isinstance(theirs, tuple):
        assert len(mine) == len(theirs)
        for one, other in zip(mine, theirs, strict=True):
            assert_same_bits(one, other)
    elif isinstance(theirs, np.ndarray):
        assert mine.dtype == theirs.dtype
        if theirs.dtype.names:
            # bytes between the columns of a row are nobody's
            assert_same_bits(*(tuple(rows[name] for name in theirs.dtype.names) for rows in (mine, theirs)))
            return
        assert repr(mine.tolist()) == repr(theirs.tolist())
        assert mine.shape == theirs.shape
        assert mine.tobytes() == theirs.tobytes()
    else:
        assert mine == theirs or (mine != mine and theirs != theirs)


def assert_equals_its_twin(kernel, twin, *arguments):
    """What both give is the same, and so is what both leave behind in the columns; the former is returned."""
    mine, theirs = copy.deepcopy(arguments), copy.deepcopy(arguments)
    given = twin(*theirs)
    assert_same_bits(kernel(*mine), given)
    assert_same_bits(mine, theirs)
    return given, theirs


def filling(function, *columns):
    """A function that fills columns from the front: with copies of these it gives their fronts too.

    What stands behind the fronts may be anything. It returns one count for each column, or one for all.
    """

    def fill(*question):
        filled = copy.deepcopy(columns)
        given = function(*question, *filled)
        counts = given if isinstance(given, tuple) else (given,) * len(filled)
        return given, tuple(column[:count] for column, count in zip(filled, counts, strict=True))

    return fill


def grouped(column, counted, groups):
    """Rows by group as the twin sorts them, in the types of the kernel."""
    offsets, rows = plain_groups.rows_by_group(column, counted, groups)
    return np.array(offsets, np.int64), np.array(rows, np.int32)


def adjacency_of(first, second, count):
    """Offsets, neighbours and ties as the twin finds them, in the types of the kernel."""
    offsets, neighbours, rows = plain_adjacency.adjacency(first, second, count)
    return np.array(offsets, np.int64), np.array(neighbours, np.int32), np.array(rows, np.int32)


def ties_that_come_and_go(drawn):
    """Ends of ties among all organisations, how many of the ties are old, and rows of those that are gone."""
    _, ends = drawn.adjacency(drawn.size, 2 * drawn.size)
    count = len(ends[0])
    gone = np.flatnonzero(drawn.yes(drawn.choice([0.3, 0.0, 1.0]), count)).astype(np.int32)
    return ends, int(count * drawn.choice([0.7, 1.0, 0.0])), gone


class Case:
    """Columns drawn by address: the same number gives the same columns on every machine."""

    def __init__(self, number):
        self.key = randomness.stream_key(number, 7)
        self.size = SIZES[number % len(SIZES)]
        self.columns = 0

    def uniforms(self, size):
        self.columns += 1
        rows = np.arange(size, dtype=np.uint64)
        return randomness.uniforms(self.key, Purpose.OWN_AGENT, 0, rows, self.columns)

    def identities(self, size):
        self.columns += 1
        rows = np.arange(size, dtype=np.uint64)
        return randomness.combined(rows, np.full(size, int(self.key) + self.columns, np.uint64))

    def whole(self, dtype, low, high, size):
        """Whole numbers from low to high, both included."""
        return (low + np.floor(self.uniforms(size) * (high - low + 1))).astype(dtype)

    def floats(self, dtype, low, high, size):
        return (low + self.uniforms(size) * (high - low)).astype(dtype)

    def one_of(self, dtype, values, size):
        return np.array(values, dtype=dtype)[self.whole(np.int64, 0, len(values) - 1, size)]

    def yes(self, share, size):
        return self.uniforms(size) < share

    def choice(self, values):
        return values[int(self.uniforms(1)[0] * len(values))]

    def rows(self, first, last, size):
        """Rows of another table, or NOBODY; only NOBODY if that table is empty."""
        return self.one_of(np.int32, [NOBODY, *range(first, last)], size)

    def adjacency(self, count, ties):
        """Offsets, neighbours and ties of a network without double ties, and its pairs (lower row first)."""
        ends = self.whole(np.int64, 0, max(count - 1, 0), 2 * ties if count else 0).reshape(-1, 2)
        pairs = {tuple(sorted(pair)): None for pair in ends.tolist() if pair[0] != pair[1]}
        listed = np.array(list(pairs), dtype=np.int32).reshape(-1, 2)
        first, second = listed[:, 0].copy(), listed[:, 1].copy()
        return adjacency_of(first, second, count), (first, second)

    def teams(self, count, organisations):
        """Members of projects, each one once, and how many they are."""
        members = np.full((count if organisations else 0, MOST_MEMBERS), NOBODY, dtype=np.int32)
        largest = min(MOST_MEMBERS, organisations)
        member_count = self.whole(np.int8, 1, largest, len(members))
        for project, size in enumerate(member_count.tolist()):
            members[project, :size] = np.argsort(self.uniforms(organisations))[:size]
        return members, member_count

    def months(self, size, month):
        """Months of events, about every third this one; the others never, before or after."""
        return self.one_of(np.int16, [month, month, NEVER, month - 1, NEVER, month + 1], size)


def profiles_with(**columns):
    """Profiles that hold these columns, and zero in the others."""
    profiles = np.zeros(len(next(iter(columns.values()))), PROFILE)
    for name, column in columns.items():
        profiles[name] = column
    return profiles
