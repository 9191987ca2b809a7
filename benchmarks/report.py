"""Prints what was measured: medians, spread, and the ratio to the peer."""

import statistics
from dataclasses import dataclass, field


@dataclass
class Rounds:
    """The rounds of one program in one comparison."""

    name: str
    cpu_ms: list[float] = field(default_factory=list)
    per_second: list[float] = field(default_factory=list)
    median_ms: list[float] = field(default_factory=list)

    @property
    def cpu(self) -> float:
        """The median over the rounds, in ms of CPU a request."""
        return statistics.median(self.cpu_ms)


def heading(text: str) -> None:
    """The title of a comparison."""
    print(f"\n{text}")
    print(f"  {'':<24}{'CPU/request':>13}{'(rounds)':>18}{'answers/s':>12}{'median time':>14}")


def rows(ours: Rounds, peer: Rounds) -> None:
    """Both programs and their ratio."""
    for one in (ours, peer):
        spread = f"{min(one.cpu_ms):.2f}-{max(one.cpu_ms):.2f}"
        rate, time = statistics.median(one.per_second), statistics.median(one.median_ms)
        print(f"  {one.name:<24}{one.cpu:>10.2f} ms{spread:>18}{rate:>12.0f}{time:>11.1f} ms")
    print(f"  {'ratio':<24}{ours.cpu / peer.cpu:>10.2f}")


def table(title: str, unit: str, values: dict[str, float], first: str) -> None:
    """One figure for each program, and its ratio to that of `first`."""
    print(f"\n{title}")
    for name, value in values.items():
        print(f"  {name:<24}{value:>10.2f} {unit:<4}{value / values[first]:>10.2f}")
