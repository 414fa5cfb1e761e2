"""A program: FFmpeg's WHIP muxer, through PyAV, sends a moving bar and a tone until it is stopped.

    python tests/browser/whip_publisher.py <whip url> <ticket> <folder for a certificate> …

What follows are more options of the muxer, as name=value. It ends by itself a minute later, should
nobody stop it.
"""

from __future__ import annotations

import datetime
import fractions
import itertools
import signal
import sys
import time
from pathlib import Path
from typing import Any

import av
import numpy as np
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

WIDTH, HEIGHT, RATE = 640, 360, 25
SAMPLE_RATE, SAMPLES = 48_000, 960  # 20 ms, one Opus packet
LONGEST = 60.0


def certificate(folder: Path) -> dict[str, str]:
    """The muxer's options for DTLS: it makes no certificate by itself that browsers' peers like."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "whip")])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    signed = (
        builder.not_valid_before(now - day).not_valid_after(now + day).sign(key, hashes.SHA256())
    )
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    secret = key.private_bytes(encoding, serialization.PrivateFormat.TraditionalOpenSSL, plain)
    (folder / "cert.pem").write_bytes(signed.public_bytes(encoding))
    (folder / "key.pem").write_bytes(secret)
    return {"cert_file": str(folder / "cert.pem"), "key_file": str(folder / "key.pem")}


def picture(number: int) -> av.VideoFrame:
    """A bar that walks to the right over a background that changes."""
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    image[:, :, 0] = number * 5 % 255
    at = number * 8 % (WIDTH - 40)
    image[50:310, at : at + 40] = 255
    frame = av.VideoFrame.from_ndarray(image, "rgb24")
    frame.pts, frame.time_base = number, fractions.Fraction(1, RATE)
    return frame


def tone(number: int) -> av.AudioFrame:
    """20 ms of 440 Hz."""
    at = np.arange(SAMPLES) + number * SAMPLES
    wave = (np.sin(2 * np.pi * 440 * at / SAMPLE_RATE) * 8000).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(np.repeat(wave, 2)[None, :], "s16", "stereo")
    frame.rate, frame.pts = SAMPLE_RATE, number * SAMPLES
    frame.time_base = fractions.Fraction(1, SAMPLE_RATE)
    return frame


def send(output: Any, until: float) -> None:
    """Both streams in real time."""
    low_delay = {"profile": "baseline", "preset": "ultrafast", "tune": "zerolatency", "g": "25"}
    video = output.add_stream("libx264", rate=RATE, options=low_delay | {"bf": "0"})
    video.width, video.height, video.pix_fmt, video.bit_rate = WIDTH, HEIGHT, "yuv420p", 800_000
    audio = output.add_stream("libopus", rate=SAMPLE_RATE)
    audio.layout = "stereo"
    begun = time.monotonic()
    tones = itertools.count()
    for number in itertools.count():
        if time.monotonic() > until:
            return
        output.mux(video.encode(picture(number)))
        for _ in range(SAMPLE_RATE // RATE // SAMPLES):
            output.mux(audio.encode(tone(next(tones))))
        time.sleep(max(0.0, begun + number / RATE - time.monotonic()))


def main(url: str, ticket: str, folder: str, *more: str) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    av.logging.set_level(av.logging.INFO)
    options = {"authorization": ticket, **certificate(Path(folder))}
    options |= {name: text for name, _, text in (option.partition("=") for option in more)}
    output = av.open(url, "w", format="whip", options=options)
    try:
        send(output, time.monotonic() + LONGEST)
    except KeyboardInterrupt:
        print("stopped", flush=True)
    finally:
        output.close()  # sends DELETE


if __name__ == "__main__":
    main(*sys.argv[1:])
