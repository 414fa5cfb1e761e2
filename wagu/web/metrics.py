"""Prometheus figures in a registry of our own: HTTP and the process here, the rest from whoever
knows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
Figures = Callable[[], Mapping[str, Any]]


class Metrics:
    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)  # memory, processor time, open files
        self._requests = Counter(
            "wagu_http_requests",
            "HTTP requests by route template",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "wagu_http_seconds",
            "Time to answer",
            ("method", "route"),
            buckets=BUCKETS,
            registry=self._registry,
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        if status != 101:  # a WebSocket is answered when it closes
            self._seconds.labels(method, route).observe(seconds)

    def watch(self, prefix: str, figures: Figures, *, gauges: Iterable[str] = ()) -> None:
        """Read `figures` at every scrape: numbers become `<prefix>_<name>`, a mapping of numbers
        `<prefix>_<name>{kind="…"}`; anything deeper is left to /metrics' readers' logs."""
        self._registry.register(_Figures(prefix, figures, frozenset(gauges)))

    def render(self) -> bytes:
        return generate_latest(self._registry)


class _Figures(Collector):
    def __init__(self, prefix: str, figures: Figures, gauges: frozenset[str]) -> None:
        self._prefix = prefix
        self._figures = figures
        self._gauges = gauges

    def describe(self) -> Iterable[Metric]:
        return ()  # the names are known only when there are figures

    def collect(self) -> Iterator[Metric]:
        for name, value in self._figures().items():
            family = GaugeMetricFamily if name in self._gauges else CounterMetricFamily
            full, doc = f"{self._prefix}_{name}", f"{name.replace('_', ' ')} of {self._prefix}"
            if _is_number(value):
                yield family(full, doc, value=float(value))
            elif isinstance(value, Mapping) and all(map(_is_number, value.values())):
                labelled = family(full, doc, labels=("kind",))
                for kind, number in value.items():
                    labelled.add_metric((str(kind),), float(number))
                yield labelled


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)
