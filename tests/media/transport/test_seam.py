"""The private names of aiortc, aioice and pylibsrtp that we stand on, checked one by one.

The versions are pinned; whoever raises them sees here what moved, instead of in a call.
"""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import pytest
from aioice import stun
from aiortc import rtcdtlstransport as dtls
from pylibsrtp import ERRORS, Policy, Session
from pylibsrtp._binding import ffi, lib

from media.transport import srtp


class Duck:
    role = "controlled"

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    async def _recv(self) -> bytes:
        raise ConnectionError

    async def _send(self, data: bytes) -> None:
        self.sent.append(data)


async def test_a_dtls_transport_needs_only_recv_send_and_role() -> None:
    duck: Any = Duck()
    certificate = dtls.RTCCertificate.generateCertificate()
    transport = dtls.RTCDtlsTransport(duck, [certificate])
    states: list[str] = []
    transport.on("statechange", lambda: states.append(transport.state))
    transport._set_role("client")
    transport._srtp_profiles = [dtls.SRTP_AEAD_AES_128_GCM]
    assert (transport._rx_srtp, transport._tx_srtp, transport._ssl) == (None, None, None)
    assert transport.state == "new"
    fingerprint = dtls.RTCDtlsFingerprint("sha-256", "00")
    await transport.start(dtls.RTCDtlsParameters(fingerprints=[fingerprint]))
    assert states == ["connecting", "failed"]
    assert duck.sent[0][0] == 22
    assert transport._ssl is not None
    assert hasattr(transport._ssl, "get_selected_srtp_profile")
    await transport.stop()


async def test_a_certificate_is_asked_for_the_context_of_each_link() -> None:
    asked = []

    class Certificate(dtls.RTCCertificate):
        def _create_ssl_context(self, srtp_profiles: Any) -> Any:
            asked.append(srtp_profiles)
            return super()._create_ssl_context(srtp_profiles)

    duck: Any = Duck()
    transport = dtls.RTCDtlsTransport(duck, [Certificate.generateCertificate()])
    transport._srtp_profiles = [dtls.SRTP_AEAD_AES_128_GCM]
    fingerprint = dtls.RTCDtlsFingerprint("sha-256", "00")
    await transport.start(dtls.RTCDtlsParameters(fingerprints=[fingerprint]))
    await transport.stop()
    assert asked == [[dtls.SRTP_AEAD_AES_128_GCM]]


def test_a_handshake_waits_on_the_link_alone() -> None:
    """aiortc awaits `transport._recv()`; a rename would leave us waiting for the time-out."""
    source = inspect.getsource(dtls.RTCDtlsTransport)
    for name in ("self.transport._recv()", "self.transport._send(", "self._srtp_profiles"):
        assert name in source
    assert asyncio.iscoroutinefunction(dtls.RTCDtlsTransport.stop)


def test_stop_never_waits_for_the_network() -> None:
    """`Transport.close` and cancelled links rely on it: its only await is our `_send`."""
    awaits = [
        line.strip()
        for line in inspect.getsource(dtls.RTCDtlsTransport.stop).splitlines()
        if "await" in line
    ]
    assert awaits == ["await self._write_ssl()"]


def test_fingerprints_come_with_sha_256() -> None:
    prints = dtls.RTCCertificate.generateCertificate().getFingerprints()
    assert "sha-256" in [each.algorithm for each in prints]


def test_profiles_have_the_names_of_rfc_7714() -> None:
    assert dtls.SRTP_AEAD_AES_128_GCM.openssl_profile == b"SRTP_AEAD_AES_128_GCM"
    assert dtls.SRTP_AEAD_AES_256_GCM in dtls.SRTP_PROFILES
    assert dtls.SRTP_AES128_CM_SHA1_80 in dtls.SRTP_PROFILES


def test_stun_messages_parse_and_sign() -> None:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity(b"key")
    parsed = stun.parse_message(bytes(message))
    assert "USE-CANDIDATE" in parsed.attributes
    assert parsed.check_message_integrity(b"key")
    assert not parsed.check_message_integrity(b"other")
    assert stun.COOKIE == 0x2112A442


@pytest.mark.parametrize(
    "name", ["srtp_protect", "srtp_unprotect", "srtp_protect_rtcp", "srtp_unprotect_rtcp"]
)
def test_libsrtp_works_in_place_on_a_pointer_and_a_length(name: str) -> None:
    signature = ffi.typeof(getattr(lib, name))
    assert [argument.cname for argument in signature.args] == [
        "struct srtp_ctx_t_ *",
        "void *",
        "int *",
    ]


def test_a_session_shows_its_handle() -> None:
    key = bytes(28)
    profile = Policy.SRTP_PROFILE_AEAD_AES_128_GCM
    session = Session(Policy(key, Policy.SSRC_ANY_OUTBOUND, srtp_profile=profile))
    assert ffi.typeof(session._srtp[0]).cname == "struct srtp_ctx_t_ *"


def test_status_codes_mean_what_we_call_them() -> None:
    assert lib.srtp_err_status_ok == 0
    assert ERRORS[-srtp.AUTHENTICATION_FAILED] == "authentication failure"
    assert ERRORS[-srtp.REPLAYED] == "replay check failed (bad index)"
    assert ERRORS[-srtp.REPLAYED_LONG_AGO] == "replay check failed (index too old)"
