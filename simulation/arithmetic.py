"""exp, log, power and the normal quantile, whose bits are the same on every processor.

The C library, numpy and numba each have their own, they differ in the last bits, and they change with the
processor. These use only ``+ - * /`` on float64 in the order written below, exact scalings by powers of
two, and comparisons; each of those is fixed to the bit by IEEE 754, and no compiler may reorder or fuse
them. Errors stay below 1 unit in the last place (ulp).

ln 2 = LN2_HIGH + LN2_LOW; the high part has 40 bits: its product with an exponent (11 bits) is exact.

Polynomials in t with coefficients c_0, c_1, ... are summed by pairs (Estrin 1960): neighbours first,
``c_0 + c_1 t``, ``c_2 + c_3 t`` ..., then neighbouring pairs with t^2, then with t^4, then t^8;
powers by squaring.

References
----------
Dekker, T. J. (1971). A floating-point technique for extending the available precision. Numer. Math. 18.
Muller, J.-M. (2016). Elementary functions: algorithms and implementation. 3rd edition, Birkhäuser.
Wichura, M. J. (1988). AS 241: the percentage points of the normal distribution. Applied Statistics 37(3).
"""

import numpy as np

from simulation.compilation import inline_kernel, kernel

__all__ = ["exp", "exponentials", "log", "logarithms", "normal_quantile", "normal_quantiles", "ordinary_power", "power"]

type Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

LN2_HIGH = 762123384785.0 / 2.0**40
LN2_LOW = 7.371002565167799e-13
TWO_THIRDS_REST = 3.700743415417188e-17
ONE_OVER_LN2 = 1.4426950408889634
SQRT_TWO = 1.4142135623730951
EXP_OVERFLOWS_ABOVE = 709.782712893384
EXP_UNDERFLOWS_BELOW = -745.1332191019412
SMALLEST_NORMAL = 2.0**-1022
SPLITTER = 2.0**27 + 1.0
BOUND_OF_EXPONENT = 2.0**64
BLOCK = 1024

# fmt: off
QUANTILE_A = (
    3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
    4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
)
QUANTILE_B = (
    1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
    2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3,
)
QUANTILE_C = (
    1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
    1.27045825245236838258, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
)
QUANTILE_D = (
    1.0, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1,
    1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
    1.05075007164441684324e-9,
)
QUANTILE_E = (
    6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 2.96560571828504891230e-1,
    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5,
    2.01033439929228813265e-7,
)
QUANTILE_F = (
    1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
    2.04426310338993978564e-15,
)
# fmt: on

EXPONENT_BIAS = np.int64(1023)
MANTISSA_BITS = np.int64(52)
MANTISSA_MASK = np.int64((1 << 52) - 1)
ONE_AS_BITS = np.int64(1023 << 52)


@inline_kernel
def exp(x: float) -> float:
    """e to the power x.

    n = floor(x ONE_OVER_LN2 + 1/2); high = x - n LN2_HIGH (exact); low = n LN2_LOW; r = high - low;
    rest = (high - r) - low; q = 1/2! + r/3! + ... + r^11/13!, by pairs; y = 1 + (r + (r r q + rest)).
    The result is y 2^n, scaled in two steps:
    2^h with h = n // 2, then 2^(n - h).

    Parameters
    ----------
    x : float

    Returns
    -------
    float
        Within 1 ulp; infinity above 709.782712893384, 0 below -745.1332191019412, NaN for NaN.
    """
    if x != x:
        return x
    if x > EXP_OVERFLOWS_ABOVE:
        return np.inf
    if x < EXP_UNDERFLOWS_BELOW:
        return 0.0
    return _exp_of_sum(x, 0.0)


