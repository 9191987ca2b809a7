"""Starts all targets, tells where they are and what they accept, and switches them off and on."""

import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from sandbox.integrator.reach.zone import Zone
from sandbox.serve import Served, serve
from sandbox.targets.certificates import LOCAL_NAMES, Authority
from sandbox.targets.credentials import WORKING
from sandbox.targets.ftp import FtpTarget
from sandbox.targets.orchard import create_orchard
from sandbox.targets.postgresql import CannotStart, PostgresTarget, find_binaries
from sandbox.targets.sftp import SftpTarget, make_key
from sandbox.targets.switch import Balancer, Running, Service, Silence, Switch
from sandbox.targets.vendors import HOSTS, ByHost, create_vendors
from sandbox.targets.workshop import Workshop

NAMES = ("orchard", "vendors", "ftp", "sftp", "postgresql")


class Targets:
    """The running targets, until `close` or the end of the ``with`` block.

    `ports` and `unavailable` are keyed by target, `credentials` by connection type and field.
    """

    def __init__(self, postgresql: Path | None = None) -> None:
        self.ports: dict[str, int] = {}
        self.credentials = {kind: dict(values) for kind, values in WORKING.items()}
        self.unavailable: dict[str, str] = {}
        self.names: dict[str, int] = {}
        self._switches: dict[str, Switch] = {}
        self._stops: list[Callable[[], None]] = []
        self._switching = threading.Lock()
        self._postgresql = postgresql
        self._workshop = Workshop()
        self.authority = Authority(self._workshop.folder / "certificates")
        self._orchard = Balancer(create_orchard())

    @property
    def zone(self) -> Zone:
        """The names under which the targets are found."""
        return Zone(self.names, self.authority.ca_file)

    def stop(self, name: str) -> None:
        """Web services answer 503 from now on, all others refuse connections.

        `name` is a target, or one of the vendors (shopify, slack, zendesk, stripe).
        """
        with self._switching:
            for switch in self._switched(name):
                switch.stop()

    def start(self, name: str) -> None:
        """Back to normal after `stop` or `hang`."""
        with self._switching:
            for switch in self._switched(name):
                switch.start()

    def hang(self, name: str, seconds: float) -> None:
        """Web services answer that much later; all others are silent until `start`."""
        with self._switching:
            for switch in self._switched(name):
                switch.hang(seconds)

    def close(self) -> None:
        """End everything and remove every file."""
        # At once, because each may wait a second for clients that keep their connection.
        with ThreadPoolExecutor() as pool:
            endings = [pool.submit(stop) for stop in self._stops]
        self._stops.clear()
        self._workshop.close()
        for ending in endings:
            ending.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def begin(self, name: str, port: int) -> None:
        """Start one target. Raises PortTaken; notes in `unavailable` what this machine lacks."""
        beginners = {
            "orchard": self._begin_orchard,
            "vendors": self._begin_vendors,
            "ftp": self._begin_ftp,
            "sftp": self._begin_sftp,
            "postgresql": self._begin_postgresql,
        }
        try:
            self.ports[name] = beginners[name](port)
        except CannotStart as reason:
            self.unavailable[name] = str(reason)

    def begin_faults(self) -> None:
        """Make the names that stand for faults of the network (credentials.FAULTY_NAMES)."""
        silence = Silence()
        self._stops.append(silence.stop)
        self.names["silent.larkfield.example"] = silence.port
        if "vendors" not in self.ports:
            return
        expired = self.authority.issue("expired", "expired.orchard.example", expired=True)
        foreign = Authority(self._workshop.folder / "foreign").issue("foreign", "*.orchard.example")
        for name, issued in (("expired", expired), ("untrusted", foreign)):
            served = self._serve(self._orchard, 0, (issued.chain, issued.key))
            self.names[f"{name}.orchard.example:443"] = served.port
        self.names["other.orchard.example:443"] = self.ports["vendors"]

    def _switched(self, name: str) -> list[Switch]:
        wanted = HOSTS if name == "vendors" else (name,)
        return [self._switches[one] for one in wanted]

    def _begin_orchard(self, port: int) -> int:
        served = self._serve(self._orchard, port)
        self._switches["orchard"] = self._orchard
        self.names["api.orchard.example:80"] = served.port
        return served.port

    def _begin_vendors(self, port: int) -> int:
        vendors = create_vendors()
        apps = {HOSTS[name]: app for name, app in vendors.items()}
        apps["api.orchard.example"] = self._orchard
        issued = self.authority.issue("vendors", *apps, *LOCAL_NAMES)
        served = self._serve(ByHost(apps), port, (issued.chain, issued.key))
        self._switches |= vendors
        self.names |= {f"{host}:443": served.port for host in apps}
        return served.port

    def _begin_ftp(self, port: int) -> int:
        issued = self.authority.issue("ftp", "ftp.larkfield.example", *LOCAL_NAMES)
        home = self._home("ftp")
        return self._serve_tcp("ftp", 21, port, lambda free: FtpTarget(free, home, issued))

    def _begin_sftp(self, port: int) -> int:
        key = make_key()
        self.credentials["sftp"]["private_key"] = key.export_private_key("openssh").decode()
        home = self._home("sftp")
        return self._serve_tcp("sftp", 22, port, lambda free: SftpTarget(free, home, key))

    def _begin_postgresql(self, port: int) -> int:
        issued = self.authority.issue("postgresql", "db.larkfield.example", *LOCAL_NAMES)
        binaries = find_binaries(self._workshop, self._postgresql)
        return self._serve_tcp(
            "db",
            5432,
            port,
            lambda free: PostgresTarget(
                free, self._workshop, binaries, issued, self.authority.ca_file
            ),
            switch="postgresql",
        )

    def _serve_tcp(
        self,
        host: str,
        usual_port: int,
        port: int,
        begin: Callable[[int], Running],
        switch: str | None = None,
    ) -> int:
        service = Service(begin, port)
        self._stops.append(service.stop)
        self._switches[switch or host] = service
        self.names[f"{host}.larkfield.example:{usual_port}"] = service.port
        return service.port

    def _serve(self, app: object, port: int, tls: tuple[Path, Path] | None = None) -> Served:
        served = serve(app, port, tls=tls)
        self._stops.append(served.stop)
        return served

    def _home(self, name: str) -> Path:
        home = self._workshop.folder / f"{name}-home"
        home.mkdir()
        (home / "invoices.csv").write_text("number,total\n2026-001,100\n")
        return home


def start_targets(
    first_port: int | None = None,
    only: Collection[str] | None = None,
    *,
    postgresql: Path | None = None,
) -> Targets:
    """Start the targets and return once all of them accept connections.

    They take the ports from `first_port` on, in the order of `NAMES`, or any free ones. `only`
    leaves out all others. `postgresql` is the folder of a server's programs, found without.
    Raises PortTaken, and then nothing runs.
    """
    targets = Targets(postgresql)
    try:
        for offset, name in enumerate(NAMES):
            if only is None or name in only:
                targets.begin(name, 0 if first_port is None else first_port + offset)
        targets.begin_faults()
    except BaseException:
        targets.close()
        raise
    return targets
