"""The IMM's arithmetic for one track: mix, predict, measure, update. Compiled.

A state is x, y, vx, vy (m, m/s, east and north). A covariance is its ten different elements, in this order:
xx, xy, yy, x-vx, x-vy, y-vx, y-vy, vxvx, vxvy, vyvy. Formulas: Blom and Bar-Shalom 1988 (IMM); Bar-Shalom, Li and
Kirubarajan 2001, 11.7 (known turn rate), 6.2 (continuous white noise acceleration).
"""

from math import cos, exp, pi, sin, sqrt

from quartet.picture.compiled import bare
from quartet.picture.tracker.rules import Floats

TWO_PI = 2 * pi


@bare
def mix(
    x: Floats, p: Floats, mu: Floats, stays: Floats, dt: float, mx: Floats, mp: Floats, c: Floats, moves: Floats
) -> None:
    """Mix the models' states (m, 4), covariances (m, 10) and probabilities (m,) over `dt` into `mx`, `mp`, `c`.

    Who leaves a turn flies on straight, by far mostly; who leaves the straight takes any turn alike. `moves` (m, m) is
    room for the probabilities.
    """
    m = mu.shape[0]
    span = abs(dt)
    for i in range(m):
        stay = exp(-span / stays[i])
        for j in range(m):
            if i == j:
                moves[i, j] = mu[i] * stay
            elif i == 0:
                moves[i, j] = mu[i] * (1.0 - stay) / (m - 1)
            else:
                moves[i, j] = mu[i] * (1.0 - stay) * (0.8 if j == 0 else 0.2 / max(1, m - 2))
    for j in range(m):
        total = 0.0
        for i in range(m):
            total += moves[i, j]
        c[j] = total
        x0, x1, x2, x3 = 0.0, 0.0, 0.0, 0.0
        for i in range(m):
            w = moves[i, j] / total
            moves[i, j] = w
            x0 += w * x[i, 0]
            x1 += w * x[i, 1]
            x2 += w * x[i, 2]
            x3 += w * x[i, 3]
        mx[j, 0], mx[j, 1], mx[j, 2], mx[j, 3] = x0, x1, x2, x3
        for e in range(10):
            mp[j, e] = 0.0
        for i in range(m):
            w = moves[i, j]
            d0, d1, d2, d3 = x[i, 0] - x0, x[i, 1] - x1, x[i, 2] - x2, x[i, 3] - x3
            mp[j, 0] += w * (p[i, 0] + d0 * d0)
            mp[j, 1] += w * (p[i, 1] + d0 * d1)
            mp[j, 2] += w * (p[i, 2] + d1 * d1)
            mp[j, 3] += w * (p[i, 3] + d0 * d2)
            mp[j, 4] += w * (p[i, 4] + d0 * d3)
            mp[j, 5] += w * (p[i, 5] + d1 * d2)
            mp[j, 6] += w * (p[i, 6] + d1 * d3)
            mp[j, 7] += w * (p[i, 7] + d2 * d2)
            mp[j, 8] += w * (p[i, 8] + d2 * d3)
            mp[j, 9] += w * (p[i, 9] + d3 * d3)


@bare
def predict(x: Floats, p: Floats, rate: float, noise: float, dt: float) -> None:
    """Carry one model's state (4,) and covariance (10,) on by `dt` in place; `dt` may be negative, its noise is not."""
    if rate == 0.0:
        a, b, c, s = dt, 0.0, 1.0, 0.0
    else:
        c, s = cos(rate * dt), sin(rate * dt)
        a, b = s / rate, (1.0 - c) / rate
    # A = [[a, -b], [b, a]] carries velocity to place, B = [[c, -s], [s, c]] velocity to velocity
    vx, vy = x[2], x[3]
    x[0] += a * vx - b * vy
    x[1] += b * vx + a * vy
    x[2] = c * vx - s * vy
    x[3] = s * vx + c * vy
    pxv, pxw, pyv, pyw = p[3], p[4], p[5], p[6]
    pvv, pvw, pww = p[7], p[8], p[9]
    # G = A Pv, rows x and y; Pp' = Pp + A Cov' + Cov A' + A Pv A'
    gxv, gxw = a * pvv - b * pvw, a * pvw - b * pww
    gyv, gyw = b * pvv + a * pvw, b * pvw + a * pww
    p[0] += 2.0 * (a * pxv - b * pxw) + a * gxv - b * gxw
    p[1] += a * pyv - b * pyw + b * pxv + a * pxw + a * gyv - b * gyw
    p[2] += 2.0 * (b * pyv + a * pyw) + b * gyv + a * gyw
    hxv, hxw, hyv, hyw = pxv + gxv, pxw + gxw, pyv + gyv, pyw + gyw
    p[3], p[4] = c * hxv - s * hxw, s * hxv + c * hxw
    p[5], p[6] = c * hyv - s * hyw, s * hyv + c * hyw
    kvv, kvw, kwv, kww = c * pvv - s * pvw, c * pvw - s * pww, s * pvv + c * pvw, s * pvw + c * pww
    p[7], p[8], p[9] = c * kvv - s * kvw, s * kvv + c * kvw, s * kwv + c * kww
    span = abs(dt)
    place, cross, speed = noise * span * span * span / 3.0, noise * dt * span / 2.0, noise * span
    p[0] += place
    p[2] += place
    p[3] += cross
    p[6] += cross
    p[7] += speed
    p[9] += speed


