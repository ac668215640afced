"""Logs and metrics: structlog over the standard library, Prometheus counters."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.terminal import shown


def set_up_logging(style: str | None, *, level: str = "INFO") -> None:
    """Send logs to standard error.

    Args:
        style: `console` or `json`; None: console on a terminal, else json.
    """
    console = style == "console" or (style is None and sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Tracebacks are text in both styles; local variables may hold tokens and are never shown.
    chain: list[structlog.typing.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
    ]
    last: structlog.typing.Processor = structlog.processors.JSONRenderer()
    if console:
        chain.append(_harmless)
        last = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[*chain, last])
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # Access logs name addresses only, but one line for each event is noise.
    for name in ("aiohttp.access", "apscheduler", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _harmless(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Words of others as a terminal may show them: none is a command, or looks like a line more."""
    for name, value in event.items():
        if isinstance(value, str):
            words = shown(value)
            event[name] = words if name == "exception" else words.replace("\n", "\\n")
    return event


@dataclass(frozen=True, slots=True)
class Metrics:
    """What is counted. Labels are our own words, never a text from the chat."""

    registry: CollectorRegistry
    events: Counter
    calls: Counter
    jobs: Counter
    refused: Counter
    deliveries: Counter
    readings: Counter
    connected: Gauge

    def on_read(self, result: str) -> None:
        """A channel's history was read."""
        self.readings.labels(result).inc()

    def on_event(self, event: str, outcome: str) -> None:
        """An event was taken."""
        self.events.labels(event, outcome).inc()

    def on_call(self, method: str, result: str) -> None:
        """Slack was called."""
        self.calls.labels(method, result).inc()

    def on_job(self, effect: str, result: str) -> None:
        """A job of the outbox was tried."""
        self.jobs.labels(effect, result).inc()

    def on_delivery(self, kind: str, result: str) -> None:
        """A digest or prompt was due."""
        self.deliveries.labels(kind, result).inc()

    def render(self) -> tuple[bytes, str]:
        """The metrics as Prometheus text, and its content type."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST


def make_metrics() -> Metrics:
    """Fresh counters in a registry of their own."""
    registry = CollectorRegistry()
    return Metrics(
        registry,
        Counter(
            "commonplace_events",
            "Events taken, by outcome.",
            ["event", "outcome"],
            registry=registry,
        ),
        Counter(
            "commonplace_slack_calls",
            "Calls of Slack, by result.",
            ["method", "result"],
            registry=registry,
        ),
        Counter(
            "commonplace_jobs",
            "Jobs of the outbox tried, by result.",
            ["effect", "result"],
            registry=registry,
        ),
        Counter(
            "commonplace_requests_refused", "Requests without a valid signature.", registry=registry
        ),
        Counter(
            "commonplace_deliveries",
            "Digests and questions that were due, by result.",
            ["kind", "result"],
            registry=registry,
        ),
        Counter(
            "commonplace_readings",
            "Channel histories read, by result.",
            ["result"],
            registry=registry,
        ),
        Gauge("commonplace_connected", "1 while Slack has told who we are.", registry=registry),
    )
