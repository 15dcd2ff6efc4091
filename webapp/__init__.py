"""HTTP in, HTML or JSON out."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import (
    account,
    admin,
    archives,
    assessments,
    beginnings,
    boards,
    cases,
    checklists,
    complaints,
    compliance,
    filed_reports,
    files,
    fund,
    gatherings,
    hazards,
    health,
    inbox,
    metrics,
    notices,
    papers,
    registers,
    renewals,
    reports,
    shell,
    studio,
)
from webapp.addresses import CleanRequest
from webapp.assets import init_assets
from webapp.chrome import init_chrome
from webapp.dates import init_dates
from webapp.errors import init_errors
from webapp.gate import init_gate
from webapp.headers import init_headers
from webapp.identity import init_identity
from webapp.metrics import init_metrics
from webapp.settings import WebSettings
from webapp.tracing import init_tracing
from workflows.runtime import Runtime

LOOPBACK = ("localhost", "127.0.0.1")
BLUEPRINTS = (
    account.blueprint,
    admin.blueprint,
    archives.blueprint,
    assessments.blueprint,
    beginnings.blueprint,
    boards.blueprint,
    cases.blueprint,
    checklists.blueprint,
    complaints.blueprint,
    compliance.blueprint,
    filed_reports.blueprint,
    files.blueprint,
    fund.blueprint,
    gatherings.blueprint,
    hazards.blueprint,
    health.blueprint,
    inbox.blueprint,
    metrics.blueprint,
    notices.blueprint,
    papers.blueprint,
    reports.blueprint,
    registers.blueprint,
    renewals.blueprint,
    shell.blueprint,
    studio.blueprint,
)


def create_app(settings: WebSettings, runtime: Runtime, *, demo: bool = False) -> Flask:
    """Return the application for these settings; `demo` marks every page as demo data."""
    app = Flask(__name__)
    app.request_class = CleanRequest
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of Flask's own provider; words are to be read
    app.config.update(_configuration(settings))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    Babel(app, locale_selector=lambda: "zh_Hans_CN", timezone_selector=lambda: "Asia/Shanghai")
    init_tracing(app, told=settings.log_json)
    init_metrics(app, settings, runtime)
    init_headers(app)
    init_errors(app)
    init_assets(app)
    init_identity(app, runtime)
    init_gate(app)
    init_dates(app)
    init_chrome(app, demo=demo)
    _limiter(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _configuration(settings: WebSettings) -> dict[str, object]:
    secure = (settings.public_url or "").startswith("https://")
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
        "SESSION_COOKIE_NAME": "__Host-weiran" if secure else "weiran",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "TRUSTED_HOSTS": list(settings.trusted_hosts) or _names(settings),
        "MAX_CONTENT_LENGTH": settings.max_content_length,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "MAX_FORM_PARTS": 20_000,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "PASSWORD_CLASSES": settings.password_classes,
        "RATELIMIT_STORAGE_URI": settings.ratelimit_storage_uri,
        "RATELIMIT_HEADERS_ENABLED": False,
        "BABEL_DEFAULT_LOCALE": "zh_Hans_CN",
    }


def _names(settings: WebSettings) -> list[str] | None:
    """Return the names by which a server with a public address is asked; None where there is none."""
    host = urlsplit(settings.public_url or "").hostname
    return [host, *LOOPBACK] if host is not None else None


def _limiter(app: Flask) -> None:
    limiter = Limiter(get_remote_address, default_limits=[])
    limiter.init_app(app)
    limiter.limit("60/minute", methods=["POST"])(account.blueprint)
