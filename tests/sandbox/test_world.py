"""The sandbox starts as one, tells a Keyhatch how to join it, and leaves nothing when it ends."""

import socket

import httpx
import pytest

from sandbox.serve import PortTaken
from sandbox.world import Plan, free_port, start_world


def listens(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", httpx.URL(url).port or 0)) == 0


def test_all_of_it_runs_until_the_end() -> None:
    with start_world(only=["orchard"]) as world:
        assert listens(world.emulator_url)
        assert listens(world.host_url)
        assert set(world.targets.ports) == {"orchard"}
        assert world.folder.is_dir()

    assert not listens(world.emulator_url)
    assert not listens(world.host_url)
    assert not world.folder.exists()


def test_the_host_stands_on_another_site_than_keyhatch() -> None:
    """Otherwise a frame would not be a stranger's, and the tests would promise too much."""
    with start_world(only=[]) as world:
        assert world.host_url.startswith("http://localhost:")
        assert world.keyhatch_url.startswith("http://127.0.0.1:")


def test_the_settings_fit_what_runs() -> None:
    plan = Plan(token="a-token", host_key="h" * 40, secret_key="s" * 40, keyhatch=8400)
    with start_world(plan, only=[]) as world:
        settings = world.environment()

    assert settings["KEYHATCH_INTEGRATOR_URL"] == f"{world.emulator_url}/v1"
    assert settings["KEYHATCH_INTEGRATOR_TOKEN"] == "a-token"
    assert settings["KEYHATCH_PUBLIC_URL"] == "http://127.0.0.1:8400"
    assert world.host_url in settings["KEYHATCH_ALLOWED_ORIGINS"].split()


def test_two_worlds_share_no_secret() -> None:
    first, second = Plan(), Plan()

    assert first.host_key != second.host_key
    assert first.token != second.token
    assert first.secret_key != second.secret_key


@pytest.mark.parametrize("what", ["emulator", "host", "targets"])
def test_a_taken_port_is_named_and_nothing_is_left_running(what: str) -> None:
    ports = {"emulator": free_port(), "host": free_port(), "targets": 0}
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        ports[what] = taken
        with pytest.raises(PortTaken) as caught:
            start_world(Plan(**ports), only=["orchard"])  # type: ignore[arg-type]  # ports only

    assert caught.value.port == taken
    assert not any(listens(f"http://127.0.0.1:{port}") for port in ports.values() if port)


def test_the_panel_stops_and_starts_a_service() -> None:
    with start_world(only=["orchard"]) as world:
        orchard = f"http://127.0.0.1:{world.targets.ports['orchard']}/v1/me"
        panel = f"{world.host_url}/api/panel/orchard"
        with httpx.Client(trust_env=False, timeout=10) as page:
            seen = []
            for state in ("stopped", "up"):
                assert page.post(panel, json={"state": state}).status_code == 204
                seen.append(page.get(orchard).status_code)
            unknown = page.post(f"{world.host_url}/api/panel/nothing", json={"state": "up"})

    assert seen == [503, 401]
    assert unknown.status_code == 422
