"""What went wrong on the way to a target, in words that integrator.io passes on from drivers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One entry of integrator.io's ``errors``.

    `code` is the remote status as an integer, or the driver's own word (ECONNREFUSED, 28P01).
    `message` is what the driver or the remote side said, unshortened. `source` names the driver.
    """

    code: int | str
    message: str
    source: str = ""


class Unreachable(Exception):
    """No verdict on the credentials could be had: the connection failed before an answer came."""

    def __init__(self, code: int | str, message: str, source: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.problem = Problem(code, message, source)
