"""Plain twins of simulation/kernels/negotiation.py: lists of opinions, one member at a time."""


def distance(x, i, y, j):
    one, other = ([float(value) for value in opinions[row]] for opinions, row in ((x, i), (y, j)))
    if len(one) == 1:
        return abs(one[0] - other[0])
    total = 0.0
    for mine, theirs in zip(one, other, strict=True):
        total += abs(mine - theirs)
    return 0.5 * total


def heard_by(i, opinions, tolerance):
    return [j for j in range(len(opinions)) if distance(opinions, i, opinions, j) <= tolerance[i, j]]


def rising_sum(values):
    total = 0.0
    for value in values:
        total += float(value)
    return total


def negotiation_round(opinions, mandates, tolerance, speed, anchor):
    agreed = []
    for i in range(len(opinions)):
        heard = heard_by(i, opinions, tolerance)
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


def drafts(opinions, tolerance, weights):
    everybody = range(len(opinions))
    heard = [heard_by(i, opinions, tolerance) for i in everybody]
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


def pairs_within(opinions, country, within):
    pairs = [(i, j) for j in range(len(opinions)) for i in range(j) if country[i] != country[j]]
    return sum(distance(opinions, i, opinions, j) <= within for i, j in pairs), len(pairs)
