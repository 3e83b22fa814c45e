"""What members give, who leaves and who joins: the loops of :mod:`simulation.mechanisms.engagement`.

Columns of members have one value a membership (n,), those of partnerships one a partnership (p,), those of brokers
one a broker (b,). Draws stand at (purpose, month, combine(identity of the member, identity of its partnership), 0).
"""

import numpy as np
from numpy.typing import NDArray

from simulation.codes import MemberKind
from simulation.compilation import kernel
from simulation.purposes import Purpose
from simulation.randomness import combine, uniform
from simulation.state import NEVER, NOBODY

__all__ = ["draw_members", "engagement_target", "joining_hazards", "move_engagement", "success_of"]

type Flags = NDArray[np.bool_]
type Floats = NDArray[np.float64]
type Identities = NDArray[np.uint64]
type Months = NDArray[np.int16]
type Rows = NDArray[np.int32]

ENFORCEMENT = int(Purpose.ENFORCEMENT)
# Plain constants would have :func:`draw_members` compiled once for each.
LEAVING = np.int64(Purpose.LEAVING)
JOINING = np.int64(Purpose.JOINING)
BROKER = int(MemberKind.BROKER)


@kernel
def success_of(success: float, half_success: float) -> float:
    """How successful a membership is: s / (s + s_half)."""
    return success / (success + half_success)


@kernel
def engagement_target(owed: float, success: float, capacity: float, offers: float, least: float) -> float:
    """What a member's engagement moves towards: max(owed, (least + (1 - least) success) min(1, capacity / offers)).

    The last factor is 1 without offers.

    Parameters
    ----------
    owed : float
        Engagement owed this month under the agreement.
    success : float
        y, between 0 and 1.
    capacity, offers : float
        Partner cases a month that the member's brokers can take, and that are offered to them.
    least : float
        Engagement of a member without any success.
    """
    manageable = min(1.0, capacity / offers) if offers > 0.0 else 1.0
    return max(owed, (least + (1.0 - least) * success) * manageable)


@kernel
def draw_members(
    key: np.uint64,
    purpose: np.int64,
    month: int,
    identity: Identities,
    partnership: Months,
    partnership_identity: Identities,
    hazard: Floats,
    concerned: Flags,
    struck: Flags,
) -> int:
    """Fill ``struck`` (n,): which of the ``concerned`` (n,) have u at the purpose below their hazard; how many."""
    count = 0
    for row in range(identity.size):
        struck[row] = False
        if concerned[row]:
            address = combine(identity[row], partnership_identity[partnership[row]])
            struck[row] = uniform(key, int(purpose), month, address, 0) < hazard[row]
            count += int(struck[row])
    return count


@kernel
def move_engagement(
    key: np.uint64,
    month: int,
    identity: Identities,
    partnership: Months,
    present: Flags,
    joined_month: Months,
    engagement: Floats,
    offers: Floats,
    success: Floats,
    offers_now: Floats,
    success_now: Floats,
    partnership_identity: Identities,
    active: Flags,
    active_month: Months,
    capacity_share: Floats,
    bound: Flags,
    floor: Floats,
    enforcement: Floats,
    binding: Floats,
    broker_member: Rows,
    partner_case_capacity: Rows,
    rules: tuple[float, float, float, float, float, float],
    moved: Floats,
    sharing: Flags,
    hazard: Floats,
    at_work: Flags,
    leaving: Flags,
) -> int:
    """Bring averages up to date, say where engagement moves and who leaves, unless members decide otherwise.

    A member shares if it is present since before this month, in a partnership that is active since before this month
    and whose coordination leaves cases possible. For those who share, offers and success become ``average + (now -
    average) / memory``; what was counted since (``offers_now``, ``success_now``) becomes 0 for all. The floor is
    owed where the partnership is bound and u at ENFORCEMENT is below its enforcement. Capacity is the sum of
    ``partner_case_capacity`` over the brokers for whom the membership acts. With T of :func:`engagement_target`,
    ``moved = e + min(1, adjustment (1 + reinforcement e)) (T - e)``. With y of :func:`success_of`, the hazard of
    leaving is ``drift (1 - y)``, times 1 - binding of its partnership where that is bound; it strikes those at work as
    in :func:`draw_members`, at LEAVING.

    Parameters
    ----------
    floor, enforcement, binding : (p,) float64
        Of the attributes of each partnership.
    rules : six floats
        s_half, memory in months, least engagement, adjustment, reinforcement, drift.
    moved, hazard : (n,) float64
        Filled.
    sharing, leaving : (n,) bool
        Filled.
    at_work : (n,) bool
        Filled: whether a member is present in an active partnership.

    Returns
    -------
    int
        Number of those leaving.
    """
    half_success, memory, least, adjustment, reinforcement, drift = rules
    capacity = np.zeros(identity.size)
    for broker in range(broker_member.size):
        if broker_member[broker] != NOBODY:
            capacity[broker_member[broker]] += np.float64(partner_case_capacity[broker])
    for row in range(identity.size):
        here = partnership[row]
        at_work[row] = present[row] and active[here]
        cases = active_month[here] < month and capacity_share[here] > 0.0
        sharing[row] = at_work[row] and joined_month[row] < month and cases
        if sharing[row]:
            offers[row] += (offers_now[row] - offers[row]) / memory
            success[row] += (success_now[row] - success[row]) / memory
        offers_now[row] = 0.0
        success_now[row] = 0.0
        owed = 0.0
        if bound[here]:
            address = combine(identity[row], partnership_identity[here])
            if uniform(key, ENFORCEMENT, month, address, 0) < enforcement[here]:
                owed = floor[here]
        share = success_of(success[row], half_success)
        target = engagement_target(owed, share, capacity[row], offers[row], least)
        speed = min(1.0, adjustment * (1.0 + reinforcement * engagement[row]))
        moved[row] = engagement[row] + speed * (target - engagement[row])
        loose = 1.0 - binding[here] if bound[here] else 1.0
        hazard[row] = drift * (1.0 - share) * loose
    return draw_members(key, LEAVING, month, identity, partnership, partnership_identity, hazard, at_work, leaving)


