"""Which attribute carries how much of the difference between two policies: a two-level design of resolution IV.

Each attribute takes one policy's value or the other's. All combinations of sixteen attributes would be 65,536; the
fold-over of a Hadamard matrix (the matrix, and the matrix with all signs turned) needs 32. Its columns are orthogonal,
and since every product of three columns changes sign with the fold while no product of two does, main effects are clear
of all interactions of two attributes. They are mixed with interactions of three, and those of two with each other: that
is the price.

What an attribute carries is its Shapley share: what changing it adds, averaged over all orders in which the attributes
could be changed one after the other; the shares add up to the whole difference. Let the outcome be
``y = b0 + sum b_i x_i + sum b_ij x_i x_j``, with ``x = -1`` for the first policy's value and ``+1`` for the second's.
Changing ``x_i`` adds ``2 b_i + 2 b_ij x_j`` for each j, and j was changed before i in half of the orders, so that the
mean of ``x_j`` is 0: the share is ``2 b_i``, the main effect. This holds where no three or more attributes interact;
both whole policies are rows of the design, and how far the main effects fail to add up to their difference shows how
far some do.

References
----------
Box & Hunter 1961, Technometrics 3(3), 311-351: fold-over and designs of resolution IV.
Shapley 1953, Contributions to the Theory of Games II, 307-317: the share of a player.
Sylvester 1867, Philosophical Magazine 34, 461-475: matrices of signs with orthogonal columns.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence

from simulation.scenario import Scenario

__all__ = ["ORDER", "differing_attributes", "fold_over", "preset_table", "two_level_table"]

ORDER = 16
"""Rows of the Hadamard matrix, and most factors of its fold-over."""


def fold_over(factors: int) -> tuple[tuple[int, ...], ...]:
    """Return the signs of each factor in 32 rows.

    Parameters
    ----------
    factors : int
        From 1 to 16.

    Returns
    -------
    tuple of tuple of int
        -1 or +1; the first row is -1 throughout, the row in the middle +1.

    Raises
    ------
    ValueError
        If there are more factors than columns.
    """
    if not 1 <= factors <= ORDER:
        raise ValueError(f"a fold-over of order {ORDER} holds 1 to {ORDER} factors, not {factors}")
    signs = [tuple(_sylvester(row, column) for column in range(factors)) for row in range(ORDER)]
    return tuple(tuple(-sign for sign in row) for row in signs) + tuple(signs)


def _sylvester(row: int, column: int) -> int:
    """Return an element of Sylvester's matrix: the parity of the binary digits that row and column share."""
    return -1 if (row & column).bit_count() % 2 else 1


def two_level_table(first: Mapping[str, object], second: Mapping[str, object]) -> str:
    """Return the design as CSV: a column for each key, `first`'s value where the sign is -1, `second`'s where +1."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(first)
    for signs in fold_over(len(first)):
        writer.writerow(_cell(second[key] if sign > 0 else first[key]) for key, sign in zip(first, signs, strict=True))
    return text.getvalue()


def _cell(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def differing_attributes(scenario: Scenario, presets: Sequence[str]) -> tuple[str, ...]:
    """Return the attributes of governance in which two presets differ; the others can carry nothing."""
    first, second = (scenario.partnership.presets[name] for name in presets)
    return tuple(
        attribute for attribute in type(first).model_fields if getattr(first, attribute) != getattr(second, attribute)
    )


def preset_table(scenario: Scenario, first: str, second: str) -> str:
    """Return the design over the attributes in which two presets of governance differ, as CSV."""
    attributes = differing_attributes(scenario, (first, second))
    presets = scenario.partnership.presets
    levels = [{f"partnership.{each}": getattr(presets[name], each) for each in attributes} for name in (first, second)]
    return two_level_table(*levels)
