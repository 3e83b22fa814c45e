"""Bounded confidence with a mandate: the loops of :mod:`simulation.mechanisms.negotiation`."""

import numpy as np
from numpy.typing import NDArray

from simulation.codes import Tier
from simulation.compilation import kernel

__all__ = [
    "best_of_drafts",
    "collect_signatures",
    "count_groups",
    "distance",
    "distances",
    "drafts",
    "hold_round",
    "negotiation_round",
    "pairs_within",
    "signing_within_country",
    "tolerances",
]

type Floats = NDArray[np.float64]

SIGNATORY = int(Tier.SIGNATORY)


@kernel
def distance(x: Floats, i: int, y: Floats, j: int) -> float:
    """Distance of row i of x from row j of y, both with d columns.

    |x - y| for d = 1, else half the sum of |x_d - y_d| in rising d.
    """
    if x.shape[1] == 1:
        return abs(x[i, 0] - y[j, 0])  # type: ignore[no-any-return]
    total = 0.0
    for d in range(x.shape[1]):
        total += abs(x[i, d] - y[j, d])
    return 0.5 * total


@kernel
def distances(x: Floats, y: Floats) -> Floats:
    """:func:`distance` of every row of x (n, d) from every row of y (m, d): (n, m) float64."""
    apart = np.zeros((x.shape[0], y.shape[0]))
    columns = y.T.copy()
    part = 1.0 if x.shape[1] == 1 else 0.5
    for i in range(x.shape[0]):
        for d in range(x.shape[1]):
            for j in range(y.shape[0]):
                apart[i, j] += abs(x[i, d] - columns[d, j])
        for j in range(y.shape[0]):
            apart[i, j] *= part
    return apart


@kernel
def negotiation_round(
    opinions: Floats,
    mandates: Floats,
    tolerance: Floats,
    speed: float,
    anchor: float,
) -> Floats:
    """One synchronous round: x_i <- (1 - speed) x_i + speed ((1 - anchor) m_i + anchor mandate_i).

    m_i is the mean over N_i, all j (i included) whose :func:`distance` from i is at most tolerance_ij: for
    every dimension the sum over j in rising order, divided by the number of j.

    Parameters
    ----------
    opinions, mandates : (n, d) float64
    tolerance : (n, n) float64
        Row i: up to which distance i listens to each j.
    speed, anchor : float
        Shares, 0 to 1.

    Returns
    -------
    (n, d) float64
        New array; the arguments are left as they are.
    """
    n, dimensions = opinions.shape
    moved = np.empty((n, dimensions))
    columns = opinions.T.copy()
    part = 1.0 if dimensions == 1 else 0.5
    gap, is_heard = np.empty(n), np.empty(n)
    for i in range(n):
        gap[:] = 0.0
        for d in range(dimensions):
            own = columns[d, i]
            for j in range(n):
                gap[j] += abs(own - columns[d, j])
        for j in range(n):
            is_heard[j] = 1.0 if part * gap[j] <= tolerance[i, j] else 0.0
        heard = 0.0
        for j in range(n):
            heard += is_heard[j]
        for d in range(dimensions):
            total = 0.0
            for j in range(n):
                total += is_heard[j] * columns[d, j]
            goal = (1.0 - anchor) * (total / heard) + anchor * mandates[i, d]
            moved[i, d] = (1.0 - speed) * opinions[i, d] + speed * goal
    return moved


@kernel
def drafts(opinions: Floats, apart: Floats, tolerance: Floats, weights: Floats) -> Floats:
    """Candidates for a common objective: the mean of all, then the mean of N_i for each i.

    Each is a weighted mean: for every dimension the sum over members in rising order of weight times opinion,
    divided by the sum in rising order of their weights. N_i as in :func:`negotiation_round`.

    Parameters
    ----------
    opinions : (n, d) float64
    apart : (n, n) float64
        :func:`distances` of the opinions.
    tolerance : (n, n) float64
    weights : (n,) float64
        Above 0.

    Returns
    -------
    (n + 1, d) float64
        Row 0: the mean of all; row i + 1: that of N_i.
    """
    n, dimensions = opinions.shape
    means = np.zeros((n + 1, dimensions))
    for draft in range(n + 1):
        i, weight = draft - 1, 0.0
        for j in range(n):
            counted = weights[j] if draft == 0 or apart[i, j] <= tolerance[i, j] else 0.0
            weight += counted
            for d in range(dimensions):
                means[draft, d] += counted * opinions[j, d]
        for d in range(dimensions):
            means[draft, d] /= weight
    return means


