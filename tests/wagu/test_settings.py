"""Settings: what is read, what is refused, and in which words."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.clients import pmtiles
from wagu.secret_files import secrets_from_files
from wagu.settings import PREFIX, SECRETS, Settings, SettingsError
from wagu.sign_in.provider import providers_of
from wagu.web.routes import ROUTES


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for name in [name for name in os.environ if name.startswith("WAGU_")]:
        monkeypatch.delenv(name)


def test_nothing_needs_to_be_set():
    settings = Settings.read()
    assert (settings.port, settings.udp_port) == (8080, 8080)
    assert settings.origin == "http://localhost:8080"
    assert settings.database == f"sqlite+aiosqlite:///{Path('data').resolve()}/wagu.db"
    assert settings.signup == "open"


def test_what_is_set_is_read(monkeypatch):
    for name, value in {
        "PORT": "9000",
        "MEDIA_PORT": "9001",
        "PUBLIC_URL": "https://wagu.example.org/",
        "DATABASE_URL": "sqlite:////var/lib/wagu.db",
        "MEDIA_ADDRESSES": "192.0.2.1, 203.0.113.7,2001:DB8:0::1",
        "HOST": "::",
        "TRUSTED_PROXIES": "10.0.0.0/8,192.0.2.7",
        "MAP_CENTER": "35.1,129.0",
        "NAME": "우리집",
    }.items():
        monkeypatch.setenv(f"WAGU_{name}", value)
    settings = Settings.read()
    assert (settings.port, settings.udp_port) == (9000, 9001)
    assert settings.origin == "https://wagu.example.org"
    assert settings.database == "sqlite+aiosqlite:////var/lib/wagu.db"
    assert settings.media_addresses == ("192.0.2.1", "203.0.113.7", "2001:db8::1")
    assert [str(network) for network in settings.trusted_proxies] == ["10.0.0.0/8", "192.0.2.7/32"]
    assert settings.map_center == (35.1, 129.0)
    assert settings.name == "우리집"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_postgresql_by_any_of_its_names(scheme):
    settings = Settings(database_url=f"{scheme}://wagu:p%40ss@db.example.org/wagu")
    assert settings.database == "postgresql+asyncpg://wagu:p%40ss@db.example.org/wagu"


def test_postgresql_without_its_driver(monkeypatch):
    monkeypatch.setattr("wagu.settings.find_spec", lambda name: None)
    monkeypatch.setenv("WAGU_DATABASE_URL", "postgresql://wagu@localhost/wagu")
    with pytest.raises(SettingsError, match=r"pip install 'wagu-book\[postgres\]'"):
        Settings.read()
    monkeypatch.setenv("WAGU_DATABASE_URL", "sqlite:////var/lib/wagu.db")
    Settings.read()


def test_an_argument_beats_the_environment(monkeypatch):
    monkeypatch.setenv("WAGU_PORT", "9000")
    assert Settings.read(port=9100).port == 9100


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("MEDIA_PORT", "-1"),
        ("PUBLIC_URL", "wagu.example.org"),
        ("PUBLIC_URL", "https://wagu.example.org/path"),
        ("PUBLIC_URL", "ftp://wagu.example.org"),
        ("MEDIA_TCP_PORT", "65536"),
        ("PUBLIC_URL", "http://[bad"),
        ("DATABASE_URL", "mysql://localhost/wagu"),
        ("REDIS_URL", "localhost:6379"),
        ("TRUSTED_PROXIES", "nonsense"),
        ("MEDIA_ADDRESSES", "example.org"),
        ("TURN_URLS", "turn.example.org"),
        ("TURN_URLS", "turn:turn.example.org,stun:stun.example.org"),
        ("TURN_URLS", "turn:turn.example.org?transport=sctp"),
        ("TURN_URLS", 'turn:x>; rel="y"'),
        ("TURN_HOURS", "0"),
        ("TILE_URL", "https://tile.example.org"),
        ("TILE_URL", "tile/{z}/{x}/{y}"),
        ("PMTILES", "/nowhere/map.pmtiles"),
        ("MAP_CENTER", "100,0"),
        ("MAP_CENTER", "1"),
        ("MAP_CENTER", "a,b"),
        ("MAP_ZOOM", "99"),
        ("AI_BASE_URL", "api.example.org/v1"),
        ("AI_BASE_URL", "https://me:secret@api.example.org/v1"),
        ("AI_BASE_URL", "https://api.example.org/v1?key=secret"),
        ("AI_VISION", "perhaps"),
        ("AI_TIMEOUT", "0"),
        ("AI_DAILY_LIMIT", "0"),
        ("PLACES_PROVIDER", "elsewhere"),
        ("PLACES_URL", "file:///etc/passwd"),
        ("SIGNUP", "maybe"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
        ("NAME", ""),
    ],
)
def test_a_wrong_value_is_named_in_one_line(monkeypatch, name, value):
    monkeypatch.setenv(f"WAGU_{name}", value)
    with pytest.raises(SettingsError) as caught:
        Settings.read()
    sentence = str(caught.value)
    assert sentence.startswith(f"WAGU_{name} ")
    assert "\n" not in sentence
    assert "pydantic" not in sentence


def test_a_map_file_is_one_that_browsers_draw(monkeypatch, tmp_path):
    file = pmtiles.write(tmp_path / "seoul.pmtiles")
    monkeypatch.setenv("WAGU_PMTILES", str(file))
    assert Settings.read().pmtiles == file
    for spoil, why in {
        lambda: pmtiles.write(file, pmtiles.PNG): "only vector tiles",
        lambda: file.write_bytes(file.read_bytes()[:100]): "no PMTiles archive",
        lambda: file.write_bytes(bytes(1000)): "no PMTiles archive",
        file.unlink: "not a file",
    }.items():
        spoil()
        with pytest.raises(SettingsError, match=f"^WAGU_PMTILES .*{why}"):
            Settings.read()


def test_a_secret_may_live_in_a_file(monkeypatch, tmp_path):
    secret = tmp_path / "redis"
    secret.write_text("redis://:password@redis:6379/0\n")
    monkeypatch.setenv("WAGU_REDIS_URL_FILE", str(secret))
    assert Settings.read().redis_url == "redis://:password@redis:6379/0"


def test_a_secret_in_two_places_or_in_none(monkeypatch, tmp_path):
    monkeypatch.setenv("WAGU_REDIS_URL_FILE", str(tmp_path / "missing"))
    with pytest.raises(SettingsError, match="WAGU_REDIS_URL_FILE cannot be read"):
        Settings.read()
    monkeypatch.setenv("WAGU_REDIS_URL", "redis://localhost")
    with pytest.raises(SettingsError, match="both set"):
        Settings.read()


def test_a_refused_secret_is_not_shown(monkeypatch):
    monkeypatch.setenv("WAGU_REDIS_URL", "http://:hunter2@redis")
    with pytest.raises(SettingsError) as caught:
        Settings.read()
    assert "hunter2" not in str(caught.value)


def test_every_secret_may_be_in_a_file_and_nothing_looks_like_one_unnoticed(tmp_path):
    environ = {}
    for name in SECRETS:
        file = tmp_path / name
        file.write_text(f"of {name}\n")
        environ[f"WAGU_{name.upper()}_FILE"] = str(file)
    assert secrets_from_files(environ, PREFIX, SECRETS) == {name: f"of {name}" for name in SECRETS}
    like_one = {
        name for name in Settings.model_fields if re.search("secret|key|password|token", name)
    }
    harmless = {"objects_key", "media_key", "tls_key"}
    """Halves of pairs, like a user's name, and the path of a file."""
    assert like_one - harmless <= set(SECRETS)