@kernel
def joining_hazards(
    key: np.uint64,
    month: int,
    identity: Identities,
    partnership: Months,
    kind: NDArray[np.int8],
    body: Rows,
    region: Months,
    named: Flags,
    present: Flags,
    left_month: Months,
    engagement: Floats,
    success: Floats,
    partnership_identity: Identities,
    active: Flags,
    named_only: Flags,
    broker_member: Rows,
    neighbour: Flags,
    rules: tuple[float, float, float],
    hazard: Floats,
    outside: Flags,
    joining: Flags,
) -> tuple[int, int]:
    """Who may join and how readily, and who does, unless members decide otherwise.

    Outside is who is not present and never left, whose partnership is active and takes in more than those it names, or
    names it; a broker only if no membership acts for it. The hazard is ``rate × mean`` of ``y (1 + recruiting e)``
    over the present members of the partnership in the own or a neighbouring region, 0 without any. Sums are taken
    member by member in each region, then over the regions in rising order. The hazard strikes those outside as in
    :func:`draw_members`, at JOINING.

    Parameters
    ----------
    body : (n,) int32
        Row of the body in the table of its kind.
    named_only : (p,) bool
        Whether a partnership takes in only those it names.
    neighbour : (regions, regions) bool
    rules : three floats
        Rate of joining, s_half, recruiting.
    hazard : (n,) float64
        Filled where somebody is outside.
    outside, joining : (n,) bool
        Filled.

    Returns
    -------
    outside, joining : int
        Numbers of those outside and of those joining.
    """
    rate, half_success, recruiting = rules
    found = 0
    for row in range(identity.size):
        here = partnership[row]
        outside[row] = not present[row] and left_month[row] == NEVER and active[here]
        if kind[row] == BROKER and broker_member[body[row]] != NOBODY:
            outside[row] = False
        if named_only[here] and not named[row]:
            outside[row] = False
        joining[row] = False
        if outside[row]:
            found += 1
    if found == 0:
        return 0, 0
    regions = neighbour.shape[0]
    present_here = np.zeros((active.size, regions), np.int64)
    total = np.zeros((active.size, regions))
    for row in range(identity.size):
        if present[row]:
            share = success_of(success[row], half_success)
            present_here[partnership[row], region[row]] += 1
            total[partnership[row], region[row]] += share * (1.0 + recruiting * engagement[row])
    # the same for all of a partnership in a region, below 0 until the first of them asks
    hazard_there = np.full((active.size, regions), -1.0)
    for row in range(identity.size):
        here, place = partnership[row], region[row]
        if hazard_there[here, place] < 0.0:
            near_count, near_total = 0, 0.0
            for near in range(regions):
                if near == place or neighbour[place, near]:
                    near_count += present_here[here, near]
                    near_total += total[here, near]
            hazard_there[here, place] = rate * (near_total / float(near_count)) if near_count > 0 else 0.0
        hazard[row] = hazard_there[here, place]
    count = draw_members(key, JOINING, month, identity, partnership, partnership_identity, hazard, outside, joining)
    return found, count
