"""The environment, read and checked in this one place: `WAGU_*`, with `WAGU_*_FILE` for secrets."""

from __future__ import annotations

import ipaddress
import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import NoDecode, SettingsConfigDict

from wagu import objects, setting_checks
from wagu.media_settings import MediaSettings
from wagu.secret_files import SettingsError, secrets_from_files

__all__ = ["PREFIX", "SECRETS", "Network", "Settings", "SettingsError"]

PREFIX = "WAGU_"
SECRETS = (
    "database_url",
    "redis_url",
    "objects_secret",
    "turn_secret",
    "media_secret",
    "ai_base_url",
    "ai_api_key",
    "places_url",
    "places_key",
    "kakao_client_secret",
    "naver_client_secret",
    "google_client_secret",
    "oidc_client_secret",
)
"""Settings that may hold a password, so `WAGU_<NAME>_FILE` may name a file with the value."""

POSTGRESQL = "postgresql+asyncpg:"
DATABASES = {
    "sqlite:": "sqlite+aiosqlite:",
    "sqlite+aiosqlite:": "sqlite+aiosqlite:",
    "postgres:": POSTGRESQL,
    "postgresql:": POSTGRESQL,
    POSTGRESQL: POSTGRESQL,
}
"""What an address may begin with, and the driver that SQLAlchemy gets."""

NEEDED = frozenset(
    {("kakao", "places_key"), ("naver", "places_client_id"), ("naver", "places_key")}
)
"""What the providers of places want to be called with."""

TURN_URL = re.compile(
    r"turns?:(?:[A-Za-z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?"
    r"(?:\?transport=(?:udp|tcp))?"
)
"""RFC 7065, section 3.1."""

