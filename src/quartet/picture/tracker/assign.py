"""Which plot is whose: the choice of highest total value, cluster by cluster. Compiled.

A cluster is a connected part of the graph of tracks and plots that may belong together. Its best choice is found by
shortest augmenting paths (Jonker and Volgenant 1987); beyond `MAX_EXACT` tracks in one cluster by taking the best pair
first, for the exact choice costs the cube of them.
"""

from typing import Final

import numpy as np

from quartet.picture.compiled import reordered, reordered_part
from quartet.picture.tracker.rules import Floats, Ints

MAX_EXACT: Final = 96
NONE: Final = -1


@reordered
def assign(
    tracks: Ints, plots: Ints, values: Floats, count: int, track_count: int, plot_count: int, chosen: Ints
) -> None:
    """Write into `chosen` (track_count,) the plot of each track, or `NONE`; `values` are over not being chosen, > 0."""
    of_track = np.zeros(track_count, dtype=np.int64)
    of_plot = np.zeros(plot_count, dtype=np.int64)
    chosen[:track_count] = NONE
    for n in range(count):
        of_track[tracks[n]] += 1
        of_plot[plots[n]] += 1
    hard = 0
    for n in range(count):
        if of_track[tracks[n]] == 1 and of_plot[plots[n]] == 1:
            chosen[tracks[n]] = plots[n]
        else:
            hard += 1
    if hard:
        _clusters(tracks, plots, values, count, track_count, plot_count, of_track, of_plot, chosen)


@reordered_part
def _clusters(
    tracks: Ints,
    plots: Ints,
    values: Floats,
    count: int,
    track_count: int,
    plot_count: int,
    of_track: Ints,
    of_plot: Ints,
    chosen: Ints,
) -> None:
    """Choose in each cluster of more than one pair."""
    parent = np.arange(track_count + plot_count)
    for n in range(count):
        a, b = _root(parent, tracks[n]), _root(parent, track_count + plots[n])
        if a != b:
            parent[a] = b
    first = np.full(track_count + plot_count, NONE, dtype=np.int64)
    after = np.empty(count, dtype=np.int64)
    for n in range(count - 1, -1, -1):
        if of_track[tracks[n]] > 1 or of_plot[plots[n]] > 1:
            root = _root(parent, tracks[n])
            after[n] = first[root]
            first[root] = n
    row_of = np.full(track_count, NONE, dtype=np.int64)
    column_of = np.full(plot_count, NONE, dtype=np.int64)
    for root in range(track_count + plot_count):
        if first[root] != NONE:
            _cluster(first[root], after, tracks, plots, values, row_of, column_of, chosen)


