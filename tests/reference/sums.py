"""Sums as the libraries of Python and numpy take them."""

import math

import numpy as np


def exact_sum(values):
    return math.fsum(values.tolist())


def exact_mean(values):
    return exact_sum(values) / len(values) if len(values) else math.nan


def known_mean(column):
    return exact_mean(column[column == column])


def pairwise_sum(values):
    return float(np.add.reduce(values))
