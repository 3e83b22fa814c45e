"""Random numbers by address: every draw is a pure function of what is drawn, when, and for whom.

The address is (seed, replicate, purpose, month, identity of the entity or pair, counter). Nothing is
carried around and nothing is consumed, so a draw is the same whatever else was drawn before it, in
whichever process, under whichever policy: every firm keeps its luck across scenarios, and differences
between them are paired by construction.

The generator is Philox4x32-10 (Salmon et al. 2011), which passes the BigCrush battery. Its key words are
(seed, replicate), its counter words (low half of the identity, high half, purpose 2^16 + month, counter).

References
----------
Marsaglia, G., Tsang, W. W. (2000). A simple method for generating gamma variables. ACM TOMS 26(3).
Salmon, J. K., Moraes, M. A., Dror, R. O., Shaw, D. E. (2011). Parallel random numbers: as easy as 1, 2, 3.
Proceedings of SC '11.
"""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np

from simulation.arithmetic import exp, log, normal_quantile, normal_quantiles, power
from simulation.compilation import inline_kernel, kernel, scalar_kernel
from simulation.errors import UsageError

__all__ = [
    "addressed_order",
    "bits",
    "combine",
    "combined",
    "dirichlet",
    "drawn_normals",
    "gamma",
    "identity_of",
    "normal",
    "normals",
    "pair_identity",
    "philox",
    "stream_key",
    "uniform",
    "uniforms",
]

type Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
type Integers = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
type FourWords = tuple[np.uint64, np.uint64, np.uint64, np.uint64]
type Identities = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]

SEED_LIMIT = 2**32
GAMMA_BLOCK = 64
GAMMA_ATTEMPTS = 31

LOW_WORD = np.uint64(0xFFFFFFFF)
LOW_HALF_WORD = np.uint64(0xFFFF)
WORD = np.uint64(32)
HALF_WORD = np.uint64(16)
PHILOX_MULTIPLIER_0 = np.uint64(0xD2511F53)
PHILOX_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
PHILOX_WEYL_0 = np.uint64(0x9E3779B9)
PHILOX_WEYL_1 = np.uint64(0xBB67AE85)
PHILOX_ROUNDS = 10

MIX_START = np.uint64(0x9E3779B97F4A7C15)
MIX_FIRST = np.uint64(0xBF58476D1CE4E5B9)
MIX_SECOND = np.uint64(0x94D049BB133111EB)
PAIR = np.uint64(0x7061697200000001)


def stream_key(seed: int, replicate: int) -> np.uint64:
    """The first two parts of every address in a run.

    Parameters
    ----------
    seed, replicate : int
        0 to 2^32 - 1.

    Returns
    -------
    numpy.uint64 : seed 2^32 + replicate.

    Raises
    ------
    UsageError
        If either is not a whole number in that range.
    """
    for name, value in (("seed", seed), ("replicate", replicate)):
        whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        if not whole or not 0 <= value < SEED_LIMIT:
            raise UsageError(f"{name} = {value!r}: must be a whole number from 0 to {SEED_LIMIT - 1}; choose another")
    return np.uint64((int(seed) << 32) | int(replicate))


