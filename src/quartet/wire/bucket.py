"""Let through so much a second and no more: what a peer may cost before its bytes are opened, and after."""


class TokenBucket:
    """Holds up to `burst` tokens and gains `rate` a second; a price may be paid late, but what follows then waits."""

    __slots__ = ("_burst", "_rate", "_since", "_tokens")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._since = now

    def spare(self, price: float, now: float) -> bool:
        """Pay `price` only if it is covered now; return whether it was. What is refused costs nothing."""
        self._gain(now)
        if self._tokens < price:
            return False
        self._tokens -= price
        return True

    def take(self, price: float, now: float) -> float:
        """Pay `price` and return the seconds to wait before it is covered (0.0: at once)."""
        self._gain(now)
        self._tokens -= price
        return max(0.0, -self._tokens / self._rate)

    def _gain(self, now: float) -> None:
        self._tokens = min(self._burst, self._tokens + max(0.0, now - self._since) * self._rate)
        self._since = max(self._since, now)