@inline_kernel
def log(x: float) -> float:
    """Natural logarithm of x.

    x = m 2^e with m in (sqrt(1/2), sqrt 2]; f = m - 1; s = f / (2 + f); z = s s;
    R = z (2/3 + 2/5 z + ... + 2/21 z^9), by pairs;
    h = 1/2 f f. The result is e LN2_HIGH - ((h - (s (h + R) + e LN2_LOW)) - f).

    Parameters
    ----------
    x : float

    Returns
    -------
    float
        Within 1 ulp; minus infinity for 0, NaN below 0 and for NaN, infinity for infinity.
    """
    if not 0.0 < x < np.inf:
        return _log_outside(x)
    m, e = _mantissa_and_exponent(x)
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    z2 = z * z
    z4 = z2 * z2
    low = ((2.0 / 3.0) + (2.0 / 5.0) * z) + ((2.0 / 7.0) + (2.0 / 9.0) * z) * z2
    middle = ((2.0 / 11.0) + (2.0 / 13.0) * z) + ((2.0 / 15.0) + (2.0 / 17.0) * z) * z2
    high = (2.0 / 19.0) + (2.0 / 21.0) * z
    tail = z * ((low + middle * z4) + high * (z4 * z4))
    h = 0.5 * f * f
    return e * LN2_HIGH - ((h - (s * (h + tail) + e * LN2_LOW)) - f)


@inline_kernel
def power(x: float, y: float) -> float:
    """x to the power y, with the special cases of IEEE 754.

    The logarithm of |x| is taken as a sum L + l of two floats (see `_log_in_two_parts`), multiplied by y
    without loss (Dekker 1971): p = y L, d = error of that product + y l. The result is exp of p + d, where d
    joins the reduced
    argument in :func:`exp`: low = n LN2_LOW - d. |y| above 2^64 counts as 2^64.

    Parameters
    ----------
    x, y : float

    Returns
    -------
    float
        Within 1 ulp; 1 when y is 0 or x is 1; NaN for x below 0 unless y is a whole number.
    """
    if y == 0.0 or x == 1.0:
        return 1.0
    if x != x or y != y:
        return np.nan
    whole = y == np.floor(y)
    odd = whole and np.floor(y * 0.5) * 2.0 != y
    sign = -1.0 if odd and _is_negative(x) else 1.0
    size = abs(x)
    if size == 0.0 or size == np.inf:
        return sign * (0.0 if (size == 0.0) == (y > 0.0) else np.inf)
    if size == 1.0:
        return sign if whole else np.nan
    if x < 0.0 and not whole:
        return np.nan
    exponent = min(max(y, -BOUND_OF_EXPONENT), BOUND_OF_EXPONENT)
    log_high, log_low = _log_in_two_parts(size)
    product, error = _two_product(exponent, log_high)
    error = error + exponent * log_low
    if product > EXP_OVERFLOWS_ABOVE + 1.0:
        return sign * np.inf
    if product < EXP_UNDERFLOWS_BELOW - 1.0:
        return sign * 0.0
    return sign * _exp_of_sum(product, error)


@inline_kernel
def ordinary_power(x: float, y: float) -> float:
    """:func:`power` for a finite x above 0 and a y with abs(y log x) up to 700: without branches, for many at once."""
    log_high, log_low = _log_in_two_parts(x)
    product, error = _two_product(y, log_high)
    return _exp_of_sum(product, error + y * log_low)


@inline_kernel
def normal_quantile(p: float) -> float:
    """The standard normal number below which a share p lies (Wichura 1988, AS 241, PPND16).

    q = p - 1/2. For |q| up to .425: q A(t)/B(t) with t = .180625 - q q. Otherwise
    r = sqrt(-log(min(p, 1 - p))) and the result has the sign of q and the size C(t)/D(t) with t = r - 1.6 for
    r up to 5, E(t)/F(t) with t = r - 5 beyond. Polynomials by Horner's rule from the highest power.

    Parameters
    ----------
    p : float
        Share, between 0 and 1.

    Returns
    -------
    float
        Relative error about 1e-16; minus infinity at 0, infinity at 1, NaN outside.
    """
    if not 0.0 < p < 1.0:
        return -np.inf if p == 0.0 else (np.inf if p == 1.0 else np.nan)
    q = p - 0.5
    if abs(q) <= 0.425:
        return _middle_quantile(q)
    r = np.sqrt(-log(min(p, 1.0 - p)))
    if r <= 5.0:
        size = _polynomial(QUANTILE_C, r - 1.6) / _polynomial(QUANTILE_D, r - 1.6)
    else:
        size = _polynomial(QUANTILE_E, r - 5.0) / _polynomial(QUANTILE_F, r - 5.0)
    return -size if q < 0.0 else size


