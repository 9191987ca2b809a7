"""The folder of the running targets and its keeper: what is in it is gone when we are, however we
end. What the targets put there is their business."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

_KEEPER = Path(__file__).with_name("keeper.py")


class Workshop:
    """A temporary folder that is removed by `close`, or by the keeper when this process dies."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="keyhatch-targets-", dir=_place()))
        # PostgreSQL runs as another user when we are root: it must get through, but see no names.
        self.folder.chmod(0o711)
        self._lock = threading.Lock()
        self._keeper = subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, "-I", "-S", str(_KEEPER), str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Ctrl-C goes to all programs of the terminal: the keeper must outlive us.
            start_new_session=True,
        )

    def order(self, **order: Any) -> dict[str, Any]:
        """Give the keeper an order (keeper.py) and return its answer."""
        with self._lock:
            if self._keeper.stdin is None or self._keeper.stdout is None:
                raise RuntimeError("the keeper has no pipes")
            self._keeper.stdin.write(json.dumps(order) + "\n")
            self._keeper.stdin.flush()
            answer: dict[str, Any] = json.loads(self._keeper.stdout.readline())
            return answer

    def close(self) -> None:
        """End the keeper and everything it keeps; returns when the folder is gone."""
        with self._lock:
            self._keeper.communicate(timeout=30)


def reachable(path: Path) -> bool:
    """Whether a user without rights can get at `path`."""
    resolved = path.resolve()
    return all(part.stat().st_mode & 0o001 for part in (resolved, *resolved.parents))


def is_root() -> bool:
    """Whether we are uid 0, which PostgreSQL refuses to run as."""
    return os.getuid() == 0


def copied(folder: Path, into: Path) -> Path:
    """`folder` where every user may read it: itself, or a copy under `into`."""
    if reachable(folder):
        return folder
    return Path(shutil.copytree(folder, into / folder.name))


def _place() -> str | None:
    # A TMPDIR below /root would shut PostgreSQL out.
    if is_root() and not reachable(Path(tempfile.gettempdir())):
        return "/tmp"  # noqa: S108 - mkdtemp makes a private folder in it
    return None