@kernel
def best_of_drafts(opinions: Floats, candidates: Floats, signing_distance: float) -> tuple[int, NDArray[np.bool_]]:
    """The candidate that most members could sign; of several, the first.

    Parameters
    ----------
    opinions : (n, d) float64
    candidates : (c, d) float64
        At least one.
    signing_distance : float
        A member can sign a draft at most this far (:func:`distance`) from its opinion.

    Returns
    -------
    best : int
        Row of ``candidates``.
    can_sign : (n,) bool
        Who could sign it.
    """
    best, most = 0, -1
    apart = distances(candidates, opinions)
    for candidate in range(candidates.shape[0]):
        signing = 0
        for i in range(opinions.shape[0]):
            signing += int(apart[candidate, i] <= signing_distance)
        if signing > most:
            best, most = candidate, signing
    can_sign = np.empty(opinions.shape[0], np.bool_)
    for i in range(opinions.shape[0]):
        can_sign[i] = apart[best, i] <= signing_distance
    return best, can_sign


@kernel
def count_groups(opinions: Floats, apart: float) -> int:
    """Number of groups of (n, d) opinions.

    Two whose :func:`distance` is at most ``apart`` are in one group, and so on from neighbour to neighbour.
    """
    n = opinions.shape[0]
    seen = np.zeros(n, np.bool_)
    waiting = np.empty(n, np.int64)
    groups = 0
    for start in range(n):
        if seen[start]:
            continue
        groups += 1
        seen[start] = True
        waiting[0] = start
        left = 1
        while left > 0:
            left -= 1
            i = waiting[left]
            for j in range(n):
                if not seen[j] and distance(opinions, i, opinions, j) <= apart:
                    seen[j] = True
                    waiting[left] = j
                    left += 1
    return groups


@kernel
def pairs_within(apart: Floats, country: NDArray[np.int64], within: float) -> tuple[int, int]:
    """Number of pairs from two countries that are at most ``within`` ``apart`` (n, n), and of all of them."""
    near, pairs = 0, 0
    for i in range(country.size):
        for j in range(i + 1, country.size):
            abroad = int(country[i] != country[j])
            pairs += abroad
            near += abroad * int(apart[i, j] <= within)
    return near, pairs


@kernel
def tolerances(tolerance: Floats, country: NDArray[np.int64], border_discount: float) -> Floats:
    """Tolerance of each member (row) towards each other: its own (n,), times 1 - border_discount across a border."""
    n = tolerance.size
    towards = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            towards[i, j] = tolerance[i] * (1.0 if country[i] == country[j] else 1.0 - border_discount)
    return towards


@kernel
def signing_within_country(
    opinions: Floats, apart: Floats, country: NDArray[np.int64], tolerance: Floats, signing_distance: float
) -> tuple[int, int]:
    """Members who could sign the best draft of their own country, of those in countries with two members or more.

    The drafts are those of :func:`drafts` among the members of the country, each counting once.

    Parameters
    ----------
    apart : (n, n) float64
        :func:`distances` of the opinions.
    country : (n,) int64
        0 or more.
    tolerance : (n, n) float64

    Returns
    -------
    signing, members : int
    """
    signing, members, most = 0, 0, -1
    rows = np.empty(country.size, np.int64)
    for row in range(country.size):
        most = max(most, country[row])
    for here in range(most + 1):
        count = 0
        for row in range(country.size):
            rows[count] = row
            count += int(country[row] == here)
        if count < 2:
            continue
        own, weights = np.empty((count, opinions.shape[1])), np.empty(count)
        between, towards = np.empty((count, count)), np.empty((count, count))
        for i in range(count):
            weights[i] = 1.0
            for d in range(opinions.shape[1]):
                own[i, d] = opinions[rows[i], d]
            for j in range(count):
                between[i, j], towards[i, j] = apart[rows[i], rows[j]], tolerance[rows[i], rows[j]]
        _, can_sign = best_of_drafts(own, drafts(own, between, towards, weights), signing_distance)
        for i in range(count):
            signing += int(can_sign[i])
        members += count
    return signing, members