def test_an_endpoint_for_drafts(monkeypatch, tmp_path):
    assert Settings.read().ai_base_url is None
    secret = tmp_path / "key"
    secret.write_text("sk-hunter2\n")
    monkeypatch.setenv("WAGU_AI_BASE_URL", "https://me:hunter2@api.example.org/v1/")
    with pytest.raises(SettingsError) as caught:
        Settings.read()
    assert "hunter2" not in str(caught.value)
    monkeypatch.setenv("WAGU_AI_BASE_URL", "https://api.example.org/v1/")
    monkeypatch.setenv("WAGU_AI_API_KEY_FILE", str(secret))
    with pytest.raises(SettingsError, match="WAGU_AI_MODEL is needed with WAGU_AI_BASE_URL"):
        Settings.read()
    monkeypatch.setenv("WAGU_AI_MODEL", "a-model")
    monkeypatch.setenv("WAGU_AI_VISION", "true")
    settings = Settings.read()
    assert settings.ai_base_url == "https://api.example.org/v1"
    assert (settings.ai_model, settings.ai_vision) == ("a-model", True)
    assert settings.ai_api_key == "sk-hunter2"
    assert "hunter2" not in repr(settings)


def test_turn_servers_have_a_secret(monkeypatch, tmp_path):
    assert Settings.read().turn_urls == ()
    sentence = "WAGU_TURN_SECRET and WAGU_TURN_URLS are set together"
    monkeypatch.setenv("WAGU_TURN_SECRET", "hunter2")
    with pytest.raises(SettingsError, match=sentence) as caught:
        Settings.read()
    assert "hunter2" not in str(caught.value)
    monkeypatch.delenv("WAGU_TURN_SECRET")
    monkeypatch.setenv(
        "WAGU_TURN_URLS", "turn:turn.example.org, turns:[2001:db8::1]:443?transport=tcp"
    )
    with pytest.raises(SettingsError, match=sentence):
        Settings.read()
    secret = tmp_path / "secret"
    secret.write_text("hunter2\n")
    monkeypatch.setenv("WAGU_TURN_SECRET_FILE", str(secret))
    settings = Settings.read()
    assert settings.turn_urls == ("turn:turn.example.org", "turns:[2001:db8::1]:443?transport=tcp")
    assert (settings.turn_secret, settings.turn_hours) == ("hunter2", 24)
    assert "hunter2" not in repr(settings)