@lru_cache(maxsize=None, typed=True)
def identity_of(*parts: str | int) -> np.uint64:
    """The identity of a named entity, from its codes and names and never from an index.

    Parameters
    ----------
    *parts : str or int
        For example ``"region:ITH3", "sector:machinery"``. They are joined by a stroke (a stroke inside a
        part is escaped), encoded as UTF-8 and digested (BLAKE2b, 8 bytes, read as a little-endian number).

    Returns
    -------
    numpy.uint64 : the same on every machine and in every version.

    Raises
    ------
    UsageError
        If there are no parts.
    """
    if not parts:
        raise UsageError("identity_of() got no parts: name at least one code or number")
    text = "/".join(str(part).replace("\\", "\\\\").replace("/", "\\/") for part in parts)
    return np.uint64(int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little"))


@inline_kernel
def philox(counter: FourWords, key: tuple[np.uint64, np.uint64]) -> FourWords:
    """Philox4x32-10: four words of 32 bits out of a counter of four and a key of two, all held in uint64.

    Each of ten rounds takes p = M0 c0 and q = M1 c2 (64 bits) and sets
    c = (high(q) ^ c1 ^ k0, low(q), high(p) ^ c3 ^ k1, low(p)), then k = (k0 + W0, k1 + W1) modulo 2^32.
    """
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(PHILOX_ROUNDS):
        p = PHILOX_MULTIPLIER_0 * c0
        q = PHILOX_MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (q >> WORD) ^ c1 ^ k0, q & LOW_WORD, (p >> WORD) ^ c3 ^ k1, p & LOW_WORD
        k0 = (k0 + PHILOX_WEYL_0) & LOW_WORD
        k1 = (k1 + PHILOX_WEYL_1) & LOW_WORD
    return c0, c1, c2, c3


@scalar_kernel("uint64(uint64, int64, int64, uint64, int64)")
def bits(key: np.uint64, purpose: int, month: int, identity: np.uint64, counter: int) -> np.uint64:
    """64 random bits: the first two words of the block at this address, the first one as the high half.

    Parameters
    ----------
    key : numpy.uint64
        From :func:`stream_key`.
    purpose : int
        A :class:`simulation.purposes.Purpose`, 0 to 65,535.
    month : int
        Its lowest 16 bits count: 0 is the founding, the months of a warm-up are negative.
    identity : numpy.uint64
        Of the entity or pair that the number is for.
    counter : int
        0 to 2^32 - 1, for several draws under the same address.

    Returns
    -------
    numpy.uint64
    """
    who = np.uint64(identity)
    what_and_when = (np.uint64(purpose) << HALF_WORD) | (np.uint64(month) & LOW_HALF_WORD)
    stream = np.uint64(key)
    first, second, _, _ = philox(
        (who & LOW_WORD, who >> WORD, what_and_when & LOW_WORD, np.uint64(counter) & LOW_WORD),
        (stream >> WORD, stream & LOW_WORD),
    )
    return (first << WORD) | second


@scalar_kernel("float64(uint64, int64, int64, uint64, int64)")
def uniform(key: np.uint64, purpose: int, month: int, identity: np.uint64, counter: int) -> float:
    """A number in [0, 1), a multiple of 2^-53: the top 53 of :func:`bits`. Parameters as there."""
    return np.float64(bits(key, purpose, month, identity, counter) >> np.uint64(11)) * 2.0**-53


@scalar_kernel("float64(uint64, int64, int64, uint64, int64)")
def _open_uniform(key: np.uint64, purpose: int, month: int, identity: np.uint64, counter: int) -> float:
    """A number in (0, 1), symmetric about 1/2: (top 52 bits + 1/2) 2^-52."""
    return float((np.float64(bits(key, purpose, month, identity, counter) >> np.uint64(12)) + 0.5) * 2.0**-52)


@scalar_kernel("float64(uint64, int64, int64, uint64, int64)")
def normal(key: np.uint64, purpose: int, month: int, identity: np.uint64, counter: int) -> float:
    """A standard normal number: the quantile of (top 52 of :func:`bits` + 1/2) 2^-52, which is above 0."""
    return normal_quantile(_open_uniform(key, purpose, month, identity, counter))


@kernel
def gamma(key: np.uint64, purpose: int, month: int, identity: np.uint64, counter: int, shape: float) -> float:
    """A gamma number of scale 1 (Marsaglia & Tsang 2000), from sub-counters 64 counter to 64 counter + 63.

    For a shape below 1: the number of shape + 1, times u^(1/shape), u in (0, 1) from sub-counter 63.

    Parameters
    ----------
    key, purpose, month, identity
        As in :func:`bits`.
    counter : int
        0 to 2^26 - 1.
    shape : float
        Above 0; otherwise the result is NaN.

    Returns
    -------
    float
        0 or more.
    """
    if not shape > 0.0:
        return np.nan
    if shape >= 1.0:
        return _gamma_of_shape_from_one(key, purpose, month, identity, counter, shape)
    boost = power(_open_uniform(key, purpose, month, identity, counter * GAMMA_BLOCK + 63), 1.0 / shape)
    return _gamma_of_shape_from_one(key, purpose, month, identity, counter, shape + 1.0) * boost


@inline_kernel
def combine(a: np.uint64, b: np.uint64) -> np.uint64:
    """The identity of b within a, such as the k-th firm of a cluster: mix(mix(a + MIX_START) ^ b).

    mix(x): x ^= x >> 30; x *= MIX_FIRST; x ^= x >> 27; x *= MIX_SECOND; x ^= x >> 31, modulo 2^64. For a
    fixed a different b give different results, and the reverse.
    """
    return _mix(_mix(np.uint64(a) + MIX_START) ^ np.uint64(b))


@inline_kernel
def pair_identity(a: np.uint64, b: np.uint64) -> np.uint64:
    """The identity of a pair, whichever is named first: combine(combine(PAIR, smaller), larger)."""
    first, second = np.uint64(a), np.uint64(b)
    if second < first:
        first, second = second, first
    return combine(combine(PAIR, first), second)


def uniforms(key: np.uint64, purpose: int, month: int, identities: Identities, counter: int = 0) -> Floats:
    """:func:`uniform` for each of (n,) identities -> (n,) float64."""
    return _fill_uniforms(np.uint64(key), int(purpose), int(month), _as_identities(identities), int(counter))


def normals(key: np.uint64, purpose: int, month: int, identities: Identities, counter: int = 0) -> Floats:
    """:func:`normal` for each of (n,) identities -> (n,) float64."""
    return drawn_normals(np.uint64(key), int(purpose), int(month), _as_identities(identities), int(counter))


def combined(identities: Identities, others: Identities) -> Identities:
    """:func:`combine` element by element of (n,) and (n,), either of which may be a scalar -> (n,) uint64."""
    first, second = np.broadcast_arrays(_as_identities(identities), _as_identities(others))
    return _fill_combined(np.ascontiguousarray(first), np.ascontiguousarray(second))


def addressed_order(key: np.uint64, purpose: int, month: int, identities: Identities, counter: int = 0) -> Integers:
    """A random order of entities: sorted by their addressed bits, and by identity where these are equal.

    Who else is in the list does not change which of two entities comes first, and neither does the order of
    the list.

    Parameters
    ----------
    key, purpose, month, counter
        As in :func:`bits`.
    identities : (n,) numpy.uint64

    Returns
    -------
    (n,) numpy.int64
        Positions in ``identities``, first to last.
    """
    who = _as_identities(identities)
    drawn = _fill_bits(np.uint64(key), int(purpose), int(month), who, int(counter))
    return np.lexsort((who, drawn)).astype(np.int64)


def dirichlet(
    key: np.uint64,
    purpose: int,
    identity: np.uint64,
    alpha: float | Sequence[float] | Floats,
    size: int,
    month: int = 0,
) -> Floats:
    """Random shares that sum to 1.

    The i-th share is a gamma number of shape alpha_i with counter i, divided by their sum. It is computed
    on logarithms, log g + log(u)/alpha for an alpha below 1, less the largest, so that a small alpha cannot
    end in 0/0.

    Parameters
    ----------
    key, purpose, identity, month
        As in :func:`bits`; month 0 is the founding.
    alpha : float or (size,) float64
        Concentration, above 0: small values give unequal shares.
    size : int
        Number of shares.

    Returns
    -------
    (size,) numpy.float64

    Raises
    ------
    UsageError
        If size is below 1, or alpha is not above 0 and finite, or has another length than size.
    """
    concentration = np.atleast_1d(np.asarray(alpha, dtype=np.float64))
    if size < 1 or concentration.shape not in {(1,), (size,)}:
        raise UsageError(
            f"dirichlet of size {size} with {concentration.size} values of alpha: give one, or {max(size, 1)}"
        )
    if not np.all((concentration > 0.0) & (concentration < np.inf)):
        raise UsageError(f"alpha = {alpha!r}: must be above 0 and finite")
    spread = np.ascontiguousarray(np.broadcast_to(concentration, (size,)))
    return _fill_dirichlet(np.uint64(key), int(purpose), int(month), np.uint64(identity), spread)


def _as_identities(identities: Identities) -> Identities:
    return np.ascontiguousarray(identities, dtype=np.uint64)


@kernel
def _fill_bits(key: np.uint64, purpose: int, month: int, identities: Identities, counter: int) -> Identities:
    result = np.empty(identities.size, np.uint64)
    for i in range(identities.size):
        result[i] = bits(key, purpose, month, identities[i], counter)
    return result


@kernel
def _fill_uniforms(key: np.uint64, purpose: int, month: int, identities: Identities, counter: int) -> Floats:
    result = np.empty(identities.size)
    for i in range(identities.size):
        result[i] = uniform(key, purpose, month, identities[i], counter)
    return result


@kernel
def drawn_normals(key: np.uint64, purpose: int, month: int, identities: Identities, counter: int) -> Floats:
    """:func:`normals`, for kernels."""
    result = np.empty(identities.size)
    for i in range(identities.size):
        result[i] = _open_uniform(key, purpose, month, identities[i], counter)
    return normal_quantiles(result)


@kernel
def _fill_combined(first: Identities, second: Identities) -> Identities:
    result = np.empty(first.size, np.uint64)
    for i in range(first.size):
        result[i] = combine(first[i], second[i])
    return result


@kernel
def _fill_dirichlet(key: np.uint64, purpose: int, month: int, identity: np.uint64, alpha: Floats) -> Floats:
    logs = np.empty(alpha.size)
    for i in range(alpha.size):
        shape = alpha[i] if alpha[i] >= 1.0 else alpha[i] + 1.0
        logs[i] = log(_gamma_of_shape_from_one(key, purpose, month, identity, i, shape))
        if alpha[i] < 1.0:
            logs[i] += log(_open_uniform(key, purpose, month, identity, i * GAMMA_BLOCK + 63)) / alpha[i]
    largest = -np.inf
    for i in range(alpha.size):
        largest = max(largest, logs[i])
    total = 0.0
    for i in range(alpha.size):
        logs[i] = exp(logs[i] - largest)
        total += logs[i]
    for i in range(alpha.size):
        logs[i] /= total
    return logs


@kernel
def _gamma_of_shape_from_one(
    key: np.uint64, purpose: int, month: int, identity: np.uint64, counter: int, shape: float
) -> float:
    """Marsaglia & Tsang for a shape of 1 or more.

    d = shape - 1/3, c = 1 / sqrt(9 d). Attempt j takes x = the normal at sub-counter 2j and u = the open
    uniform at 2j + 1; v = (1 + c x)^3. d v is accepted if v > 0 and log u < (x x / 2 + d) - (d v - d log v).
    After 31 refusals (probability below 1e-40) the result is d.
    """
    d = shape - 1.0 / 3.0
    c = 1.0 / np.sqrt(9.0 * d)
    start = counter * GAMMA_BLOCK
    for attempt in range(GAMMA_ATTEMPTS):
        x = normal(key, purpose, month, identity, start + 2 * attempt)
        root = 1.0 + c * x
        v = root * root * root
        if v > 0.0:
            u = _open_uniform(key, purpose, month, identity, start + 2 * attempt + 1)
            if log(u) < (0.5 * x * x + d) - (d * v - d * log(v)):
                return float(d * v)
    return d


@inline_kernel
def _mix(x: np.uint64) -> np.uint64:
    x = (x ^ (x >> np.uint64(30))) * MIX_FIRST
    x = (x ^ (x >> np.uint64(27))) * MIX_SECOND
    return x ^ (x >> np.uint64(31))