Port = Annotated[int, Field(ge=1, le=65535)]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Settings(MediaSettings):
    """Every default works on a fresh machine with nothing set."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    _worker: int = PrivateAttr(default=0)

    name: Annotated[str, Field(min_length=1, max_length=40)] = "와구북"
    host: str = "0.0.0.0"
    port: Port = 8080
    data_dir: Path = Path("data")
    database_url: str | None = None
    redis_url: str | None = None
    node_url: Annotated[str | None, AfterValidator(setting_checks.address)] = None
    """Where other nodes reach this one; None: at the address from which it reaches Redis."""

    role: Literal["all", "web", "media"] = "all"
    """web: rooms and their media are on other nodes. media: this one is there for those."""

    objects_url: str | None = None
    """Where photos and recordings are kept; None: in the data directory."""

    objects_endpoint: Annotated[str | None, AfterValidator(setting_checks.address)] = None
    """The address of an S3 that is not Amazon's."""

    objects_region: str | None = None
    objects_key: str | None = None
    objects_secret: Annotated[str | None, Field(repr=False, validate_default=True)] = None
    public_url: Annotated[str | None, AfterValidator(setting_checks.origin)] = None
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = ()
    """Who may tell us, by X-Forwarded-For and -Proto, where a request came from."""

    tls: Literal["off", "self-signed"] = "off"
    """Whether we speak https ourselves, with a certificate that we sign ourselves."""

    tls_cert: Path | None = None
    """Or with one's own, in PEM, with those that vouch for it."""

    tls_key: Annotated[Path | None, Field(validate_default=True)] = None

    media_port: Port | None = None
    media_tcp_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    """For browsers whose network drops UDP. None: the HTTP port itself; 0: nothing."""

    media_addresses: Annotated[tuple[str, ...], NoDecode] = ()
    """IP addresses announced to browsers; empty: the machine's own."""

    turn_urls: Annotated[tuple[str, ...], NoDecode] = ()
    """TURN servers for clients whose network lets neither UDP nor our TCP port through."""

    turn_secret: Annotated[str, Field(validate_default=True, repr=False)] = ""
    """What they and we sign credentials with."""

    turn_hours: Annotated[float, Field(gt=0, le=720)] = 24
    """How long such a credential is good for."""

    recording: Literal["on", "off"] = "on"
    """Whether hosts may have their lives recorded; none is without its host's wish."""

    recording_hours: Annotated[float, Field(gt=0, le=24)] = 4
    recording_gigabytes: Annotated[float, Field(gt=0, le=1000)] = 8
    """At most, of one live."""

    snapshots: Annotated[float, Field(ge=0, le=600)] = 10
    """Seconds between pictures of what a live shows, for lists and maps; 0: none."""

    hls: Literal["on", "off"] = "on"
    """Whether lives can be watched by HLS, too; publishers are asked for a format that it has."""

    hls_after: Annotated[int, Field(ge=0)] = 200
    """Viewers of one live over WebRTC, beyond whom others get HLS. 0: as many as a room holds."""

    tile_url: Annotated[str | None, AfterValidator(setting_checks.tiles)] = None
    tile_attribution: str = ""
    pmtiles: Annotated[Path | None, AfterValidator(setting_checks.archive)] = None
    map_center: Annotated[tuple[float, float], NoDecode] = (37.5665, 126.9780)
    map_zoom: Annotated[float, Field(ge=0, le=22)] = 13

    ai_base_url: Annotated[str | None, AfterValidator(setting_checks.address)] = None
    """An OpenAI-compatible endpoint that drafts reviews; without one a template does."""

    ai_api_key: Annotated[str, Field(repr=False)] = ""
    ai_model: Annotated[str, Field(validate_default=True)] = ""
    ai_vision: bool = False
    """The model sees photos."""

    ai_timeout: Annotated[float, Field(ge=1, le=600)] = 60
    """Seconds for a whole draft."""

    ai_daily_limit: Annotated[int, Field(ge=1)] = 50
    """Drafts of one member in a day."""

    places_provider: Literal["own", "kakao", "naver", "photon", "nominatim"] = "own"
    """Who is asked for places that nobody here knows; `own`: nobody outside."""

    places_client_id: Annotated[str, Field(validate_default=True)] = ""
    places_key: Annotated[str, Field(validate_default=True, repr=False)] = ""
    places_url: Annotated[str | None, AfterValidator(setting_checks.address)] = None
    """The provider's address, if it is one's own."""

    kakao_client_id: str | None = None
    kakao_client_secret: Annotated[str | None, Field(repr=False)] = None
    naver_client_id: str | None = None
    naver_client_secret: Annotated[str | None, Field(repr=False, validate_default=True)] = None
    google_client_id: str | None = None
    google_client_secret: Annotated[str | None, Field(repr=False, validate_default=True)] = None
    oidc_issuer: str | None = None
    """As the provider writes it: its discovery document must say the same."""

    oidc_client_id: Annotated[str | None, Field(validate_default=True)] = None
    oidc_client_secret: Annotated[str | None, Field(repr=False)] = None
    oidc_name: Annotated[str, Field(min_length=1, max_length=40)] = "OpenID"

    signup: Literal["open", "closed"] = "open"
    rate_limits: Literal["on", "off"] = "on"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] = "console"

    @field_validator("trusted_proxies", "media_addresses", "turn_urls", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return _comma_separated(value)

    @field_validator("media_addresses")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(str(ipaddress.ip_address(address)) for address in value)

    @field_validator("turn_urls")
    @classmethod
    def _turn(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(TURN_URL.fullmatch(url) for url in value):
            raise ValueError("must look like turn:turn.example.org:3478?transport=udp")
        return value

    @field_validator("turn_secret")
    @classmethod
    def _turn_secret(cls, value: str, others: ValidationInfo) -> str:
        if bool(value) != bool(others.data.get("turn_urls", value)):
            raise ValueError("and WAGU_TURN_URLS are set together")
        return value

    @field_validator("tls_cert", "tls_key")
    @classmethod
    def _readable(cls, value: Path | None, others: ValidationInfo) -> Path | None:
        if others.field_name == "tls_key" and (value is None) != (
            others.data.get("tls_cert") is None
        ):
            raise ValueError("and WAGU_TLS_CERT are set together")
        if value is not None and others.data.get("tls") == "self-signed":
            raise ValueError("is of no use with WAGU_TLS=self-signed: keep one")
        if value is not None:
            setting_checks.beginning(value, 1)
        return value

    @field_validator("map_center", mode="before")
    @classmethod
    def _center(cls, value: Any) -> Any:
        return _comma_separated(value)

    @field_validator("map_center")
    @classmethod
    def _on_earth(cls, value: tuple[float, float]) -> tuple[float, float]:
        lat, lng = value
        if not (-90 <= lat <= 90 and -180 <= lng <= 180):
            raise ValueError("must be latitude,longitude in degrees")
        return value

    @field_validator("role")
    @classmethod
    def _shared(cls, value: str, others: ValidationInfo) -> str:
        if value != "all" and others.data.get("redis_url") is None:
            raise ValueError("needs other nodes, which meet at WAGU_REDIS_URL")
        return value

    @field_validator("ai_model")
    @classmethod
    def _model(cls, value: str, others: ValidationInfo) -> str:
        if others.data.get("ai_base_url") and not value:
            raise ValueError("is needed with WAGU_AI_BASE_URL")
        return value

    @field_validator("places_client_id", "places_key")
    @classmethod
    def _credentials(cls, value: str, others: ValidationInfo) -> str:
        provider = others.data.get("places_provider")
        if not value and (provider, others.field_name) in NEEDED:
            raise ValueError(f"is needed with WAGU_PLACES_PROVIDER={provider}")
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str | None) -> str | None:
        if value is None:
            return None
        for scheme, driver in DATABASES.items():
            if value.startswith(f"{scheme}//"):
                if driver == POSTGRESQL and find_spec("asyncpg") is None:
                    raise ValueError("needs asyncpg: pip install 'wagu-book[postgres]'")
                return value.replace(scheme, driver, 1)
        raise ValueError("must be sqlite:///<path> or postgresql://user:password@host/name")

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must look like redis://host:6379/0")
        return value

    @field_validator("objects_url")
    @classmethod
    def _objects(cls, value: str | None) -> str | None:
        if value is not None and urlsplit(value).scheme not in objects.SCHEMES:
            raise ValueError("must look like s3://bucket/folder")
        return value

    @field_validator("objects_secret")
    @classmethod
    def _objects_secret(cls, value: str | None, others: ValidationInfo) -> str | None:
        if (value is None) != (others.data.get("objects_key") is None):
            raise ValueError("and WAGU_OBJECTS_KEY are set together")
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("https://", "http://")):
            raise ValueError("must look like https://accounts.example.org")
        return value

    @field_validator("oidc_client_id")
    @classmethod
    def _oidc_client(cls, value: str | None, others: ValidationInfo) -> str | None:
        if (others.data.get("oidc_issuer") is None) != (value is None):
            raise ValueError("and WAGU_OIDC_ISSUER are set together")
        return value

    @field_validator("naver_client_secret", "google_client_secret")
    @classmethod
    def _with_secret(cls, value: str | None, others: ValidationInfo) -> str | None:
        client_id = str(others.field_name).replace("_secret", "_id")
        if others.data.get(client_id) is not None and not value:
            raise ValueError(f"is needed with WAGU_{client_id.upper()}")
        return value

    @property
    def speaks_tls(self) -> bool:
        return self.tls == "self-signed" or self.tls_cert is not None

    @property
    def udp_port(self) -> int:
        """One number to open in a firewall: media takes the same port in UDP."""
        return self.media_port or self.port

    @property
    def tcp_port(self) -> int | None:
        """Where media by TCP arrives; None: nowhere."""
        return self.port if self.media_tcp_port is None else self.media_tcp_port or None

    @property
    def own_dir(self) -> Path:
        """For what no other process may touch. Those that share a Redis may share a data folder."""
        return self.data_dir if self.redis_url is None else self.data_dir / "nodes" / str(self.port)

    @property
    def database(self) -> str:
        """The SQLAlchemy URL."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir.resolve() / 'wagu.db'}"

    @property
    def objects(self) -> objects.Place:
        return objects.Place(
            self.data_dir,
            self.objects_url,
            self.objects_endpoint,
            self.objects_region,
            self.objects_key,
            self.objects_secret,
        )

    @property
    def origin(self) -> str:
        """What links start with when no request says better."""
        return self.public_url or f"http://localhost:{self.port - self._worker}"

    def of_worker(self, number: int) -> Self:
        """Of one of several processes that share a port: its own come after that."""
        ports = ("port", "media_port", "media_tcp_port")
        own = {name: port + number for name in ports if (port := getattr(self, name))}
        worker = self.model_copy(update=own)
        worker._worker = number
        return worker

    @property
    def offers_setup(self) -> bool:
        """Whether its start makes the link to the first admin anew: one of several workers does."""
        return self._worker <= 1

    @classmethod
    def read(cls, **overrides: Any) -> Self:
        """The settings of this process; raises SettingsError with one line for a person."""
        try:
            return cls(**(secrets_from_files(os.environ, PREFIX, SECRETS) | overrides))
        except ValidationError as wrong:
            first = wrong.errors()[0]
            field = str(first["loc"][0])
            shown = None if field in SECRETS else first.get("input")
            name = PREFIX + field.upper()
            raise SettingsError(f"{name} {_sentence(first['msg'], shown)}") from None


def _comma_separated(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _sentence(message: str, value: Any) -> str:
    reason = message.removeprefix("Value error, ").removeprefix("Input ")
    shown = f" (it is {value!r})" if isinstance(value, str | int | float) else ""
    return f"{reason[:1].lower()}{reason[1:]}{shown}"
