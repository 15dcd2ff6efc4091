"""What the pages need to know of the installation's settings; `config.Settings` fits."""

from typing import Protocol


class WebSettings(Protocol):
    """The part of the settings that HTTP depends on."""

    @property
    def secret_key(self) -> str:
        """The key that signs cookies."""

    @property
    def secret_key_fallbacks(self) -> tuple[str, ...]:
        """Earlier keys that are still accepted."""

    @property
    def public_url(self) -> str | None:
        """The address by which people reach the product."""

    @property
    def trusted_hosts(self) -> tuple[str, ...]:
        """Host names that are answered; none means any."""

    @property
    def proxy_hops(self) -> int:
        """How many proxies stand in front."""

    @property
    def ratelimit_storage_uri(self) -> str:
        """Where requests per address are counted."""

    @property
    def max_content_length(self) -> int:
        """The largest request, in bytes."""

    @property
    def password_classes(self) -> bool:
        """Whether passwords must mix kinds of characters."""

    @property
    def log_json(self) -> bool:
        """Whether the log is JSON, and tells of each request."""

    @property
    def metrics_token(self) -> str | None:
        """What a monitor shows to read /metrics from elsewhere than this machine."""
