"""Back from metres about a track to degrees, compiled; `local.py` is the way there."""

from math import atan2, cos, degrees, hypot, sin

import numpy as np

from quartet.picture.compiled import Floats, compiled


@compiled
def placed(frame: Floats, at: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    """Return latitude and longitude (n, 2) in degrees of places, and their covariances (n, 3) in their own east and
    north.

    `frame` (n, 9) is where each is measured from, and the unit vectors east and north there, in the order of a track's
    state; `at` (n, 2) is metres along these.
    """
    found, turned = np.empty((len(at), 2)), np.empty((len(at), 3))
    for g in range(len(at)):
        east, north = at[g, 0], at[g, 1]
        x = frame[g, 0] + east * frame[g, 3] + north * frame[g, 6]
        y = frame[g, 1] + east * frame[g, 4] + north * frame[g, 7]
        z = frame[g, 2] + east * frame[g, 5] + north * frame[g, 8]
        lat, lon = atan2(z, hypot(x, y)), atan2(y, x)
        own_east = (-sin(lon), cos(lon), 0.0)
        own_north = (-sin(lat) * cos(lon), -sin(lat) * sin(lon), cos(lat))
        a = b = c = d = 0.0
        for k in range(3):
            a, b = a + own_east[k] * frame[g, 3 + k], b + own_east[k] * frame[g, 6 + k]
            c, d = c + own_north[k] * frame[g, 3 + k], d + own_north[k] * frame[g, 6 + k]
        ee, en, nn = covariance[g, 0], covariance[g, 1], covariance[g, 2]
        found[g, 0], found[g, 1] = degrees(lat), degrees(lon)
        turned[g, 0] = a * a * ee + 2 * a * b * en + b * b * nn
        turned[g, 1] = a * c * ee + (a * d + b * c) * en + b * d * nn
        turned[g, 2] = c * c * ee + 2 * c * d * en + d * d * nn
    return found, turned
