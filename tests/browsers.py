"""How the browsers of the tests are started: with fake devices, and without calls home."""

from __future__ import annotations

from collections.abc import Mapping

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",  # tests run as root in containers
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)

FIREFOX_PREFERENCES: Mapping[str, bool | int] = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "permissions.default.camera": 1,  # what a page that asks beforehand is told
    "permissions.default.microphone": 1,
    # The lab's http counts as secure; its icons are not to be asked for by https for that.
    "security.mixed_content.upgrade_display_content": False,
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
    # Addresses instead of names of multicast DNS, which no server here resolves.
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}
