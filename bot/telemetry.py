"""Logs and metrics: structlog over the standard library, Prometheus counters."""

import logging
import sys
from collections.abc import Callable

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
    """Make the words of an event safe for a terminal: no command, and no line of their own."""
    for name, value in event.items():
        if isinstance(value, str):
            words = shown(value)
            event[name] = words if name == "exception" else words.replace("\n", "\\n")
    return event


class Metrics:
    """What is counted, in a registry of its own. Labels are our own words, never others' texts."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        count = self._counter
        self.on_event = count("events", "Events taken, by outcome.", "event", "outcome")
        self.on_call = count("slack_calls", "Calls of Slack, by result.", "method", "result")
        self.on_teams_call = count(
            "teams_calls", "Calls of Teams and of Graph, by result.", "method", "result"
        )
        self.on_job = count("jobs", "Jobs of the outbox tried, by result.", "effect", "result")
        self.on_refused = count("requests_refused", "Requests without a valid signature.")
        self.on_delivery = count(
            "deliveries", "Digests and questions that were due, by result.", "kind", "result"
        )
        self.on_read = count("readings", "Channel histories read, by result.", "result")
        self.connected = Gauge(
            "commonplace_connected",
            "1 while every chat answers.",
            registry=self._registry,
        )

    def _counter(self, name: str, words: str, *labels: str) -> Callable[..., None]:
        """Return what counts one more, given a value for each of the labels."""
        counter = Counter(f"commonplace_{name}", words, labels, registry=self._registry)
        return lambda *values: (counter.labels(*values) if values else counter).inc()

    def render(self) -> tuple[bytes, str]:
        """Return the metrics as Prometheus text, and its content type."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST
