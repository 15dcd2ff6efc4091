"""Figures for a monitor, in the text form of Prometheus; answered to this machine, or to who shows the token."""

import hmac
from collections.abc import Iterator
from ipaddress import ip_address

from flask import Blueprint, Flask, abort, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from store.pages.running import Running, running
from store.scope import Scope
from webapp.settings import WebSettings
from webapp.tracing import seconds
from workflows.counting import COUNTED
from workflows.runtime import Runtime

blueprint = Blueprint("metrics", __name__)
_SCOPE = Scope.everything("figures of how the installation runs")
_BUCKETS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
_EXTENSION = "weiran.metrics"


class Figures(Collector):
    """What the database knows at the moment that a monitor asks."""

    def __init__(self, runtime: Runtime) -> None:
        """Ask this database."""
        self._runtime = runtime

    def describe(self) -> list[Metric]:
        """Tell no names beforehand: the database need not be there at the start."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the figures; while the database is away, that alone."""
        try:
            with self._runtime.database.read(_SCOPE) as session:
                found = running(session, self._runtime.now())
        except SQLAlchemyError:
            yield GaugeMetricFamily("weiran_database_up", "Whether the database answers", 0)
            return
        yield GaugeMetricFamily("weiran_database_up", "Whether the database answers", 1)
        yield from _of_work(found)
        yield from _of_workers(found)


def _of_work(found: Running) -> Iterator[Metric]:
    waiting = GaugeMetricFamily("weiran_jobs_waiting", "Jobs that are not done", labels=["kind"])
    for each in found.jobs:
        waiting.add_metric([each.kind], each.count)
    yield waiting
    oldest = min((each.oldest for each in found.jobs), default=None)
    yield GaugeMetricFamily("weiran_jobs_delay_seconds", "Since when the first is due", found.delay(oldest))
    yield GaugeMetricFamily("weiran_jobs_dead", "Jobs given up after twelve attempts", found.dead_jobs)
    yield GaugeMetricFamily("weiran_timers_late", "Timers due for over a minute", found.late_timers)
    yield GaugeMetricFamily(
        "weiran_timers_delay_seconds", "Since when the first late one is due", found.delay(found.first_late)
    )
    incidents = GaugeMetricFamily("weiran_incidents_open", "Cases that wait for repair", labels=["kind"])
    for kind, count in found.incidents.items():
        incidents.add_metric([kind], count)
    yield incidents


def _of_workers(found: Running) -> Iterator[Metric]:
    yield GaugeMetricFamily("weiran_workers_alive", "Workers heard of within a minute", found.alive)
    done = CounterMetricFamily("weiran_worker_jobs_done", "Jobs a worker has done", labels=["worker"])
    failed = CounterMetricFamily("weiran_worker_jobs_failed", "Attempts that failed", labels=["worker"])
    timers = CounterMetricFamily("weiran_worker_timers", "Timers a worker has carried out", labels=["worker"])
    for beat in found.workers:
        done.add_metric([beat.name], beat.jobs_done)
        failed.add_metric([beat.name], beat.jobs_failed)
        timers.add_metric([beat.name], beat.timers_tried)
    yield from (done, failed, timers)


def init_metrics(app: Flask, settings: WebSettings, runtime: Runtime) -> None:
    """Measure each request, and keep who may read the figures."""
    registry = CollectorRegistry()
    registry.register(COUNTED)
    registry.register(Figures(runtime))
    requests = Histogram(
        "weiran_request_seconds",
        "How long answers take",
        ["endpoint", "status"],
        buckets=_BUCKETS,
        registry=registry,
    )
    app.extensions[_EXTENSION] = registry
    app.config["METRICS_TOKEN"] = settings.metrics_token
    app.config["METRICS_AT_HOME"] = settings.public_url is None

    @app.after_request
    def _measure(response: Response) -> Response:
        status = f"{response.status_code // 100}xx"
        requests.labels(request.endpoint or "none", status).observe(seconds())
        return response


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return all figures."""
    if not (_shows_token() or _asks_at_home()):
        abort(404)
    return Response(generate_latest(current_app.extensions[_EXTENSION]), content_type=CONTENT_TYPE_LATEST)


def _shows_token() -> bool:
    token = current_app.config["METRICS_TOKEN"]
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(shown.encode(), token.encode())


def _asks_at_home() -> bool:
    """Tell whether this machine asks for itself: behind a proxy everybody seems to come from here."""
    address = request.remote_addr
    return current_app.config["METRICS_AT_HOME"] and address is not None and ip_address(address).is_loopback
