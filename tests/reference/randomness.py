"""Plain twins of simulation/randomness.py, written from its documentation: Python integers and floats."""

import math

from tests.reference.arithmetic import exp, log, normal_quantile, power

WORD = 2**32
LONG = 2**64


def philox(counter, key):
    c, k = [int(word) for word in counter], [int(word) for word in key]
    for _ in range(10):
        p, q = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [q // WORD ^ c[1] ^ k[0], q % WORD, p // WORD ^ c[3] ^ k[1], p % WORD]
        k = [(k[0] + 0x9E3779B9) % WORD, (k[1] + 0xBB67AE85) % WORD]
    return tuple(c)


def bits(key, purpose, month, identity, counter):
    key, identity = int(key), int(identity)
    words = (identity % WORD, identity // WORD, int(purpose) * 2**16 + int(month) % 2**16, int(counter))
    first, second, _, _ = philox(words, (key // WORD, key % WORD))
    return first * WORD + second


def uniform(*address):
    return (bits(*address) // 2**11) / 2**53


def open_uniform(*address):
    return (bits(*address) // 2**12 + 0.5) / 2**52


def normal(*address):
    return normal_quantile(open_uniform(*address))


def gamma_of_shape_from_one(*address, counter, shape):
    d = shape - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    for j in range(31):
        x = normal(*address, 64 * counter + 2 * j)
        u = open_uniform(*address, 64 * counter + 2 * j + 1)
        root = 1.0 + c * x
        v = root * root * root
        if v > 0.0 and log(u) < (0.5 * x * x + d) - (d * v - d * log(v)):
            return d * v
    return d


def gamma(key, purpose, month, identity, counter, shape):
    address = (key, purpose, month, identity)
    if not shape > 0.0:
        return math.nan
    if shape >= 1.0:
        return gamma_of_shape_from_one(*address, counter=counter, shape=shape)
    boost = power(open_uniform(*address, 64 * counter + 63), 1.0 / shape)
    return gamma_of_shape_from_one(*address, counter=counter, shape=shape + 1.0) * boost


def log_gamma_of(address, counter, shape):
    if shape >= 1.0:
        return log(gamma_of_shape_from_one(*address, counter=counter, shape=shape))
    above = log(gamma_of_shape_from_one(*address, counter=counter, shape=shape + 1.0))
    return above + log(open_uniform(*address, 64 * counter + 63)) / shape


def dirichlet(key, purpose, identity, alpha, size, month=0):
    alphas = [alpha] * size if isinstance(alpha, float) else list(alpha)
    logs = [log_gamma_of((key, purpose, month, identity), i, shape) for i, shape in enumerate(alphas)]
    weights = [exp(value - max(logs)) for value in logs]
    total = 0.0
    for weight in weights:
        total += weight
    return [weight / total for weight in weights]


def mix(x):
    x = ((x ^ x >> 30) * 0xBF58476D1CE4E5B9) % LONG
    x = ((x ^ x >> 27) * 0x94D049BB133111EB) % LONG
    return x ^ x >> 31


def combine(a, b):
    return mix(mix((int(a) + 0x9E3779B97F4A7C15) % LONG) ^ int(b))


def pair_identity(a, b):
    return combine(combine(0x7061697200000001, min(int(a), int(b))), max(int(a), int(b)))


def uniforms(key, purpose, month, identities, counter=0):
    return [uniform(key, purpose, month, identity, counter) for identity in identities]


def normals(key, purpose, month, identities, counter=0):
    return [normal(key, purpose, month, identity, counter) for identity in identities]


def combined(identities, others):
    return [combine(a, b) for a, b in zip(identities, others, strict=True)]


def addressed_order(key, purpose, month, identities, counter=0):
    drawn = [(bits(key, purpose, month, identity, counter), int(identity)) for identity in identities]
    return sorted(range(len(drawn)), key=drawn.__getitem__)
