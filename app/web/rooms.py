"""What the faces may use of the other rooms, in one value; main fills it."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request

from app.catalogue.model import ConnectionType
from app.connect.opening import Openings
from app.connect.receipt import Receipts
from app.connect.session import Sessions
from app.connect.submit import Submits
from app.manage.connections import Connections
from app.manage.hosts import Hosts
from app.manage.operators import Operators
from app.manage.readiness import Readiness
from app.settings import Settings
from app.web.render import Renderer


@dataclass(frozen=True)
class Rooms:
    """One of each; shared by all requests of a process."""

    settings: Settings
    catalogue: Mapping[str, ConnectionType]
    sessions: Sessions
    openings: Openings
    submits: Submits
    receipts: Receipts
    connections: Connections
    hosts: Hosts
    operators: Operators
    readiness: Readiness
    renderer: Renderer


def rooms_of(request: Request) -> Rooms:
    """The rooms of the application that serves this request."""
    rooms: Rooms = request.app.state.rooms
    return rooms
