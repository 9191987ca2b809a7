"""Runs the comparisons: submit, form page, start, memory. Medians, interleaved, side by side.

Each round sends the same number of requests to Keyhatch and then to its peer; the CPU is that of
the server's processes. A busy machine moves the times a lot, and the ratios of CPU little.
"""

import argparse
import contextlib
import json
import statistics
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from benchmarks import given, report
from benchmarks.keyhatch import expect, keyhatch, opening, submit, tokens
from benchmarks.load import request, send
from benchmarks.process import Server, free_port, running

_READY = "/readyz"
Requests = Callable[[int], list[bytes]]
Begin = dict[str, Callable[[], AbstractContextManager[Server]]]


def main() -> None:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(prog="./x bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=480, help="a round at 32 connections")
    parser.add_argument("--starts", type=int, default=3)
    options = parser.parse_args()
    if not sys.platform.startswith("linux"):
        sys.exit("The benchmarks read /proc and need Linux.")
    with contextlib.ExitStack() as stack:
        port = free_port()
        stub = ["-m", "benchmarks.stub", str(port)]
        stack.enter_context(running("stub", stub, port, "/v1/tokenInfo"))
        upstream = f"http://127.0.0.1:{port}/v1"
        begin: Begin = {
            "Keyhatch": lambda: keyhatch(upstream),
            "FastAPI + httpx": lambda: forwarder(upstream),
            "Flask + Jinja2": flask_page,
        }
        compare(begin, options.rounds, options.requests)
        at_rest(begin, options.starts)


def forwarder(upstream: str) -> AbstractContextManager[Server]:
    """The peer of a submit, at its best: uvloop and httptools; sniffio is installed."""
    port = free_port()
    command = ["-m", "uvicorn", "benchmarks.peers.forwarder:app", "--port", str(port)]
    command += ["--loop", "uvloop", "--http", "httptools", "--no-access-log"]
    env = {"PEER_UPSTREAM": upstream, "PEER_TOKEN": "a-token-for-measuring"}
    return running("FastAPI + httpx", [*command, "--log-level", "warning"], port, _READY, env)


def flask_page() -> AbstractContextManager[Server]:
    """The peer of a form page: gunicorn with one process of four threads, as ours is one."""
    port = free_port()
    command = ["-m", "gunicorn", "benchmarks.peers.flask_page:app", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--threads", "4", "--log-level", "warning"]
    env = {"PEER_PAGE": given.page(), "PEER_TEMPLATES": str(Path("templates").resolve())}
    return running("Flask + Jinja2", command, port, _READY, env)


def compare(begin: Begin, rounds: int, count: int) -> None:
    """Submit and form page, at 32 connections and at one."""
    document = json.dumps(given.filled()).encode()
    headers = {"Content-Type": "application/json"}
    forwarded = request("POST", "/submit", document, headers)
    page = request("GET", "/form")
    with begin["Keyhatch"]() as ours, begin["FastAPI + httpx"]() as peer:
        for connections in (32, 1):
            report.heading(f"A submit: ping and save, {connections} connections")
            size = count if connections > 1 else count // 5
            pair = (lambda n: [submit(t) for t in tokens(ours, n)], lambda n: [forwarded] * n)
            interleaved(ours, peer, pair, (201, 201), rounds, size, connections)
    with begin["Keyhatch"]() as ours, begin["Flask + Jinja2"]() as peer:
        for connections in (32, 1):
            report.heading(f"A form page, {connections} connections")
            size = count if connections > 1 else count // 5
            pair = (lambda n: [opening(t) for t in tokens(ours, n)], lambda n: [page] * n)
            interleaved(ours, peer, pair, (200, 200), rounds, size, connections)


def interleaved(
    ours: Server,
    peer: Server,
    requests: tuple[Requests, Requests],
    statuses: tuple[int, int],
    rounds: int,
    count: int,
    connections: int,
) -> None:
    """One warm-up of each, then rounds in turn; prints both and their ratio."""
    sides = [(ours, requests[0], statuses[0]), (peer, requests[1], statuses[1])]
    found = [report.Rounds(server.name) for server, _, _ in sides]
    for number in range(rounds + 1):
        for side, (server, make, status) in enumerate(sides):
            prepared = make(count)
            before = server.cpu_seconds()
            load = expect(status, send(server.port, prepared, connections))
            if number:
                found[side].cpu_ms.append((server.cpu_seconds() - before) * 1000 / count)
                found[side].per_second.append(load.per_second)
                found[side].median_ms.append(load.median_ms)
                found[side].size = len(load.bodies[0])
    report.rows(*found)


def at_rest(begin: Begin, starts: int) -> None:
    """How long each takes to start, and what it weighs before its first request."""
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in begin}
    for _ in range(starts):
        for name, start in begin.items():
            with start() as server:
                weighed = (server.seconds_to_ready, server.cpu_seconds(), server.memory_mib())
                found[name].append(weighed)
    titles = (("Start until ready", "s"), ("CPU until ready", "s"), ("Memory at rest", "MiB"))
    for number, (title, unit) in enumerate(titles):
        medians = {name: statistics.median(row[number] for row in found[name]) for name in found}
        report.table(title, unit, medians, "Keyhatch")


if __name__ == "__main__":
    main()
