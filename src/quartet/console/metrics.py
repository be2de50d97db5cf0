"""Figures for Prometheus, and a plain yes or no, on a loopback port: for whoever keeps the machine running.

She may have no right to any item, so nothing here has content, and what counts items is told by its power of ten.
`docs/reference/metrics.md` names every figure.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from litestar import Litestar, Response, get
from litestar.handlers import HTTPRouteHandler
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from quartet.core.encoding import Value
from quartet.node.health import Health
from quartet.node.pulse import Pulse

TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
BAD_ALARMS: Final = frozenset({"disk-full", "store-failed", "damaged", "cannot-write"})
"""Alarms with which a node cannot do its work."""


class Wellness(Value, frozen=True):
    """Whether a node does its work, and the reason words of why not."""

    ok: bool
    reasons: tuple[str, ...]


class NodeFigures(Collector):
    """A node's figures as they are when somebody asks."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> Iterator[Metric]:
        """Yield every figure."""
        yield from families(self._health.pulse())


def families(pulse: Pulse) -> Iterator[Metric]:
    """Yield every figure that is made of a pulse."""
    about = {"member": pulse.member, "version": pulse.version, "trial": str(pulse.trial).lower()}
    yield InfoMetricFamily("quartet", "Which node this is.", about)
    yield _figure("quartet_up_seconds", "Seconds since the node started.", pulse.up_s)
    yield _figure("quartet_ticking", "1 while the node makes its ticks.", int(pulse.ticking))
    yield _figure("quartet_tick_lag_seconds", "How late the newest tick was done.", pulse.tick_lag_s or 0.0)
    yield _figure("quartet_clock_apart_seconds", "How far the peers' clocks are ahead.", pulse.clock_apart_s)
    yield from _links(pulse)
    yield from _logs(pulse)
    yield _labelled("quartet_alarms", "Alarms that are open.", "reason", pulse.alarms)


def _links(pulse: Pulse) -> Iterator[Metric]:
    links = pulse.links.items()
    up = {member: int(link.state == "up") for member, link in links}
    heard = {member: link.heard_s for member, link in links if link.heard_s is not None}
    waiting = {member: link.waiting for member, link in links}
    direct = {member: int(link.direct) for member, link in links if link.direct is not None}
    yield _labelled("quartet_link_up", "1 while the link to a member is up.", "to", up)
    yield _labelled("quartet_link_heard_seconds", "Seconds since a member was heard.", "to", heard)
    yield _labelled("quartet_link_waiting", "What waits for a member, by its power of ten.", "to", waiting)
    yield _labelled("quartet_direct_link_up", "1 while the direct link to a member stands.", "to", direct)


def _logs(pulse: Pulse) -> Iterator[Metric]:
    logs = pulse.logs.items()
    yield _labelled("quartet_log_ticks", "Ticks in a member's log.", "log", {m: one.size for m, one in logs})
    signed = {m: one.cosigners for m, one in logs}
    yield _labelled("quartet_log_cosigners", "Witnesses of its newest checkpoint.", "log", signed)


def _figure(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(name, says, value=value)


def _labelled(name: str, says: str, label: str, values: Mapping[Any, int]) -> Metric:
    family = GaugeMetricFamily(name, says, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def figures(health: Health) -> CollectorRegistry:
    """Return everything that can be asked: the node's own figures, and those of its process."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(NodeFigures(health))
    ProcessCollector(registry=registry)
    return registry


def wellness(pulse: Pulse) -> Wellness:
    """Return whether a node does its work."""
    reasons = [*(() if pulse.ticking else ("not-ticking",)), *sorted(BAD_ALARMS & set(pulse.alarms))]
    return Wellness(ok=not reasons, reasons=tuple(reasons))


def make_metrics(health: Health) -> Litestar:
    """Return the two pages."""
    return Litestar(route_handlers=_routes(health), openapi_config=None, logging_config=None)


def _routes(health: Health) -> list[HTTPRouteHandler]:
    registry = figures(health)

    @get("/metrics")
    async def metrics() -> Response[bytes]:
        return Response(generate_latest(registry), media_type=TEXT)

    @get("/health")
    async def well() -> Response[Wellness]:
        found = wellness(health.pulse())
        return Response(found, status_code=200 if found.ok else 503)

    return [metrics, well]
