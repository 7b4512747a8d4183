"""Prints the golden intervals of GeoScoreTest: the percentile bootstrap's own distribution, without resampling.

A resample's share is binomial; its median is at most the i-th smallest error where at least half of the draws are.
Python's standard library only.
"""
from math import comb

N, HITS = 237, 75  # as many photos as Im2GPS has, 31.6 % of them hits


def binomial_below(k, n, p):
    return sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))


def quantile(n, p, q):
    return next(k for k in range(n + 1) if binomial_below(k, n, p) >= q)


print("share", quantile(N, HITS / N, 0.025) / N, quantile(N, HITS / N, 0.975) / N)
# errors are 1, 2, ..., N km; the median of a resample is <= i km if at least (N + 1) / 2 draws are
median = [1 - binomial_below((N + 1) // 2 - 1, N, i / N) for i in range(N + 1)]
print("median", next(i for i in range(N + 1) if median[i] >= 0.025), next(i for i in range(N + 1) if median[i] >= 0.975))
