"""The PMTiles file, in ranges."""

from __future__ import annotations

from tests.clients import pmtiles


async def test_ranges_of_the_file(site_with, tmp_path):
    file = pmtiles.write(tmp_path / "seoul.pmtiles")
    content = file.read_bytes()
    async with site_with(pmtiles=file, tile_attribution="© OpenStreetMap") as site:
        visitor = site.visitor()
        tiles = (await visitor.get("/api/config"))[1]["tiles"]
        assert (tiles["kind"], tiles["url"]) == ("pmtiles", "/tiles/map.pmtiles")
        assert tiles["attribution"] == "© OpenStreetMap"

        part = await visitor.raw("GET", tiles["url"], headers={"Range": "bytes=16-31"})
        assert part.status == 206
        assert await part.read() == content[16:32]
        assert part.headers["Content-Range"] == f"bytes 16-31/{len(content)}"
        assert part.headers["Cache-Control"] == "public, max-age=3600"

        beyond = await visitor.raw("GET", tiles["url"], headers={"Range": "bytes=5000-"})
        assert beyond.status == 416
        whole = await visitor.raw("GET", tiles["url"])
        assert (whole.status, len(await whole.read())) == (200, len(content))


async def test_no_file_no_tiles(site):
    status, answer = await site.visitor().get("/tiles/map.pmtiles")
    assert (status, answer["error"]["code"]) == (404, "tiles.none")
