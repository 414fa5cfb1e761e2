"""A small internet of network namespaces: a router in the middle, a place per machine, real faults.

    net = Network()
    server, phone = net.place("server"), net.place("phone")
    phone.loss(5); phone.limit(500); phone.move(); phone.down(); phone.up(); phone.block("udp")
    subprocess.Popen([*phone.inside(), "curl", f"http://{server.address}:8080/"])
    net.close()

Faults sit on the router's side of a place's cable: what is lost simply does not arrive, and nothing
inside is told. The test process itself reaches every place through a cable of its own. Needs root,
or `sudo -n`; netem is not needed. All names carry the pid of the test process.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import shutil
import signal
import subprocess
from typing import Literal

Direction = Literal["both", "up", "down"]
"""Seen from the place: up is what it sends."""

PREFIX = "wagu"
BURST = "16kb"
QUEUE = "120ms"
"""How long a narrow link's queue may get: about what a home router holds."""


_COUNT = itertools.count()


class CannotFault(Exception):
    """Namespaces or firewalls cannot be made here; the text says why."""


class Network:
    """Owns the namespaces; `close` ends what runs in them and takes them away."""

    def __init__(self) -> None:
        _require_programs()
        _sweep()
        pid = os.getpid()
        self._number = 64 + pid % 128
        self._router = f"{PREFIX}-{pid}-router"
        # Linux takes a cable away some time after its namespace: the next network has another.
        self._cable = f"{PREFIX}{pid}.{next(_COUNT)}"
        self.places: list[Place] = []
        self._add_namespace(self._router)
        root("ip", "netns", "exec", self._router, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        forward = "net.ipv6.conf.all.forwarding=1"
        root("ip", "netns", "exec", self._router, "sysctl", "-qw", forward)
        self._connect_ourselves()

    def place(self, name: str) -> Place:
        """A machine with an IPv4 and an IPv6 address, a default route and nothing else on it."""
        index = len(self.places) + 1
        namespace = f"{PREFIX}-{os.getpid()}-{name}"
        self._add_namespace(namespace)
        cable = ("type", "veth", "peer", "name", "uplink", "netns", namespace)
        root("ip", "-n", self._router, "link", "add", f"to-{name}"[:15], *cable)
        made = Place(namespace, self._router, f"to-{name}"[:15], self._number, index)
        self.places.append(made)
        return made

    def close(self) -> None:
        for place in self.places:
            place.end_all()
        with contextlib.suppress(CannotFault):
            root("ip", "link", "del", self._cable)
        for namespace in (*(each.namespace for each in self.places), self._router):
            with contextlib.suppress(CannotFault):
                root("ip", "netns", "del", namespace)
        self.places.clear()

    def _connect_ourselves(self) -> None:
        ours = f"10.{self._number}.0"
        cable = ("type", "veth", "peer", "name", "to-tests", "netns", self._router)
        root("ip", "link", "add", self._cable, *cable)
        root("ip", "addr", "add", f"{ours}.1/24", "dev", self._cable)
        root("ip", "link", "set", self._cable, "up")
        root("ip", "-n", self._router, "addr", "add", f"{ours}.2/24", "dev", "to-tests")
        root("ip", "-n", self._router, "link", "set", "to-tests", "up")
        root("ip", "route", "add", f"10.{self._number}.0.0/16", "via", f"{ours}.2")

    def _add_namespace(self, name: str) -> None:
        root("ip", "netns", "add", name)
        root("ip", "-n", name, "link", "set", "lo", "up")
        # A link-local address that is examined first comes seconds later: a change of networks, on
        # which Chromium gives up the requests under way.
        for which in ("all", "default"):
            change = f"net.ipv6.conf.{which}.accept_dad=0"
            root("ip", "netns", "exec", name, "sysctl", "-qw", change)


class Place:
    """One machine of the network; `address` is where it is now."""

    def __init__(self, namespace: str, router: str, port: str, number: int, index: int) -> None:
        self.namespace = namespace
        self._router = router
        self._port = port
        self._net = f"10.{number}.{index}"
        self._net6 = f"fd00:{number}:{index}:"
        self._host = 2
        self._ip("link", "set", "uplink", "up")
        root("ip", "-n", router, "link", "set", port, "up")
        root("ip", "-n", router, "addr", "add", f"{self._net}.1/24", "dev", port)
        root("ip", "-n", router, "addr", "add", f"{self._net6}:1/64", "dev", port, "nodad")
        self._sit_down()

    @property
    def address(self) -> str:
        return f"{self._net}.{self._host}"

    @property
    def address6(self) -> str:
        return f"{self._net6}:{self._host}"

    def inside(self) -> list[str]:
        """What to write before a command so that it runs in this place, as the present user."""
        entered = [*_sudo(), "ip", "netns", "exec", self.namespace]
        if os.geteuid() == 0:
            return entered
        user = [f"--reuid={os.geteuid()}", f"--regid={os.getegid()}", "--init-groups"]
        return [*entered, "setpriv", *user]

    def move(self) -> None:
        """Another address, as from Wi-Fi to mobile: the old one is gone the same moment."""
        self._ip("addr", "flush", "dev", "uplink", "scope", "global")
        self._host += 1
        self._sit_down()

    def loss(self, percent: float, direction: Direction = "both", protocol: str = "udp") -> None:
        """Lose packets at random until `clear`."""
        chance = ("-m", "statistic", "--mode", "random", "--probability", f"{percent / 100:.4f}")
        self._drop(direction, "-p", protocol, *chance)

    def block(self, protocol: str, direction: Direction = "both") -> None:
        """As a company's firewall does: nothing of this protocol (`udp`, `tcp`) until `clear`."""
        self._drop(direction, "-p", protocol)

    def down(self) -> None:
        """The cable leads nowhere until `up`; nobody is told."""
        self._drop("both", "-m", "comment", "--comment", "down")

    def up(self) -> None:
        """Undo `down`, and nothing else."""
        for program, table in self._rules():
            for rule in table:
                if "--comment down" in rule:
                    self._in_router(program, "-D", *rule.split()[1:])

    def limit(self, kbit: int, direction: Direction = "down") -> None:
        """A link no wider than this, with a short queue; again with another number changes it."""
        shape = ("root", "tbf", "rate", f"{kbit}kbit", "burst", BURST, "latency", QUEUE)
        if direction in ("both", "down"):
            self._in_router("tc", "qdisc", "replace", "dev", self._port, *shape)
        if direction in ("both", "up"):
            root("ip", "netns", "exec", self.namespace,
                 "tc", "qdisc", "replace", "dev", "uplink", *shape)  # fmt: skip

    def clear(self) -> None:
        """No loss, no blocking, no limit any more; the address stays."""
        for program, table in self._rules():
            for rule in table:
                self._in_router(program, "-D", *rule.split()[1:])
        for command in (
            ("ip", "netns", "exec", self._router, "tc", "qdisc", "del", "dev", self._port, "root"),
            ("ip", "netns", "exec", self.namespace, "tc", "qdisc", "del", "dev", "uplink", "root"),
        ):
            with contextlib.suppress(CannotFault):  # there was none
                root(*command)

    def end_all(self) -> None:
        """Kill whatever still runs here."""
        for pid in root("ip", "netns", "pids", self.namespace).split():
            with contextlib.suppress(CannotFault):
                root("kill", f"-{int(signal.SIGKILL)}", pid)

    def _sit_down(self) -> None:
        self._ip("addr", "add", f"{self.address}/24", "dev", "uplink")
        self._ip("addr", "add", f"{self.address6}/64", "dev", "uplink", "nodad")
        self._ip("route", "replace", "default", "via", f"{self._net}.1")
        self._ip("-6", "route", "replace", "default", "via", f"{self._net6}:1")

    def _drop(self, direction: Direction, *match: str) -> None:
        sides = {"up": ("-i",), "down": ("-o",), "both": ("-i", "-o")}[direction]
        for program in ("iptables", "ip6tables"):
            for side in sides:
                self._in_router(program, "-A", "FORWARD", side, self._port, *match, "-j", "DROP")

    def _rules(self) -> list[tuple[str, list[str]]]:
        ours = re.compile(rf"-[io] {re.escape(self._port)}\b")
        found = []
        for program in ("iptables", "ip6tables"):
            lines = self._in_router(program, "-S", "FORWARD").splitlines()
            found.append((program, [line for line in lines if ours.search(line)]))
        return found

    def _in_router(self, *command: str) -> str:
        return root("ip", "netns", "exec", self._router, *command)

    def _ip(self, *arguments: str) -> None:
        root("ip", "-n", self.namespace, *arguments)


def root(*command: str) -> str:
    """Run as root; its output. Raises CannotFault with what it said."""
    done = subprocess.run([*_sudo(), *command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotFault(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")
    return done.stdout


def _sudo() -> list[str]:
    return [] if os.geteuid() == 0 else ["sudo", "-n", "-E"]


def _require_programs() -> None:
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    for program, package in (("ip", "iproute2"), ("tc", "iproute2"), ("iptables", "iptables"),
                             ("sysctl", "procps")):  # fmt: skip
        if shutil.which(program, path=path) is None:
            raise CannotFault(f"{program} is not installed: apt-get install {package}")


def _sweep() -> None:
    """Take away what a killed test run left behind."""
    for line in root("ip", "netns", "list").splitlines():
        found = re.match(rf"{PREFIX}-(\d+)-\S+", line)
        if found and not os.path.exists(f"/proc/{found[1]}"):
            with contextlib.suppress(CannotFault):
                root("ip", "netns", "del", found[0])