@kernel
def exponentials(x: Floats) -> Floats:
    """:func:`exp` of every element, for columns outside of kernels; x (n,) float64 -> (n,) float64."""
    result = np.empty(x.size)
    for i in range(x.size):
        result[i] = exp(x[i])
    return result


@kernel
def logarithms(x: Floats) -> Floats:
    """:func:`log` of every element, for columns outside of kernels; x (n,) float64 -> (n,) float64."""
    result = np.empty(x.size)
    for i in range(x.size):
        result[i] = log(x[i])
    return result


@kernel
def normal_quantiles(p: Floats) -> Floats:
    """:func:`normal_quantile` of every element, (n,) -> (n,) float64: block by block the middle, then the tails."""
    result, tail, size = np.empty(p.size), np.empty(BLOCK, np.int64), np.empty(BLOCK)
    for start in range(0, p.size, BLOCK):
        given, quantile = p[start : start + BLOCK], result[start : start + BLOCK]
        count = 0
        for i in range(given.size):
            quantile[i] = _middle_quantile(given[i] - 0.5)
        for i in range(given.size):
            tail[count] = i
            count += int(not abs(given[i] - 0.5) <= 0.425)
        for k in range(count):
            size[k] = min(given[tail[k]], 1.0 - given[tail[k]])
        for k in range(count):
            r = np.sqrt(-log(size[k]))
            nearer = _polynomial(QUANTILE_C, r - 1.6) / _polynomial(QUANTILE_D, r - 1.6)
            size[k] = nearer if r <= 5.0 else np.nan
        for k in range(count):
            share = given[tail[k]]
            far = size[k] != size[k]
            quantile[tail[k]] = normal_quantile(share) if far else (-size[k] if share < 0.5 else size[k])
    return result


@inline_kernel
def _middle_quantile(q: float) -> float:
    """The normal quantile of 1/2 + q for |q| up to .425."""
    t = 0.180625 - q * q
    return q * (_polynomial(QUANTILE_A, t) / _polynomial(QUANTILE_B, t))


@inline_kernel
def _exp_of_sum(x: float, addition: float) -> float:
    """exp(x + addition) for a small addition and |x| up to 747; the algorithm of :func:`exp`."""
    n = np.floor(x * ONE_OVER_LN2 + 0.5)
    high = x - n * LN2_HIGH
    low = n * LN2_LOW - addition
    r = high - low
    rest = (high - r) - low
    r2 = r * r
    r4 = r2 * r2
    first = ((1.0 / 2.0) + (1.0 / 6.0) * r) + ((1.0 / 24.0) + (1.0 / 120.0) * r) * r2
    second = ((1.0 / 720.0) + (1.0 / 5040.0) * r) + ((1.0 / 40320.0) + (1.0 / 362880.0) * r) * r2
    third = ((1.0 / 3628800.0) + (1.0 / 39916800.0) * r) + ((1.0 / 479001600.0) + (1.0 / 6227020800.0) * r) * r2
    q = (first + second * r4) + third * (r4 * r4)
    y = 1.0 + (r + (r2 * q + rest))
    exponent = np.int64(n)
    half = exponent >> np.int64(1)
    return float(y * _power_of_two(half) * _power_of_two(exponent - half))