@kernel
def hold_round(
    partnership: NDArray[np.int16],
    tier: NDArray[np.int8],
    present: NDArray[np.bool_],
    country: NDArray[np.int16],
    tolerance: Floats,
    mandate: Floats,
    opinion: Floats,
    negotiating: NDArray[np.bool_],
    lead: NDArray[np.int32],
    lead_weight: Floats,
    rules: tuple[float, float, float, float],
    objective: Floats,
    within_country: Floats,
    across_countries: Floats,
    can_sign: NDArray[np.bool_],
    taking_part: NDArray[np.bool_],
) -> int:
    """One round of every partnership that negotiates, and its best draft; nobody has signed yet.

    Its present signatories take part: their opinions move by :func:`negotiation_round` under their
    :func:`tolerances`, and the best of their :func:`drafts`, in which the lead counts ``lead_weight``, becomes the
    objective. Agreement within countries is the share of :func:`signing_within_country`, across countries that of
    :func:`pairs_within` twice the signing distance; NaN where nobody counts. A partnership without signatories stays.

    Parameters
    ----------
    partnership, tier, present, country, tolerance : (n,)
        Columns of members.
    mandate, opinion : (n, d) float64
        Opinions are moved.
    negotiating, lead, lead_weight : (p,)
        Columns of partnerships; the lead is a row of members.
    rules : four floats
        Border discount, speed, anchor, signing distance.
    objective : (p, d) float64
    within_country, across_countries : (p,) float64
    can_sign : (n,) bool
        Whether the best draft lies within the signing distance; others than those who take part keep theirs.
    taking_part : (n,) bool
        Filled.

    Returns
    -------
    int
        Number of those who take part.
    """
    border_discount, speed, anchor, signing_distance = rules
    rows, found, dimensions = np.empty(partnership.size, np.int64), 0, opinion.shape[1]
    for row in range(partnership.size):
        taking_part[row] = False
    for here in range(negotiating.size):
        count = 0
        for row in range(partnership.size):
            rows[count] = row
            count += int(negotiating[here] and present[row] and partnership[row] == here and tier[row] == SIGNATORY)
        if count == 0:
            continue
        places, own, weights = np.empty(count, np.int64), np.empty(count), np.empty(count)
        before, mandates = np.empty((count, dimensions)), np.empty((count, dimensions))
        for i in range(count):
            row = rows[i]
            places[i], own[i] = country[row], tolerance[row]
            weights[i] = lead_weight[here] if row == lead[here] else 1.0
            for d in range(dimensions):
                before[i, d], mandates[i, d] = opinion[row, d], mandate[row, d]
        towards = tolerances(own, places, border_discount)
        moved = negotiation_round(before, mandates, towards, speed, anchor)
        apart = distances(moved, moved)
        candidates = drafts(moved, apart, towards, weights)
        best, signers = best_of_drafts(moved, candidates, signing_distance)
        for d in range(dimensions):
            objective[here, d] = candidates[best, d]
        for i in range(count):
            can_sign[rows[i]], taking_part[rows[i]] = signers[i], True
            for d in range(dimensions):
                opinion[rows[i], d] = moved[i, d]
        signing, members = signing_within_country(moved, apart, places, towards, signing_distance)
        near, pairs = pairs_within(apart, places, 2.0 * signing_distance)
        within_country[here] = signing / members if members else np.nan
        across_countries[here] = near / pairs if pairs else np.nan
        found += count
    return found


@kernel
def collect_signatures(
    partnership: NDArray[np.int16],
    taking_part: NDArray[np.bool_],
    signing: NDArray[np.bool_],
    can_sign: NDArray[np.bool_],
    rounds: NDArray[np.int16],
    agreement: Floats,
) -> None:
    """Write down who of those who take part (n,) signs, and what share of them does in each partnership (p,).

    Where somebody takes part, ``agreement`` is that share and the number of ``rounds`` rises by one.
    """
    signed, members = np.zeros(rounds.size, np.int64), np.zeros(rounds.size, np.int64)
    for row in range(partnership.size):
        if taking_part[row]:
            can_sign[row] = signing[row]
            signed[partnership[row]] += int(signing[row])
            members[partnership[row]] += 1
    for here in range(rounds.size):
        if members[here] > 0:
            agreement[here] = signed[here] / members[here]
            rounds[here] += 1