def test_https_of_our_own_or_with_files(monkeypatch, tmp_path):
    assert not Settings.read().speaks_tls
    monkeypatch.setenv("WAGU_TLS", "self-signed")
    assert Settings.read().speaks_tls
    file = tmp_path / "certificate.pem"
    monkeypatch.setenv("WAGU_TLS_CERT", str(file))
    with pytest.raises(SettingsError, match="WAGU_TLS_CERT is of no use with WAGU_TLS=self-signed"):
        Settings.read()
    monkeypatch.delenv("WAGU_TLS")
    with pytest.raises(SettingsError, match="WAGU_TLS_CERT is not a file that can be read"):
        Settings.read()
    file.touch()
    with pytest.raises(SettingsError, match="WAGU_TLS_KEY and WAGU_TLS_CERT are set together"):
        Settings.read()
    monkeypatch.setenv("WAGU_TLS_KEY", str(file))
    assert Settings.read().speaks_tls


@pytest.mark.parametrize(
    ("provider", "needed"),
    [
        ("own", []),
        ("photon", []),
        ("nominatim", []),
        ("kakao", ["PLACES_KEY"]),
        ("naver", ["PLACES_CLIENT_ID", "PLACES_KEY"]),
    ],
)
def test_a_provider_of_places_has_its_keys(monkeypatch, provider, needed):
    monkeypatch.setenv("WAGU_PLACES_PROVIDER", provider)
    for name in needed:
        sentence = f"WAGU_{name} is needed with WAGU_PLACES_PROVIDER={provider}"
        with pytest.raises(SettingsError, match=sentence):
            Settings.read()
        monkeypatch.setenv(f"WAGU_{name}", "hunter2")
    settings = Settings.read()
    assert settings.places_provider == provider
    assert settings.places_key in ("", "hunter2")
    assert "places_key" not in repr(settings)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"NAVER_CLIENT_ID": "x"}, "WAGU_NAVER_CLIENT_SECRET is needed with WAGU_NAVER_CLIENT_ID"),
        ({"GOOGLE_CLIENT_ID": "x"}, "WAGU_GOOGLE_CLIENT_SECRET is needed"),
        ({"OIDC_ISSUER": "https://id.example"}, "WAGU_OIDC_CLIENT_ID and WAGU_OIDC_ISSUER are"),
        ({"OIDC_CLIENT_ID": "x"}, "WAGU_OIDC_CLIENT_ID and WAGU_OIDC_ISSUER are"),
        ({"OIDC_ISSUER": "id.example", "OIDC_CLIENT_ID": "x"}, "WAGU_OIDC_ISSUER must look like"),
    ],
)
def test_half_a_provider_is_refused(monkeypatch, given, said):
    for name, value in given.items():
        monkeypatch.setenv(f"WAGU_{name}", value)
    with pytest.raises(SettingsError, match=said):
        Settings.read()


