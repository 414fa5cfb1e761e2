"""Lives whose media is at another server: tokens as tickets, its news, what a page may reach."""

from __future__ import annotations

import pytest

from tests.wagu.web.conftest import ELSEWHERE
from tests.wagu.web.test_headers import policy
from wagu.domain.live import LiveId, LiveState
from wagu.errors import Unavailable
from wagu.media_backend.base import Capabilities
from wagu.media_backend.delegated import DelegatedBackend
from wagu.web import keys

TOKENS = Capabilities(
    "livekit", simulcast=True, slots=0, negotiation="token", mute=False, recording=False
)


@pytest.fixture
async def elsewhere(site_with):
    async with site_with(**ELSEWHERE) as site:
        site.media.capabilities = TOKENS
        yield site


@pytest.fixture
async def live(elsewhere):
    host = await elsewhere.member("jimin")
    return host, (await host.post("/api/lives", {"title": "x"}))[1]["live"]["id"]


async def test_a_ticket_is_the_other_servers_token(elsewhere, live):
    host, live_id = live
    status, ticket = await host.post(f"/api/lives/{live_id}/tickets", {"role": "publish"})
    assert (status, ticket) == (
        201,
        {
            "kind": "livekit",
            "url": "wss://media.example.org",
            "token": "token of m_1:publish",
            "expires_at": 1_795_000_600_000,
            "ice_servers": [],
        },
    )
    _, ticket = await elsewhere.visitor().post(f"/api/lives/{live_id}/tickets", {"role": "watch"})
    assert ticket["token"].startswith("token of v_")
    roles = [(room, role) for _, room, _, role in elsewhere.media.calls]
    assert roles == [(f"live/{live_id}", "publish"), (f"live/{live_id}", "watch")]


async def test_the_doors_are_those_of_any_ticket(elsewhere, live):
    _, live_id = live
    other = await elsewhere.member("other")
    path = f"/api/lives/{live_id}/tickets"
    assert (await other.post(path, {"role": "publish"}))[0] == 403
    assert (await other.post(path, {"role": "guest"}))[1]["error"]["code"] == "stage.not_invited"
    hls = await other.post(path, {"role": "watch", "via": "hls"})
    assert (hls[0], hls[1]["error"]["code"]) == (409, "live.no_hls")
    await elsewhere.app[keys.LIVES].set_state(LiveId(live_id), LiveState.ENDED, elsewhere.clock())
    assert (await other.post(path, {"role": "watch"}))[0] == 410
    assert elsewhere.media.calls == []


async def test_without_that_server_there_are_no_tickets_and_everything_else(elsewhere, live):
    host, live_id = live
    elsewhere.media.refusal = Unavailable("media.unavailable", "없어요")
    status, answer = await host.post(f"/api/lives/{live_id}/tickets", {"role": "publish"})
    assert (status, answer["error"]["code"]) == (503, "media.unavailable")
    assert (await host.get(f"/api/lives/{live_id}"))[0] == 200
    assert (await host.post("/api/share-maps", {"title": "금요일"}))[0] == 201


async def test_what_that_server_cannot_do_is_not_offered(elsewhere, live):
    host, _ = live
    _, config = await host.get("/api/config")
    assert config["media"] == {
        "kind": "livekit",
        "slots": 0,
        "simulcast": True,
        "negotiation": "token",
        "mute": False,
    }


async def test_nobody_records_there(site_with, monkeypatch):
    monkeypatch.setattr("tests.wagu.web.conftest.FakeMedia.capabilities", TOKENS)
    async with site_with(**ELSEWHERE) as site:
        host = await site.member("jimin")
        assert (await host.get("/api/config"))[1]["recordings"] is False
        _, made = await host.post("/api/lives", {"title": "x", "record": True})
        assert made["live"]["recorded"] is False


async def test_its_webhooks_reach_the_backend_as_they_are(elsewhere):
    visitor = elsewhere.visitor()
    body = b'{"event": "room_finished"}'
    headers = {"Authorization": "signed", "Content-Type": "application/webhook+json"}
    response = await visitor.raw("POST", "/api/media/webhook", data=body, headers=headers)
    assert response.status == 204
    assert elsewhere.media.calls == [("hear", body.decode())]
    big = await visitor.raw("POST", "/api/media/webhook", data=b"x" * 70_000, headers=headers)
    assert big.status == 413


async def test_the_page_may_reach_that_server_and_no_other(elsewhere):
    sources = policy(await elsewhere.visitor().raw("GET", "/"))["connect-src"]
    assert sources[-2:] == ["https://livekit.example.org", "wss://livekit.example.org"]
    assert not any("livekit:7880" in source for source in sources)


@pytest.mark.parametrize("kind", ["livekit", "openvidu2"])
async def test_the_settings_choose_the_backend(tmp_path, kind):
    from wagu.app import create_app  # noqa: PLC0415 - the one test that builds it as it runs
    from wagu.settings import Settings  # noqa: PLC0415 - as above

    app = create_app(Settings(data_dir=tmp_path, **ELSEWHERE | {"media": kind}))
    backend = app[keys.MEDIA]
    assert isinstance(backend, DelegatedBackend)
    assert backend.capabilities.kind == kind
    assert app[keys.SPARED] == {"media"}
    await backend.close()
