"""What others meet: the port, links, addresses, paths, and who is called only if asked."""

from __future__ import annotations

import socket

import pytest
from aiohttp import web

from tests.fakes.places import KEY, fake_places
from tests.turn import SECRET
from wagu.doctor import announced, http_port, paths, public_url, services, turn
from wagu.doctor.finding import Level
from wagu.settings import Settings

OK, WARNING, PROBLEM = Level


def answering(status, body):
    async def answer(_request):
        return web.json_response(body, status=status)

    return answer


async def test_a_port_that_is_free(free_port, only):
    served, found = await http_port.check("127.0.0.1", free_port())
    assert not served
    assert "is free" in only(found, OK)


@pytest.mark.parametrize(
    ("status", "body", "served", "level", "said"),
    [
        (200, {"ready": True, "parts": {"media": True}}, True, OK, "is ready"),
        (503, {"ready": False, "parts": {"media": False}}, True, PROBLEM, "not ready: media"),
        (200, {"hello": "world"}, False, PROBLEM, "another program"),
        (404, [], False, PROBLEM, "another program"),
    ],
)
async def test_a_port_where_somebody_listens(listener, only, status, body, served, level, said):
    port = await listener(answering(status, body))
    ours, found = await http_port.check("127.0.0.1", port)
    assert ours is served
    assert said in only(found, level)


@pytest.mark.parametrize(
    ("settings", "level"),
    [
        ({}, WARNING),
        ({"public_url": "http://127.0.0.1:8080"}, OK),
        ({"public_url": "http://192.168.0.5:8080"}, PROBLEM),
        ({"public_url": "https://wagu.example.org", "trusted_proxies": "127.0.0.1"}, OK),
    ],
)
def test_where_browsers_give_a_microphone(only, settings, level):
    only(public_url.check(Settings(**settings)), level)


def test_a_proxy_that_nobody_named():
    found = public_url.check(Settings(public_url="https://wagu.example.org"))
    assert [each.level for each in found] == [OK, WARNING]
    assert "WAGU_TRUSTED_PROXIES" in found[1].advice


@pytest.mark.parametrize(
    ("url", "addresses", "level"),
    [
        ("https://wagu.example.org", "192.168.0.5,127.0.0.1", PROBLEM),
        ("https://wagu.example.org", "172.17.0.2", PROBLEM),  # a container's
        ("https://wagu.example.org", "8.8.8.8,192.168.0.5", OK),
        ("https://wagu.example.org", "2606:4700::1111", OK),
        ("https://8.8.4.4", "10.0.0.1", PROBLEM),
        ("http://192.168.0.5:8080", "192.168.0.5", OK),
        ("https://table.local", "192.168.0.5", OK),
        (None, "127.0.0.1", OK),
    ],
)
def test_addresses_that_strangers_cannot_reach(only, url, addresses, level):
    settings = Settings(public_url=url, media_addresses=addresses)
    found = announced.check(settings, announced.addresses(settings))
    only(found, level)


def test_what_is_announced_without_a_wish():
    assert "127.0.0.1" in announced.addresses(Settings())
    assert announced.addresses(Settings(host="192.0.2.5")) == ("192.0.2.5",)


async def test_without_a_server_datagrams_and_connections_go_around(free_port, tmp_path):
    settings = Settings(port=free_port(), media_addresses="127.0.0.1,192.0.2.77", data_dir=tmp_path)
    told = announced.addresses(settings)
    found = await paths.check(settings, told, served=False)
    seen = [(each.check, each.text.split()[0], each.level) for each in found]
    assert seen == [
        ("udp", "127.0.0.1", OK),
        ("udp", "192.0.2.77", WARNING),
        ("tcp", "127.0.0.1", OK),
        ("tcp", "192.0.2.77", WARNING),
    ]


async def test_a_media_port_that_somebody_has(free_port, tmp_path, only):
    settings = Settings(port=free_port(), media_tcp_port=0, data_dir=tmp_path)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("0.0.0.0", settings.udp_port))
        found = await paths.check(settings, ["127.0.0.1"], served=False)
    assert "in use" in only(found, PROBLEM)


async def test_a_server_of_another_folder(tmp_path, only):
    found = await paths.check(Settings(data_dir=tmp_path), ["127.0.0.1"], served=True)
    assert "is another one" in only(found, PROBLEM)


async def test_turn_servers_are_not_called_unasked(free_port, only):
    only(await turn.check(Settings(), ask=True), OK)
    gone = Settings(turn_urls=f"turn:127.0.0.1:{free_port()}?transport=tcp", turn_secret="x")
    only(await turn.check(gone, ask=False), OK)
    assert "does not answer" in only(await turn.check(gone, ask=True), PROBLEM)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_turn_server_that_is_asked(coturn, only, transport):
    url = f"{coturn.url}?transport={transport}"
    ours = Settings(turn_urls=url, turn_secret=SECRET)
    assert "takes our credentials" in only(await turn.check(ours, ask=True), OK)
    others = Settings(turn_urls=url, turn_secret="not theirs")
    assert "refuses our credentials: 401" in only(await turn.check(others, ask=True), PROBLEM)


@pytest.mark.parametrize(
    ("settings", "levels"),
    [
        ({}, [OK]),
        ({"ai_api_key": "k"}, [WARNING]),
        ({"ai_base_url": "http://localhost:1/v1", "ai_model": "m", "ai_api_key": "k"}, [OK]),
        ({"ai_base_url": "http://ai.lan/v1", "ai_model": "m", "ai_api_key": "k"}, [WARNING, OK]),
        ({"ai_base_url": "https://ai.example.org/v1", "ai_model": "m", "ai_api_key": "k"}, [OK]),
    ],
)
async def test_an_endpoint_that_makes_sense(settings, levels):
    found = await services.check_ai(Settings(**settings), ask=False)
    assert [each.level for each in found] == levels


@pytest.mark.parametrize(
    ("status", "body", "level", "said"),
    [
        (200, {"data": [{"id": "m"}]}, OK, "has m"),
        (200, {"data": [{"id": "other"}]}, WARNING, "does not list"),
        (200, {"hello": "world"}, PROBLEM, "no OpenAI-compatible"),
        (401, {"error": {"message": "hunter2"}}, PROBLEM, "401"),
    ],
)
async def test_an_endpoint_that_is_asked(listener, only, status, body, level, said):
    port = await listener(answering(status, body))
    url = f"http://127.0.0.1:{port}/v1"
    settings = Settings(ai_base_url=url, ai_model="m", ai_api_key="hunter2")
    text = only(await services.check_ai(settings, ask=True), level)
    assert said in text
    assert "hunter2" not in text


@pytest.mark.parametrize(
    ("settings", "level"),
    [
        ({}, OK),
        ({"places_provider": "photon"}, OK),
        ({"places_key": "k"}, WARNING),
        ({"places_provider": "photon", "places_key": "k"}, WARNING),
        ({"places_url": "https://photon.example.org"}, WARNING),
    ],
)
async def test_a_provider_that_makes_sense(only, settings, level):
    only(await services.check_places(Settings(**settings), ask=False), level)


async def test_a_provider_that_is_asked(only):
    async with fake_places() as fake:
        for key, level, said in ((KEY, OK, "with 1 places"), ("bad", PROBLEM, "misconfigured")):
            settings = Settings(places_provider="kakao", places_key=key, places_url=fake.url)
            assert said in only(await services.check_places(settings, ask=True), level)
