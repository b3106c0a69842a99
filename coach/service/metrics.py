"""Counts requests and replies and prints them for Prometheus. Holds numbers only, nothing anybody wrote."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict

from coach.types import STATUSES

_BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)


class Metrics:
    """Counters of one process; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._buckets: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (len(_BUCKETS) + 1))
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._replies: Counter[str] = Counter({status: 0 for status in STATUSES})
        self._failures: Counter[str] = Counter()

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """One request served, whatever came of it; `route` is the pattern, not the address asked for."""
        place = next((i for i, bound in enumerate(_BUCKETS) if seconds <= bound), len(_BUCKETS))
        with self._lock:
            self._requests[route, method, status] += 1
            self._buckets[route][place] += 1
            self._seconds[route] += seconds

    def reply(self, status: str) -> None:
        """One reply given."""
        with self._lock:
            self._replies[status] += 1

    def failure(self, code: str) -> None:
        """One question that got no reply."""
        with self._lock:
            self._failures[code] += 1

    def text(self, gauges: dict[str, float]) -> str:
        """The exposition format, version 0.0.4. `gauges` are read by the caller at this moment."""
        with self._lock:
            lines = ["# TYPE coach_requests_total counter"]
            for (route, method, status), count in sorted(self._requests.items()):
                lines.append(f'coach_requests_total{{route="{route}",method="{method}",status="{status}"}} {count}')
            lines += ["# TYPE coach_request_seconds histogram"]
            for route in sorted(self._buckets):
                lines += self._histogram(route)
            lines += ["# TYPE coach_replies_total counter"]
            lines += [f'coach_replies_total{{status="{s}"}} {count}' for s, count in sorted(self._replies.items())]
            lines += ["# TYPE coach_failures_total counter"]
            lines += [f'coach_failures_total{{code="{c}"}} {count}' for c, count in sorted(self._failures.items())]
        for name, value in gauges.items():
            lines += [f"# TYPE {name} gauge", f"{name} {value:g}"]
        return "\n".join(lines) + "\n"

    def _histogram(self, route: str) -> list[str]:
        lines, total = [], 0
        for bound, count in zip((*_BUCKETS, "+Inf"), self._buckets[route], strict=True):
            total += count
            lines.append(f'coach_request_seconds_bucket{{route="{route}",le="{bound}"}} {total}')
        lines.append(f'coach_request_seconds_sum{{route="{route}"}} {self._seconds[route]:.6f}')
        lines.append(f'coach_request_seconds_count{{route="{route}"}} {total}')
        return lines
