"""Whose page sent this; and where a request comes from behind proxies."""

from __future__ import annotations

import pytest

BODY = {"name": "하늘"}


async def send(site, **headers):
    return await site.visitor().post("/api/guests", BODY, headers=headers)


async def test_a_page_of_ours_or_no_page_may_write(site):
    host = f"127.0.0.1:{site.server.port}"
    for headers in (
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": f"http://{host}"},
        {"Origin": f"https://{host}"},
        {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"},
    ):
        assert (await send(site, **headers))[0] == 201, headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "nonsense"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://[bad"},
    ],
)
async def test_another_site_may_not_write(site, headers):
    status, answer = await send(site, **headers)
    assert (status, answer["error"]["code"]) == (403, "request.cross_origin")


async def test_another_site_may_link_to_us(site):
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert (await site.visitor().get("/api/config", headers=headers))[0] == 200


async def test_the_public_origin_is_ours_too(site_with):
    async with site_with(public_url="https://wagu.example.org") as site:
        assert (await send(site, Origin="https://wagu.example.org"))[0] == 201
        assert (await send(site, Origin="https://other.example.org"))[0] == 403


async def test_a_trusted_proxy_says_who_asks_and_how(site_with):
    forwarded = {"X-Forwarded-For": "203.0.113.9, 127.0.0.1", "X-Forwarded-Proto": "https"}
    async with site_with(trusted_proxies=("127.0.0.0/8",)) as site:
        response = await site.visitor().raw("POST", "/api/guests", json=BODY, headers=forwarded)
        assert response.cookies["wagu_session"]["secure"]


async def test_anybody_else_is_not_believed(site):
    forwarded = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    response = await site.visitor().raw("POST", "/api/guests", json=BODY, headers=forwarded)
    assert not response.cookies["wagu_session"]["secure"]
