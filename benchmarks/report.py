"""Prints what was measured: medians, spread, and the ratio to the peer."""

import statistics
from dataclasses import dataclass, field

_COLUMNS = "  {:<22}{:>13}{:>16}{:>11}{:>13}{:>8}"


@dataclass
class Rounds:
    """The rounds of one program in one comparison."""

    name: str
    cpu_ms: list[float] = field(default_factory=list)
    per_second: list[float] = field(default_factory=list)
    median_ms: list[float] = field(default_factory=list)
    size: int = 0  # bytes of an answer's body

    @property
    def cpu(self) -> float:
        """The median over the rounds, in ms of CPU a request."""
        return statistics.median(self.cpu_ms)


def heading(text: str) -> None:
    """The title of a comparison."""
    print(f"\n{text}")
    print(_COLUMNS.format("", "CPU/request", "(rounds)", "answers/s", "time p50", "bytes"))


def rows(ours: Rounds, peer: Rounds) -> None:
    """Both programs and their ratio."""
    for one in (ours, peer):
        spread = f"{min(one.cpu_ms):.2f}-{max(one.cpu_ms):.2f}"
        rate, time = statistics.median(one.per_second), statistics.median(one.median_ms)
        cells = (f"{one.cpu:.2f} ms", spread, f"{rate:.0f}", f"{time:.1f} ms", one.size)
        print(_COLUMNS.format(one.name, *cells))
    print(f"  {'ratio':<22}{ours.cpu / peer.cpu:>10.2f}")


def table(title: str, unit: str, values: dict[str, float], first: str) -> None:
    """One figure for each program, and its ratio to that of `first`."""
    print(f"\n{title}")
    for name, value in values.items():
        print(f"  {name:<22}{value:>10.2f} {unit:<4}{value / values[first]:>9.2f}")
