"""Plain twins of simulation/arithmetic.py, written from its documentation, one number at a time."""

import math
from fractions import Fraction

LN2_HIGH = float.fromhex("0x1.62e42fefa2p-1")
LN2_LOW = float.fromhex("0x1.9ef35793c7673p-41")

QUANTILE = {
    "A": "3.3871328727963666080 133.14166789178437745 1971.5909503065514427 13731.693765509461125 "
    "45921.953931549871457 67265.770927008700853 33430.575583588128105 2509.0809287301226727",
    "B": "1 42.313330701600911252 687.18700749205790830 5394.1960214247511077 "
    "21213.794301586595867 39307.895800092710610 28729.085735721942674 5226.4952788528545610",
    "C": "1.42343711074968357734 4.63033784615654529590 5.76949722146069140550 3.64784832476320460504 "
    "1.27045825245236838258 .241780725177450611770 .0227238449892691845833 .000774545014278341407640",
    "D": "1 2.05319162663775882187 1.67638483018380384940 .689767334985100004550 "
    ".148103976427480074590 .0151986665636164571966 .000547593808499534494600 .00000000105075007164441684324",
    "E": "6.65790464350110377720 5.46378491116411436990 1.78482653991729133580 .296560571828504891230 "
    ".0265321895265761230930 .00124266094738807843860 2.71155556874348757815e-5 2.01033439929228813265e-7",
    "F": "1 .599832206555887937690 .136929880922735805310 .0148753612908506148525 "
    ".000786869131145613259100 1.8463183175100546818e-5 1.4215117583164458887e-7 2.04426310338993978564e-15",
}


def by_pairs(coefficients, t):
    while len(coefficients) > 1:
        pairs = [a + b * t for a, b in zip(coefficients[0::2], coefficients[1::2], strict=False)]
        coefficients = pairs + coefficients[2 * len(pairs) :]
        t = t * t
    return coefficients[0]


def by_horner(name, t):
    coefficients = [float(number) for number in QUANTILE[name].split()]
    total = coefficients.pop()
    while coefficients:
        total = total * t + coefficients.pop()
    return total


def odd_series(first, last):
    """2/first, 2/(first + 2), ..., 2/last."""
    return [2.0 / denominator for denominator in range(first, last + 1, 2)]


def scaled(y, n):
    """y 2^n; where ldexp refuses, infinity."""
    try:
        return math.ldexp(y, n)
    except OverflowError:
        return math.inf


def exp(x):
    if math.isnan(x):
        return x
    if x > 709.782712893384:
        return math.inf
    if x < -745.1332191019412:
        return 0.0
    return exp_of_sum(x, 0.0)


def exp_of_sum(x, addition):
    n = math.floor(x * 1.4426950408889634 + 0.5)
    high = x - n * LN2_HIGH
    low = n * LN2_LOW - addition
    r = high - low
    rest = (high - r) - low
    q = by_pairs([1.0 / math.factorial(k) for k in range(2, 14)], r)
    return scaled(1.0 + (r + (r * r * q + rest)), n)


def mantissa_and_exponent(x):
    m, e = math.frexp(x)
    m, e = 2.0 * m, e - 1
    return (m / 2.0, e + 1) if m > math.sqrt(2.0) else (m, e)


def log(x):
    if x == 0.0:
        return -math.inf
    if x < 0.0:
        return math.nan
    if math.isinf(x) or math.isnan(x):
        return x
    m, e = mantissa_and_exponent(x)
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    tail = z * by_pairs(odd_series(3, 21), z)
    h = 0.5 * f * f
    return e * LN2_HIGH - ((h - (s * (h + tail) + e * LN2_LOW)) - f)


def sum_without_loss(a, b):
    return a + b, float(Fraction(a) + Fraction(b) - Fraction(a + b))


def product_without_loss(a, b):
    return a * b, float(Fraction(a) * Fraction(b) - Fraction(a * b))


def log_in_two_parts(x):
    m, e = mantissa_and_exponent(x)
    f = m - 1.0
    d = 2.0 + f
    d_ = f - (d - 2.0)
    s = f / d
    sd, sd_ = product_without_loss(s, d)
    s_ = (((f - sd) - sd_) - s * d_) / d
    z, z_ = product_without_loss(s, s)
    z_ = z_ + 2.0 * s * s_
    c, c_ = product_without_loss(2.0 / 3.0, z)
    c_ = c_ + (2.0 / 3.0 * z_ + 3.700743415417188e-17 * z)
    p, p_ = product_without_loss(s, c)
    g = by_pairs(odd_series(5, 25), z)
    rest = ((p_ + (s * c_ + s_ * c)) + s * (z * z * g)) + (2.0 * s_ + e * LN2_LOW)
    t, t_ = sum_without_loss(e * LN2_HIGH, 2.0 * s)
    u, u_ = sum_without_loss(t, p)
    rest = rest + (t_ + u_)
    high = u + rest
    return high, rest - (high - u)


def power_of_ordinary(size, y):
    y = max(-(2.0**64), min(2.0**64, y))
    high, low = log_in_two_parts(size)
    p, d = product_without_loss(y, high)
    d = d + y * low
    if p > 710.782712893384:
        return math.inf
    if p < -746.1332191019412:
        return 0.0
    return exp_of_sum(p, d)


def power(x, y):
    if y == 0.0 or x == 1.0:
        return 1.0
    if math.isnan(x) or math.isnan(y):
        return math.nan
    whole = math.isinf(y) or y == math.floor(y)
    sign = -1.0 if whole and math.fmod(y if math.isfinite(y) else 0.0, 2.0) and math.copysign(1.0, x) < 0 else 1.0
    if x == 0.0:
        return sign * (0.0 if y > 0.0 else math.inf)
    if math.isinf(x):
        return sign * (math.inf if y > 0.0 else 0.0)
    if x == -1.0 and whole:
        return sign
    if x < 0.0 and not whole:
        return math.nan
    return sign * power_of_ordinary(abs(x), y)


def normal_quantile(p):
    if p in (0.0, 1.0):
        return -math.inf if p == 0.0 else math.inf
    if not 0.0 < p < 1.0:
        return math.nan
    q = p - 0.5
    if abs(q) <= 0.425:
        t = 0.180625 - q * q
        return q * (by_horner("A", t) / by_horner("B", t))
    r = math.sqrt(-log(min(p, 1.0 - p)))
    above, below, t = ("C", "D", r - 1.6) if r <= 5.0 else ("E", "F", r - 5.0)
    return math.copysign(by_horner(above, t) / by_horner(below, t), q)


def exponentials(x):
    return [exp(value) for value in x]


def logarithms(x):
    return [log(value) for value in x]