@bare
def likelihood(x: Floats, p: Floats, zx: float, zy: float, rxx: float, rxy: float, ryy: float) -> tuple[float, float]:
    """Return the squared distance of a measurement from a model's prediction, and its density there (1/m2)."""
    sxx, sxy, syy = p[0] + rxx, p[1] + rxy, p[2] + ryy
    det = sxx * syy - sxy * sxy
    dx, dy = zx - x[0], zy - x[1]
    d2 = (syy * dx * dx - 2.0 * sxy * dx * dy + sxx * dy * dy) / det
    return d2, exp(-0.5 * d2) / (TWO_PI * sqrt(det))


@bare
def update(x: Floats, p: Floats, zx: float, zy: float, rxx: float, rxy: float, ryy: float) -> float:
    """Take a measured place into one model's state (4,) and covariance (10,), in place; return its density (1/m2)."""
    sxx, sxy, syy = p[0] + rxx, p[1] + rxy, p[2] + ryy
    det = sxx * syy - sxy * sxy
    ixx, ixy, iyy = syy / det, -sxy / det, sxx / det
    dx, dy = zx - x[0], zy - x[1]
    d2 = ixx * dx * dx + 2.0 * ixy * dx * dy + iyy * dy * dy
    xx, xy, yy, xv, xw, yv, yw = p[0], p[1], p[2], p[3], p[4], p[5], p[6]
    k0x, k0y = xx * ixx + xy * ixy, xx * ixy + xy * iyy
    k1x, k1y = xy * ixx + yy * ixy, xy * ixy + yy * iyy
    k2x, k2y = xv * ixx + yv * ixy, xv * ixy + yv * iyy
    k3x, k3y = xw * ixx + yw * ixy, xw * ixy + yw * iyy
    x[0] += k0x * dx + k0y * dy
    x[1] += k1x * dx + k1y * dy
    x[2] += k2x * dx + k2y * dy
    x[3] += k3x * dx + k3y * dy
    p[0] -= k0x * xx + k0y * xy
    p[1] -= k0x * xy + k0y * yy
    p[2] -= k1x * xy + k1y * yy
    p[3] -= k0x * xv + k0y * yv
    p[4] -= k0x * xw + k0y * yw
    p[5] -= k1x * xv + k1y * yv
    p[6] -= k1x * xw + k1y * yw
    p[7] -= k2x * xv + k2y * yv
    p[8] -= k2x * xw + k2y * yw
    p[9] -= k3x * xw + k3y * yw
    return exp(-0.5 * d2) / (TWO_PI * sqrt(det))


@bare
def combine(x: Floats, p: Floats, mu: Floats, cx: Floats, cp: Floats) -> None:
    """Write the mean (4,) and covariance (10,) of the models' mixture into `cx`, `cp`."""
    m = mu.shape[0]
    for e in range(4):
        cx[e] = 0.0
        for j in range(m):
            cx[e] += mu[j] * x[j, e]
    for e in range(10):
        cp[e] = 0.0
    for j in range(m):
        w = mu[j]
        d0, d1, d2, d3 = x[j, 0] - cx[0], x[j, 1] - cx[1], x[j, 2] - cx[2], x[j, 3] - cx[3]
        cp[0] += w * (p[j, 0] + d0 * d0)
        cp[1] += w * (p[j, 1] + d0 * d1)
        cp[2] += w * (p[j, 2] + d1 * d1)
        cp[3] += w * (p[j, 3] + d0 * d2)
        cp[4] += w * (p[j, 4] + d0 * d3)
        cp[5] += w * (p[j, 5] + d1 * d2)
        cp[6] += w * (p[j, 6] + d1 * d3)
        cp[7] += w * (p[j, 7] + d2 * d2)
        cp[8] += w * (p[j, 8] + d2 * d3)
        cp[9] += w * (p[j, 9] + d3 * d3)
