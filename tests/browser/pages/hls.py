"""Watching by HLS: what the video element shows and sounds, as there is no connection to ask."""

from __future__ import annotations

from statistics import median

from playwright.async_api import Locator

from tests.browser.pages.live import Watch
from tests.clients.waiting import eventually

SHOWN = """(video) => [video.videoWidth, video.videoHeight, video.paused ? 0 : video.currentTime,
  video.getVideoPlaybackQuality().totalVideoFrames]"""

# The clapperboard's clock, read off the picture: how many ms ago it was shown there.
LATENCY = """(video) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
  const paint = canvas.getContext('2d', { willReadFrequently: true });
  paint.drawImage(video, 0, 0, 320, 180);
  const now = Math.floor(Date.now() / 10);
  let code = 0;
  for (let bit = 0; bit < 16; bit += 1) {
    if (paint.getImageData(bit * 20 + 10, 160, 1, 1).data[1] > 127) code |= 1 << bit;
  }
  return ((now - code) & 0xffff) * 10;
}"""

AHEAD = """(video) => {
  const end = video.buffered.length ? video.buffered.end(video.buffered.length - 1) : 0;
  return { ahead: end - video.currentTime, rate: video.playbackRate };
}"""

LOUDNESS = """async (video) => {
  if (!window.meter) {
    const context = new AudioContext();
    await context.resume();
    window.meter = context.createAnalyser();
    context.createMediaStreamSource(video.captureStream()).connect(window.meter);
  }
  const wave = new Float32Array(window.meter.fftSize);
  window.meter.getFloatTimeDomainData(wave);
  return Math.max(...wave);
}"""


class WatchByHls(Watch):
    async def sees_stream(self, size: tuple[int, int], *, within: float) -> None:
        """Frames are decoded and shown, in this size."""

        async def moves() -> bool:
            width, height, time, frames = await self._player.evaluate(SHOWN)
            return (width, height) == size and time > 0 and frames >= 10

        await eventually(moves, f"{self.visitor.name} sees a moving picture", within=within)

    async def plays(self, *, seconds: float = 3.0, within: float = 60.0) -> None:
        """Shows so many seconds of pictures, of whatever size."""
        begun: list[float] = []

        async def goes_on() -> bool:
            width, _, time, frames = await self._player.evaluate(SHOWN)
            if not (width and time and frames):
                return False
            begun.append(time)
            return bool(time >= begun[0] + seconds)

        await eventually(goes_on, f"{self.visitor.name} sees it go on", within=within)

    async def hears_tone(self, *, within: float) -> None:
        async def sounds() -> bool:
            return bool(await self._player.evaluate(LOUDNESS) > 0.05)

        await eventually(sounds, f"{self.visitor.name} hears the live", within=within)

    async def latency(self, samples: int = 15) -> float:
        """Seconds from the host's canvas to this screen, the median of some moments."""
        found = []
        for _ in range(samples):
            found.append(await self._player.evaluate(LATENCY) / 1000)
            await self.page.wait_for_timeout(130)  # moments apart, not a wait for anything
        return median(found)

    async def ahead(self) -> dict[str, float]:
        """What is buffered ahead, in seconds, and how fast it plays."""
        found: dict[str, float] = await self._player.evaluate(AHEAD)
        return found

    async def frames(self) -> int:
        return int((await self._player.evaluate(SHOWN))[3])

    @property
    def _player(self) -> Locator:
        return self.page.get_by_test_id("player")
