"""Members who listen to whoever is not too far away try to agree on one objective.

Claim: under bounded confidence a group either comes to agree or falls apart into camps, and a small change of
tolerance decides which (Hegselmann & Krause 2002). Members with a mandate never leave it altogether (Friedkin
& Johnsen 1990). With speed below 1, a mandate and unequal tolerances the threshold becomes a slope.

    x_i <- (1 - speed) x_i + speed ((1 - anchor) mean of x_j over N_i + anchor x_i(0)),   N_i = {j : |x_i -
    x_j| <= tolerance_ij}

The distance of two objectives is the share of priorities that would have to be moved: half the sum of the
absolute differences, |x - y| in one dimension. Speed 1, anchor 0 and one tolerance for all is the model of
Hegselmann & Krause.

References
----------
Hegselmann, R., Krause, U. (2002). Opinion dynamics and bounded confidence: models, analysis and simulation.
JASSS 5(3)2. Friedkin, N. E., Johnsen, E. C. (1990). Social influence and opinions. Journal of Mathematical
Sociology 15.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.errors import UsageError
from simulation.kernels.negotiation import (
    best_of_drafts,
    collect_signatures,
    count_groups,
    distances,
    drafts,
    hold_round,
    negotiation_round,
    pairs_within,
    signing_within_country,
    tolerances,
)
from simulation.world import World

__all__ = [
    "Draft",
    "Negotiated",
    "agreement_across_countries",
    "agreement_within_country",
    "best_draft",
    "founding_objectives",
    "negotiate",
    "negotiate_partnerships",
    "negotiation_round",
    "tolerance_matrix",
]

type Floats = NDArray[np.float64]

AT_REST = 1e-9
APART = 1e-4
MOST_ROUNDS = 1_000_000


@dataclass(frozen=True)
class Negotiated:
    """Where a negotiation ends.

    Attributes
    ----------
    opinions : (n, d) or (n,) float64
        In the shape that was given.
    clusters : int
        Groups of opinions more than 1e-4 apart.
    rounds : int
        Rounds made; without a given number, those in which some opinion moved by more than 1e-9.
    """

    opinions: Floats
    clusters: int
    rounds: int


@dataclass(frozen=True)
class Draft:
    """A common objective that is put to the members.

    Attributes
    ----------
    objective : (d,) float64
    can_sign : (n,) bool
        Members within the signing distance.
    share : float
        Share of members who could sign.
    """

    objective: Floats
    can_sign: NDArray[np.bool_]
    share: float


def negotiate(
    opinions: ArrayLike,
    tolerance: ArrayLike,
    speed: float = 1.0,
    anchor: float = 0.0,
    rounds: int | None = None,
) -> Negotiated:
    """Let members negotiate for a number of rounds, or until nobody moves any more.

    Parameters
    ----------
    opinions : (n, d) or (n,) float
        Objective of each member at the start, which is its mandate too.
    tolerance : float, (n,) or (n, n) float
        Distance up to which members listen: of all, of each, or of member i (row) towards member j (column).
    speed : float
        Share of the way moved in a round, 0 to 1.
    anchor : float
        Weight of the mandate against the neighbourhood's mean, 0 to 1.
    rounds : int, optional
        Rounds to make. None: until no change exceeds 1e-9.

    Returns
    -------
    Negotiated

    Raises
    ------
    UsageError
        If an argument has another shape or lies outside its bounds, or there is no rest after a million
        rounds.

    References
    ----------
    Hegselmann & Krause (2002) for speed 1 and anchor 0; Friedkin & Johnsen (1990) for the anchor.
    """
    given = np.array(opinions, dtype=np.float64)
    current = np.ascontiguousarray(given[:, None] if given.ndim == 1 else given)
    if current.ndim != 2 or current.shape[0] == 0 or current.shape[1] == 0:
        raise UsageError(f"opinions of shape {given.shape}: must be (n, d) or (n,) with at least one member")
    if not np.isfinite(current).all():
        raise UsageError("opinions hold a number that is not finite: every member needs a whole objective")
    heard = _pairwise_tolerance(tolerance, current.shape[0])
    for name, value in (("speed", speed), ("anchor", anchor)):
        if not 0.0 <= value <= 1.0:
            raise UsageError(f"{name} = {value!r}: must be between 0 and 1")
    if rounds is not None and rounds < 0:
        raise UsageError(f"rounds = {rounds!r}: must be 0 or more, or None to go on until rest")
    mandates, made = current, 0
    while rounds is None or made < rounds:
        moved = negotiation_round(current, mandates, heard, float(speed), float(anchor))
        if rounds is None and np.abs(moved - current).max() <= AT_REST:
            break
        current, made = moved, made + 1
        if made >= MOST_ROUNDS and rounds is None:
            raise UsageError(f"no rest after {MOST_ROUNDS} rounds: give a number of rounds")
    return Negotiated(current.reshape(given.shape), int(count_groups(current, APART)), made)


def tolerance_matrix(tolerance: Floats, country: NDArray[np.int64], border_discount: float) -> Floats:
    """Tolerance of each member towards each other: its own, less a share of it across a border.

    Parameters
    ----------
    tolerance : (n,) float64
    country : (n,) int64
    border_discount : float
        Share lost across a border.

    Returns
    -------
    (n, n) float64
        Row i: up to which distance i listens to each j.
    """
    return tolerances(tolerance, country, float(border_discount))


def founding_objectives(
    common: Floats, country_part: Floats, own_part: Floats, heterogeneity: float, country_share: float
) -> Floats:
    """Objectives before the first round: (1 - h) m + h (c z_country + (1 - c) z_i).

    Parameters
    ----------
    common : (d,) float64
        m, what all have in common.
    country_part, own_part : (n, d) float64
        z_country of each member's country, and z_i.
    heterogeneity : float
        h, share of an objective that is not common.
    country_share : float
        c, share of that which members of a country have in common.

    Returns
    -------
    (n, d) float64
    """
    different = country_share * country_part + (1.0 - country_share) * own_part
    return np.ascontiguousarray((1.0 - heterogeneity) * common[None, :] + heterogeneity * different)


def best_draft(opinions: Floats, tolerance: Floats, weights: Floats, signing_distance: float) -> Draft:
    """The draft that most members could sign: the mean of all or of the members whom one of them listens to.

    Parameters
    ----------
    opinions : (n, d) float64
        At least one member.
    tolerance : (n, n) float64
        From :func:`tolerance_matrix`.
    weights : (n,) float64
        How often a member's opinion counts in a mean; the share counts each member once.
    signing_distance : float

    Returns
    -------
    Draft
        Of equally good drafts the first: the mean of all, then that of the first member's neighbourhood, and
        so on.
    """
    candidates = drafts(opinions, distances(opinions, opinions), tolerance, weights)
    best, can_sign = best_of_drafts(opinions, candidates, signing_distance)
    return Draft(candidates[best], can_sign, int(np.count_nonzero(can_sign)) / len(can_sign))


def agreement_within_country(
    opinions: Floats, country: NDArray[np.int64], tolerance: Floats, signing_distance: float
) -> float | None:
    """Share of members who could sign the best draft of their own country.

    Only countries with at least two members count.

    Parameters
    ----------
    opinions : (n, d) float64
    country : (n,) int64
    tolerance : (n, n) float64
    signing_distance : float

    Returns
    -------
    float or None
        None if no country has two members.
    """
    apart = distances(opinions, opinions)
    signing, members = signing_within_country(opinions, apart, country, tolerance, float(signing_distance))
    return signing / members if members else None


def agreement_across_countries(opinions: Floats, country: NDArray[np.int64], signing_distance: float) -> float | None:
    """Share of the pairs from two countries that are within twice the signing distance.

    They could sign a draft halfway between them.

    Parameters
    ----------
    opinions : (n, d) float64
    country : (n,) int64
    signing_distance : float

    Returns
    -------
    float or None
        None if all members are from one country.
    """
    near, pairs = pairs_within(distances(opinions, opinions), country, 2.0 * signing_distance)
    return near / pairs if pairs else None


def _pairwise_tolerance(tolerance: ArrayLike, members: int) -> Floats:
    given = np.asarray(tolerance, dtype=np.float64)
    if given.shape not in {(), (members,), (members, members)}:
        raise UsageError(
            f"tolerance of shape {given.shape} for {members} members: must be one number, "
            f"({members},) or ({members}, {members})"
        )
    if not (given >= 0.0).all():
        raise UsageError("tolerance holds a number below 0 or NaN: a distance must be 0 or more")
    rows = given[:, None] if given.ndim == 1 else given
    return np.ascontiguousarray(np.broadcast_to(rows, (members, members)))


def negotiate_partnerships(world: World) -> None:
    """One round of every partnership that negotiates, the best draft, and how far members agree.

    Signatories who are present take part; under a lead organisation its opinion counts
    ``coordination.lead_weight`` times in a draft. Whether a draft is signed is decided by governance.
    """
    partnerships, members, rules = world.state.partnerships, world.state.members, world.scenario.negotiation
    if True not in partnerships.negotiating.tolist():
        return
    can_sign, taking_part = members.can_sign.copy(), np.empty_like(members.present)
    found = hold_round(
        members.partnership,
        members.tier,
        members.present,
        members.country,
        world.decide("members", "tolerance", members.tolerance),
        members.mandate,
        members.opinion,
        partnerships.negotiating,
        partnerships.lead,
        world.terms.lead_weight,
        (rules.border_discount, rules.speed, rules.anchor, rules.signing_distance),
        partnerships.objective,
        partnerships.agreement_within_country,
        partnerships.agreement_across_countries,
        can_sign,
        taking_part,
    )
    if not found:
        return
    collect_signatures(
        members.partnership,
        taking_part,
        world.decide("members", "signing", can_sign),
        members.can_sign,
        partnerships.rounds,
        partnerships.objective_agreement,
    )