def test_the_providers_that_are_set_up_are_offered_and_hide_their_secrets(monkeypatch, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hush\n")
    for name, value in {
        "KAKAO_CLIENT_ID": "k",
        "GOOGLE_CLIENT_ID": "g",
        "GOOGLE_CLIENT_SECRET_FILE": str(secret),
        "OIDC_ISSUER": "https://id.example",
        "OIDC_CLIENT_ID": "o",
        "OIDC_NAME": "우리 회사",
    }.items():
        monkeypatch.setenv(f"WAGU_{name}", value)
    settings = Settings.read()
    providers = providers_of(settings)
    assert [(one.key, one.name) for one in providers] == [
        ("kakao", "카카오"),
        ("google", "Google"),
        ("oidc", "우리 회사"),
    ]
    assert [one.client_secret for one in providers] == [None, "hush", None]
    assert "hush" not in repr(settings) + repr(providers)


# ------------------------------------------------------------------------- a media server elsewhere

LIVEKIT = {
    "WAGU_MEDIA": "livekit",
    "WAGU_MEDIA_URL": "http://livekit:7880/",
    "WAGU_MEDIA_KEY": "APIwagu",
    "WAGU_MEDIA_SECRET": "a-secret-of-thirty-two-characters",
}


def test_media_is_here_unless_it_is_said_where(monkeypatch):
    assert Settings.read().media == "embedded"
    for name, value in LIVEKIT.items():
        monkeypatch.setenv(name, value)
    settings = Settings.read()
    assert (settings.media_url, settings.browsers_media_url) == ("http://livekit:7880",) * 2
    monkeypatch.setenv("WAGU_MEDIA_PUBLIC_URL", "https://livekit.example.org")
    assert Settings.read().browsers_media_url == "https://livekit.example.org"
    assert "thirty-two" not in repr(Settings.read())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"WAGU_MEDIA_URL": None}, "WAGU_MEDIA_URL is needed with WAGU_MEDIA=livekit"),
        ({"WAGU_MEDIA_KEY": None}, "WAGU_MEDIA_KEY is needed with WAGU_MEDIA=livekit"),
        ({"WAGU_MEDIA_SECRET": None}, "WAGU_MEDIA_SECRET is needed with WAGU_MEDIA=livekit"),
        ({"WAGU_MEDIA_SECRET": "short"}, "WAGU_MEDIA_SECRET must have 32 characters or more"),
        ({"WAGU_MEDIA_URL": "livekit:7880"}, "WAGU_MEDIA_URL must look like https://"),
        ({"WAGU_MEDIA_URL": "http://a:b@livekit"}, "WAGU_MEDIA_URL must have neither a password"),
        ({"WAGU_MEDIA": "janus"}, "WAGU_MEDIA should be 'embedded', 'openvidu2' or 'livekit'"),
    ],
)
def test_what_that_server_needs_is_asked_for(monkeypatch, changed, said):
    for name, value in (LIVEKIT | changed).items():
        if value is not None:
            monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        Settings.read()
    assert str(refused.value).startswith(said)
    assert "short" not in str(refused.value)


# ------------------------------------------------------------------------------ what README.md says

README = Path(__file__).resolve().parents[2] / "README.md"
ROW = re.compile(r"^\| (`WAGU_[^|]*) \|", re.MULTILINE)
VARIABLE = re.compile(r"`WAGU_([A-Z_]+)`( ∗)?")


def documented() -> dict[str, bool]:
    """Setting → whether its row says that it may be read from a file."""
    rows = ROW.findall(README.read_text(encoding="utf-8"))
    return {name.lower(): bool(star) for row in rows for name, star in VARIABLE.findall(row)}


def test_the_table_in_the_readme_has_every_setting_and_no_other():
    assert documented().keys() == Settings.model_fields.keys()


def test_the_table_marks_what_may_be_a_secret():
    assert {name for name, marked in documented().items() if marked} == set(SECRETS)


def test_redirect_uris_are_those_that_are_answered():
    keys = re.findall(r"https://wagu\.example\.org/auth/(\w+)/callback", README.read_text("utf-8"))
    everything = Settings(
        kakao_client_id="x",
        naver_client_id="x",
        naver_client_secret="x",
        google_client_id="x",
        google_client_secret="x",
        oidc_issuer="https://id.example",
        oidc_client_id="x",
    )
    assert keys == [one.key for one in providers_of(everything)]
    assert any(route.path == "/auth/{provider}/callback" for route in ROUTES)
