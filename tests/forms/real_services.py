"""Pings the running targets with what a line of the table says was typed.

``python -m tests.forms.real_services shopify`` starts the targets, does it for every line of that
type that a driver said, and writes down what is said today: for a new line, or a new driver.
"""

import asyncio
import json
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import asyncssh
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.integrator.reach import try_connection
from sandbox.integrator.reach.problem import Problem
from sandbox.targets.running import Targets, start_targets
from tests.forms.table import Answer, answers, filled_in


async def problems_of(answer: Answer, targets: Targets) -> list[Problem]:
    """What the driver says today."""
    typed = filled_in(answer, lambda name: stand_in(name, targets))
    with prepared(answer, targets):
        return await try_connection(typed.document(), targets.zone, answer.seconds)


@contextmanager
def prepared(answer: Answer, targets: Targets) -> Iterator[None]:
    """A target stopped or hanging, as the line says, and well again afterwards."""
    for what, target in answer.when.items():
        targets.hang(target, 5) if what == "hang" else targets.stop(target)
    try:
        yield
    finally:
        for target in answer.when.values():
            targets.start(target)


def stand_in(name: str, targets: Targets) -> str:
    """What stands in braces in a value of the table."""
    kind, _, target = name.partition(":")
    match kind:
        case "port":
            return str(targets.ports[target])
        case "closed_port":
            with socket.create_server(("127.0.0.1", 0)) as listener:
                return str(listener.getsockname()[1])
        case "ca":
            return targets.authority.ca_file.read_text()
        case "right_key":
            return targets.credentials["sftp"]["private_key"]
        case "other_key":
            return asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
        case "locked_key":
            return locked_key()
    raise KeyError(name)


def locked_key() -> str:
    """A private key that only opens with a passphrase."""
    return (
        rsa.generate_private_key(65537, 2048)
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.BestAvailableEncryption(b"demo-passphrase"),
        )
        .decode()
    )


def body_of(problems: list[Problem]) -> str:
    """The problems as integrator.io passes them on."""
    errors = [asdict(problem) for problem in problems]
    return json.dumps({"errors": errors} if errors else {"code": 200}, ensure_ascii=False)


def main(kinds: list[str]) -> None:
    """Write down what is said today."""
    with start_targets() as targets:
        for answer in answers():
            if answer.origin == "driver" and answer.type in kinds:
                said = asyncio.run(problems_of(answer, targets))
                sys.stdout.write(f"{answer}\n  {body_of(said)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
