"""What helps from outside: the AI endpoint and the provider of places. Called only if asked."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from wagu.doctor.finding import Finding, ok, problem, warning
from wagu.doctor.public_url import HERE
from wagu.errors import WaguError
from wagu.settings import Settings

ANSWER_WITHIN = 10.0
KEYLESS = frozenset({"own", "photon", "nominatim"})
PROBE_QUERY = "서울"


async def check_ai(settings: Settings, *, ask: bool) -> list[Finding]:
    url, model = settings.ai_base_url, settings.ai_model
    if url is None:
        if model or settings.ai_api_key or settings.ai_vision:
            text = "WAGU_AI_* is set, but not WAGU_AI_BASE_URL"
            return [
                warning("ai", text, "Set it too, or unset the others: a template writes drafts.")
            ]
        return [ok("ai", "none: a template writes drafts")]
    found = []
    if settings.ai_api_key and url.startswith("http:") and urlsplit(url).hostname not in HERE:
        text = f"{urlsplit(url).netloc} gets the key and the photos without https"
        found.append(warning("ai", text, "Only all right inside a network of your own."))
    if ask:
        return [*found, await asyncio.to_thread(_ask_ai, url, model, settings.ai_api_key)]
    return [*found, ok("ai", f"{model} at {urlsplit(url).netloc} (--ask calls it)")]


def _ask_ai(url: str, model: str, key: str) -> Finding:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    request = urllib.request.Request(f"{url}/models", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=ANSWER_WITHIN) as answer:
            listed = json.loads(answer.read(1 << 20))
        names = [each["id"] for each in listed["data"]]
    except urllib.error.HTTPError as refused:
        text = f"{urlsplit(url).netloc} answers {refused.code} {refused.reason}"
        return problem("ai", text, "Is WAGU_AI_API_KEY right, and the address with its /v1?")
    except OSError as error:
        why = getattr(error, "reason", error)
        text = f"{urlsplit(url).netloc} does not answer: {why}"
        return problem("ai", text, "Is it running? Members get the template meanwhile.")
    except (ValueError, KeyError, TypeError):
        text = f"{urlsplit(url).netloc} is no OpenAI-compatible endpoint"
        return problem("ai", text, "WAGU_AI_BASE_URL mostly ends in /v1.")
    if model not in names:
        text = f"{urlsplit(url).netloc} answers, and does not list the model {model}"
        return warning("ai", text, f"It lists {', '.join(names[:5]) or 'none'}: WAGU_AI_MODEL?")
    return ok("ai", f"{urlsplit(url).netloc} answers and has {model}")


async def check_places(settings: Settings, *, ask: bool) -> list[Finding]:
    kind = settings.places_provider
    keys = settings.places_key or settings.places_client_id
    if kind in KEYLESS and keys:
        text = f"a key for places is set, but WAGU_PLACES_PROVIDER is {kind}, which takes none"
        return [warning("places", text, "Set WAGU_PLACES_PROVIDER=kakao or naver.")]
    if settings.places_url is not None and kind == "own":
        advice = "Set WAGU_PLACES_PROVIDER=photon or nominatim."
        return [warning("places", "WAGU_PLACES_URL is set, and nobody asks it", advice)]
    if kind == "own":
        return [ok("places", "only those that members added are searched")]
    if ask:
        return [await _ask_places(settings)]
    return [ok("places", f"{kind} is asked (--ask calls it)")]


async def _ask_places(settings: Settings) -> Finding:
    from wagu.app import outside_places  # noqa: PLC0415 - everything, and only with --ask

    provider = outside_places(settings)
    assert provider is not None  # asked of others only
    try:
        found = await provider.search(PROBE_QUERY, None)
    except WaguError as error:
        text = f"{settings.places_provider} does not answer: {error.code}"
        return problem("places", text, "Is the key right? Members find our own places meanwhile.")
    finally:
        await provider.close()
    return ok("places", f"{settings.places_provider} answers, with {len(found)} places")
