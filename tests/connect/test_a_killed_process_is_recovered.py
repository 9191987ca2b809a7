"""A process that is killed in the middle of a save leaves a row; the next one settles it.

The killed one is real: it kills itself, hard, at the point that a test names.
"""

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.connect import reconcile
from app.connect.attempt import Attempts
from app.connect.recovery import Recovery
from app.connect.session import ConnectSession, Sessions
from app.integrator.client import Integrator
from app.store import attempts as rows
from app.store.engine import Store
from tests.connect.conftest import EMULATOR_TOKEN
from tests.connect.scene import Scene
from tests.connect.stage import HOST, KEYS
from tests.store.conftest import Reopen

pytestmark = pytest.mark.anyio

# Prints the session's id and the marker, and ends where it is told to.
VICTIM = """
import asyncio, os, signal, sys
from app.connect.attempt import Attempts
from app.connect.recovery import Recovery
from app.connect.session import Sessions
from app.integrator.client import Integrator
from app.store.engine import Store
from tests.connect.scene import document
from tests.connect.stage import KEYS, NAME, wish

url, integrator_url, token, point = sys.argv[1:]

def die_at(here):
    if here == point:
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    store = await Store.open(url)
    sessions, attempts = Sessions(store, KEYS), Attempts(store)
    await Recovery(attempts).live(for_seconds=2)
    opened = await sessions.exchange((await sessions.issue(wish())).token)
    os.write(1, (opened.session.id + "\\n").encode())
    await sessions.begin_submit(opened.session, 1)
    die_at("checking")
    marker = await attempts.permit(
        opened.session, number=1, type="shopify", method="token", name=NAME, document_type="http"
    )
    os.write(1, (marker + "\\n").encode())
    die_at("permitted")
    made = await Integrator(integrator_url + "/v1", token).create(document(NAME, marker))
    die_at("sent")
    await attempts.committed(marker, made["_id"])
    die_at("committed")

asyncio.run(main())
"""


async def killed(database: Path, emulator_url: str, point: str) -> tuple[str, str | None]:
    """Run the victim to its end: the session's id, and the marker if it got that far."""
    arguments = [f"sqlite:///{database}", emulator_url, EMULATOR_TOKEN, point]
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", VICTIM, *arguments],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        timeout=60,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    session_id, *marker = ended.stdout.decode().split()
    return session_id, marker[0] if marker else None


async def session_of(store: Store, session_id: str) -> ConnectSession:
    """The session as it stands."""
    found = await Sessions(store, KEYS).get(HOST, session_id)
    assert found is not None
    return found


async def settled(store: Store, integrator: Integrator, session_id: str) -> ConnectSession:
    """The session once the next process has settled it."""
    stop = asyncio.Event()
    # The victim's lease holds for two seconds more.
    settling = reconcile.run(stop, Attempts(store), integrator, every=0.1, give_up_after=0.5)
    loop = asyncio.create_task(settling)
    until = time.monotonic() + 20
    while (found := await session_of(store, session_id)).state == "working":
        assert time.monotonic() < until
        await asyncio.sleep(0.05)
    stop.set()
    await loop
    return found


async def test_the_journal_knows_what_was_permitted(
    database: Path, reopen: Reopen, emulator_url: str
) -> None:
    session_id, marker = await killed(database, emulator_url, "permitted")
    async with reopen() as store:
        row = await store.write(lambda c: rows.locked(c, str(marker)))
        session = await session_of(store, session_id)
        forgotten = await Sessions(store, KEYS).forget_dead_submits()

    assert row is not None
    assert (row["state"], row["session_id"]) == ("SENDING", session_id)
    assert (session.state, session.submit_state) == ("working", "saving")
    # Whether it was sent is not known, so nobody is asked to type again yet.
    assert forgotten == 0


async def test_killed_while_checking_it_has_to_be_entered_again(
    database: Path, reopen: Reopen, scene: Scene, emulator_url: str
) -> None:
    session_id, _ = await killed(database, emulator_url, "checking")
    async with reopen() as store:
        ended = await settled(store, scene.integrator, session_id)

    assert (ended.submit_state, ended.outcome) == ("refused", [{"code": "enter_again"}])


async def test_killed_before_it_sent_it_has_to_be_entered_again(
    database: Path, reopen: Reopen, scene: Scene, emulator_url: str
) -> None:
    session_id, _ = await killed(database, emulator_url, "permitted")
    async with reopen() as store:
        ended = await settled(store, scene.integrator, session_id)

    assert (ended.state, ended.submit_state) == ("open", "refused")
    assert await scene.markers() == []


async def test_killed_after_it_sent_the_connection_is_adopted(
    database: Path, reopen: Reopen, scene: Scene, emulator_url: str
) -> None:
    session_id, marker = await killed(database, emulator_url, "sent")
    async with reopen() as store:
        ended = await settled(store, scene.integrator, session_id)
        record = await Attempts(store).record(HOST, str(ended.published_id))

    assert ended.state == "completed"
    assert record is not None
    assert record.marker == marker
    assert await scene.markers() == [marker]


async def test_killed_after_the_commit_nothing_is_left_to_do(
    database: Path, reopen: Reopen, scene: Scene, emulator_url: str
) -> None:
    session_id, marker = await killed(database, emulator_url, "committed")
    async with reopen() as store:
        await Recovery(Attempts(store)).live(for_seconds=20)

        assert (await session_of(store, session_id)).state == "completed"
    assert await scene.markers() == [marker]