@inline_kernel
def _log_in_two_parts(x: float) -> tuple[float, float]:
    """Natural logarithm of a positive finite x as a sum of two floats, with a relative error below 2^-64.

    m, e, f as in :func:`log`; z s in the series 2s + 2/3 s^3 + 2/5 s^5 + ... is kept in two parts for the
    first two terms. ``(a b, rest)`` below is a product without loss (`_two_product`), ``(a + b, rest)`` a
    sum without loss (`_two_sum`):

    * d = 2 + f, d' = f - (d - 2); s = f / d, s' = (((f - sd) - sd') - s d') / d with (sd, sd') = s d
    * (z, z') = s s, then z' = z' + 2 s s'
    * (c, c') = (2/3) z, then c' = c' + (2/3 z' + TWO_THIRDS_REST z); (p, p') = s c
    * g = 2/5 + 2/7 z + ... + 2/25 z^10, by pairs
    * rest = ((p' + (s c' + s' c)) + s (z z g)) + (2 s' + e LN2_LOW)
    * (t, t') = e LN2_HIGH + 2 s; (u, u') = t + p; rest = rest + (t' + u')
    * high = u + rest, low = rest - (high - u)
    """
    m, e = _mantissa_and_exponent(x)
    f = m - 1.0
    d = 2.0 + f
    d_rest = f - (d - 2.0)
    s = f / d
    sd, sd_rest = _two_product(s, d)
    s_rest = (((f - sd) - sd_rest) - s * d_rest) / d
    z, z_rest = _two_product(s, s)
    z_rest = z_rest + 2.0 * s * s_rest
    third = 2.0 / 3.0
    c, c_rest = _two_product(third, z)
    c_rest = c_rest + (third * z_rest + TWO_THIRDS_REST * z)
    sc, sc_rest = _two_product(s, c)
    small = s * (z * z * _log_tail(z))
    rest = ((sc_rest + (s * c_rest + s_rest * c)) + small) + (2.0 * s_rest + e * LN2_LOW)
    top, top_rest = _two_sum(e * LN2_HIGH, 2.0 * s)
    middle, middle_rest = _two_sum(top, sc)
    rest = rest + (top_rest + middle_rest)
    high = middle + rest
    return high, rest - (high - middle)


@inline_kernel
def _log_tail(z: float) -> float:
    """2/5 + 2/7 z + 2/9 z^2 + ... + 2/25 z^10, by pairs."""
    z2 = z * z
    z4 = z2 * z2
    first = ((2.0 / 5.0) + (2.0 / 7.0) * z) + ((2.0 / 9.0) + (2.0 / 11.0) * z) * z2
    second = ((2.0 / 13.0) + (2.0 / 15.0) * z) + ((2.0 / 17.0) + (2.0 / 19.0) * z) * z2
    third = ((2.0 / 21.0) + (2.0 / 23.0) * z) + (2.0 / 25.0) * z2
    return (first + second * z4) + third * (z4 * z4)


@inline_kernel
def _log_outside(x: float) -> float:
    """The logarithm where it is not an ordinary number: 0, below 0, infinity, NaN."""
    if x == 0.0:
        return -np.inf
    return np.nan if x < 0.0 else x


@inline_kernel
def _mantissa_and_exponent(x: float) -> tuple[float, float]:
    """m in (sqrt(1/2), sqrt 2] and the whole number e, as a float, with x = m 2^e; x positive and finite."""
    shift = 0.0
    if x < SMALLEST_NORMAL:
        x = x * 2.0**54
        shift = -54.0
    bits = np.float64(x).view(np.int64)
    e = np.float64((bits >> MANTISSA_BITS) - EXPONENT_BIAS) + shift
    m = np.int64((bits & MANTISSA_MASK) | ONE_AS_BITS).view(np.float64)
    if m > SQRT_TWO:
        return m * 0.5, e + 1.0
    return m, e


@inline_kernel
def _power_of_two(n: np.int64) -> float:
    """2^n for n from -1022 to 1023."""
    return float(np.int64((n + EXPONENT_BIAS) << MANTISSA_BITS).view(np.float64))


@inline_kernel
def _two_sum(a: float, b: float) -> tuple[float, float]:
    """a + b rounded, and what the rounding lost (Knuth): exact for any a and b that do not overflow."""
    total = a + b
    share = total - a
    return total, (a - (total - share)) + (b - share)


@inline_kernel
def _two_product(a: float, b: float) -> tuple[float, float]:
    """a b rounded, and what the rounding lost (Dekker 1971, each factor split into halves)."""
    product = a * b
    a_scaled = SPLITTER * a
    a_high = a_scaled - (a_scaled - a)
    a_low = a - a_high
    b_scaled = SPLITTER * b
    b_high = b_scaled - (b_scaled - b)
    b_low = b - b_high
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


@inline_kernel
def _is_negative(x: float) -> bool:
    """Whether the sign bit is set, so that minus zero counts as negative."""
    return bool(np.float64(x).view(np.int64) < 0)


@inline_kernel
def _polynomial(coefficients: tuple[float, ...], t: float) -> float:
    """c_0 + t (c_1 + t (c_2 + ...)), by Horner's rule."""
    total = coefficients[len(coefficients) - 1]
    for i in range(len(coefficients) - 2, -1, -1):
        total = total * t + coefficients[i]
    return total