@reordered_part
def _root(parent: Ints, node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@reordered_part
def _cluster(
    head: int, after: Ints, tracks: Ints, plots: Ints, values: Floats, row_of: Ints, column_of: Ints, chosen: Ints
) -> None:
    """Choose in one cluster, whose pairs are a list from `head` on."""
    rows, columns, pairs = 0, 0, 0
    n = head
    while n != NONE:
        pairs += 1
        if row_of[tracks[n]] == NONE:
            row_of[tracks[n]] = rows
            rows += 1
        if column_of[plots[n]] == NONE:
            column_of[plots[n]] = columns
            columns += 1
        n = after[n]
    if rows == 1:
        _best_plot(head, after, tracks, plots, values, chosen)
    elif rows <= MAX_EXACT:
        _exact(head, after, tracks, plots, values, row_of, column_of, rows, columns, chosen)
    else:
        _greedy(head, after, tracks, plots, values, pairs, chosen, column_of)
    n = head
    while n != NONE:
        row_of[tracks[n]] = NONE
        column_of[plots[n]] = NONE
        n = after[n]


@reordered_part
def _best_plot(head: int, after: Ints, tracks: Ints, plots: Ints, values: Floats, chosen: Ints) -> None:
    best, n = head, head
    while n != NONE:
        if values[n] > values[best]:
            best = n
        n = after[n]
    chosen[tracks[best]] = plots[best]


@reordered_part
def _exact(
    head: int,
    after: Ints,
    tracks: Ints,
    plots: Ints,
    values: Floats,
    row_of: Ints,
    column_of: Ints,
    rows: int,
    columns: int,
    chosen: Ints,
) -> None:
    """Find the choice of highest total value; each track may also be left without a plot, at no value."""
    cost = np.full((rows + 1, columns + rows + 1), 1e9)
    track_at = np.zeros(rows + 1, dtype=np.int64)
    plot_at = np.full(columns + rows + 1, NONE, dtype=np.int64)
    n = head
    while n != NONE:
        r, c = row_of[tracks[n]] + 1, column_of[plots[n]] + 1
        cost[r, c] = -values[n]
        track_at[r], plot_at[c] = tracks[n], plots[n]
        n = after[n]
    for r in range(1, rows + 1):
        cost[r, columns + r] = 0.0
    taken = _shortest_paths(cost, rows, columns + rows)
    for c in range(1, columns + 1):
        if taken[c] > 0 and cost[taken[c], c] < 1e8:
            chosen[track_at[taken[c]]] = plot_at[c]


@reordered_part
def _shortest_paths(cost: Floats, rows: int, columns: int) -> Ints:
    """Return the row that each column goes to (0: none), all numbered from one, at the least cost."""
    u, v = np.zeros(rows + 1), np.zeros(columns + 1)
    taken = np.zeros(columns + 1, dtype=np.int64)
    way = np.zeros(columns + 1, dtype=np.int64)
    for row in range(1, rows + 1):
        taken[0] = row
        at = 0
        least = np.full(columns + 1, np.inf)
        used = np.zeros(columns + 1, dtype=np.bool_)
        while True:
            used[at] = True
            here, delta, following = taken[at], np.inf, 0
            for c in range(1, columns + 1):
                if not used[c]:
                    reduced = cost[here, c] - u[here] - v[c]
                    if reduced < least[c]:
                        least[c], way[c] = reduced, at
                    if least[c] < delta:
                        delta, following = least[c], c
            for c in range(columns + 1):
                if used[c]:
                    u[taken[c]] += delta
                    v[c] -= delta
                else:
                    least[c] -= delta
            at = following
            if taken[at] == 0:
                break
        while at:
            taken[at] = taken[way[at]]
            at = way[at]
    return taken


@reordered_part
def _greedy(
    head: int, after: Ints, tracks: Ints, plots: Ints, values: Floats, pairs: int, chosen: Ints, column_of: Ints
) -> None:
    """Take the pair of highest value, then the next of what is left."""
    listed = np.empty(pairs, dtype=np.int64)
    worth = np.empty(pairs)
    n, k = head, 0
    while n != NONE:
        listed[k], worth[k] = n, -values[n]
        n, k = after[n], k + 1
    for k in _ranked(worth):
        pair = listed[k]
        if chosen[tracks[pair]] == NONE and column_of[plots[pair]] != NONE:
            chosen[tracks[pair]] = plots[pair]
            column_of[plots[pair]] = NONE


@reordered_part
def _ranked(worth: Floats) -> Ints:
    """Return the places of the least, the next and so on, of two alike the first: numpy's takes a second to compile."""
    size, run = worth.shape[0], 1
    order, merged = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    for n in range(size):
        order[n] = n
    while run < size:
        for begins in range(0, size, 2 * run):
            middle, ends = min(begins + run, size), min(begins + 2 * run, size)
            a, b = begins, middle
            for n in range(begins, ends):
                if a < middle and (b == ends or not worth[order[b]] < worth[order[a]]):
                    merged[n] = order[a]
                    a += 1
                else:
                    merged[n] = order[b]
                    b += 1
        order, merged = merged, order
        run *= 2
    return order
