"""Plain twins of simulation/kernels/negotiation.py: lists of opinions, one member at a time."""

import numpy as np

from simulation.codes import Tier


def distance(x, i, y, j):
    one, other = ([float(value) for value in opinions[row]] for opinions, row in ((x, i), (y, j)))
    if len(one) == 1:
        return abs(one[0] - other[0])
    total = 0.0
    for mine, theirs in zip(one, other, strict=True):
        total += abs(mine - theirs)
    return 0.5 * total


def distances(x, y):
    apart = [distance(x, i, y, j) for i in range(len(x)) for j in range(len(y))]
    return np.array(apart).reshape(len(x), len(y))


def heard_by(i, apart, tolerance):
    return [j for j in range(len(apart)) if apart[i, j] <= tolerance[i, j]]


def rising_sum(values):
    total = 0.0
    for value in values:
        total += float(value)
    return total


def negotiation_round(opinions, mandates, tolerance, speed, anchor):
    agreed, apart = [], distances(opinions, opinions)
    for i in range(len(opinions)):
        heard = heard_by(i, apart, tolerance)
        means = [rising_sum(opinions[j, d] for j in heard) / len(heard) for d in range(opinions.shape[1])]
        agreed.append(
            [
                (1.0 - speed) * float(opinions[i, d]) + speed * ((1.0 - anchor) * mean + anchor * float(mandates[i, d]))
                for d, mean in enumerate(means)
            ]
        )
    return agreed


def weighted_mean(opinions, weights, members):
    total = rising_sum(weights[j] for j in members)
    return [
        rising_sum(float(weights[j]) * float(opinions[j, d]) for j in members) / total for d in range(opinions.shape[1])
    ]


def drafts(opinions, apart, tolerance, weights):
    everybody = range(len(opinions))
    heard = [heard_by(i, apart, tolerance) for i in everybody]
    return [weighted_mean(opinions, weights, members) for members in [everybody, *heard]]


def best_of_drafts(opinions, candidates, signing_distance):
    signers = [
        [distance(opinions, i, candidates, c) <= signing_distance for i in range(len(opinions))]
        for c in range(len(candidates))
    ]
    best = max(range(len(candidates)), key=lambda c: (sum(signers[c]), -c))
    return best, signers[best]


def count_groups(opinions, apart):
    groups = []
    for i in range(len(opinions)):
        near = [group for group in groups if any(distance(opinions, i, opinions, j) <= apart for j in group)]
        groups = [group for group in groups if group not in near] + [{i}.union(*near)]
    return len(groups)


def pairs_within(apart, country, within):
    pairs = [(i, j) for j in range(len(apart)) for i in range(j) if country[i] != country[j]]
    return sum(apart[i, j] <= within for i, j in pairs), len(pairs)


def tolerances(tolerance, country, border_discount):
    return np.array(
        [
            [own * (1.0 - border_discount) if here != there else own for there in country]
            for own, here in zip(tolerance.tolist(), country, strict=True)
        ]
    ).reshape(len(country), len(country))


def signing_within_country(opinions, apart, country, tolerance, signing_distance):
    signing, members = 0, 0
    for here in sorted(set(country.tolist())):
        rows = np.flatnonzero(country == here)
        if len(rows) > 1:
            own, inside = opinions[rows], np.ix_(rows, rows)
            listed = np.array(drafts(own, apart[inside], tolerance[inside], [1.0] * len(rows)))
            signing += sum(best_of_drafts(own, listed, signing_distance)[1])
            members += len(rows)
    return signing, members


def hold_round(
    partnership,
    tier,
    present,
    country,
    tolerance,
    mandate,
    opinion,
    negotiating,
    lead,
    lead_weight,
    rules,
    objective,
    within_country,
    across_countries,
    can_sign,
    taking_part,
):
    border_discount, speed, anchor, signing_distance = rules
    taking_part[:] = False
    for here in np.flatnonzero(negotiating):
        rows = np.flatnonzero(present & (partnership == here) & (tier == Tier.SIGNATORY))
        if not len(rows):
            continue
        towards = tolerances(tolerance[rows], country[rows].tolist(), border_discount)
        opinion[rows] = moved = np.array(negotiation_round(opinion[rows], mandate[rows], towards, speed, anchor))
        weights = [float(lead_weight[here]) if row == lead[here] else 1.0 for row in rows]
        apart = distances(moved, moved)
        candidates = np.array(drafts(moved, apart, towards, weights))
        best, can_sign[rows] = best_of_drafts(moved, candidates, signing_distance)
        objective[here], taking_part[rows] = candidates[best], True
        signing, members = signing_within_country(moved, apart, country[rows], towards, signing_distance)
        near, pairs = pairs_within(apart, country[rows], 2.0 * signing_distance)
        within_country[here] = signing / members if members else np.nan
        across_countries[here] = near / pairs if pairs else np.nan
    return int(np.count_nonzero(taking_part))


def collect_signatures(partnership, taking_part, signing, can_sign, rounds, agreement):
    can_sign[taking_part] = signing[taking_part]
    for here in range(len(rounds)):
        votes = signing[taking_part & (partnership == here)].tolist()
        if votes:
            rounds[here] += 1
            agreement[here] = sum(votes) / len(votes)
