"""Real reverse proxies, run with the files of scripts/operate; only names and ports are changed."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.certificate import Certificate

FILES = Path(__file__).resolve().parents[2] / "scripts" / "operate"
NAME, BEHIND = "wagu.example.org", "127.0.0.1:8080"

NGINX = """
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/wagu.conf;
}}
"""
CADDY = """{
	admin off
	auto_https disable_redirects
}
"""


def with_these(text: str, changes: Mapping[str, str]) -> str:
    """Each change must find what it changes, so that the file and the test cannot part."""
    for before, after in changes.items():
        assert before in text, f"the example has no {before!r}"
        text = text.replace(before, after)
    return text


class Proxy:
    """`url` leads to it, `plain` to its port without TLS, where it has one."""

    def __init__(
        self, program: str, folder: Path, certificate: Certificate, ports: tuple[int, int]
    ) -> None:
        self._program, self._folder, self._certificate = program, folder, certificate
        self.port, self.plain_port = ports
        self.url = f"https://127.0.0.1:{self.port}"
        self.log_file = folder / "proxy.log"

    def start(self, behind: int) -> subprocess.Popen[bytes]:
        """`behind`: the port of Wagu Book."""
        command = [self._program, *self._arguments(f"127.0.0.1:{behind}")]
        environment = {"HOME": str(self._folder), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
        with self.log_file.open("wb") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, env=environment)

    def _arguments(self, behind: str) -> list[str]:
        raise NotImplementedError  # each proxy has its own


class Nginx(Proxy):
    def _arguments(self, behind: str) -> list[str]:
        example = (FILES / "nginx.conf").read_text()
        changes = {
            "    listen [::]:80;\n": "",
            "    listen [::]:443 ssl http2;\n": "",
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen 443 ": f"listen 127.0.0.1:{self.port} ",
            f"/etc/letsencrypt/live/{NAME}/fullchain.pem": str(self._certificate.certificate),
            f"/etc/letsencrypt/live/{NAME}/privkey.pem": str(self._certificate.key),
            BEHIND: behind,
        }
        (self._folder / "wagu.conf").write_text(with_these(example, changes))
        whole = self._folder / "nginx.conf"
        whole.write_text(NGINX.format(folder=self._folder))
        return ["-c", str(whole), "-e", "stderr", "-p", str(self._folder)]


class Caddy(Proxy):
    def _arguments(self, behind: str) -> list[str]:
        example = (FILES / "Caddyfile").read_text()
        tls = f"tls {self._certificate.certificate} {self._certificate.key}"
        changes = {f"\n{NAME} {{\n": f"\n{self.url} {{\n\t{tls}\n", BEHIND: behind}
        whole = self._folder / "Caddyfile"
        whole.write_text(CADDY + with_these(example, changes))
        return ["run", "--config", str(whole), "--adapter", "caddyfile"]
