"""Fixtures for the client of integrator.io."""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
import trustme

from app.integrator.client import Integrator
from tests.integrator.stub import TOKEN

Connect = Callable[..., AbstractAsyncContextManager[Integrator]]


@pytest.fixture
def connect() -> Connect:
    """Opens a client of the server at `url`, closed at the end of its block."""

    @asynccontextmanager
    async def opened(url: str, **options: Any) -> AsyncIterator[Integrator]:
        client = Integrator(url, TOKEN, **options)
        try:
            yield client
        finally:
            await client.aclose()

    return opened


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """A certificate authority that nobody else trusts."""
    return trustme.CA()


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    """The server's side: a certificate for 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def trust(authority: trustme.CA) -> ssl.SSLContext:
    """The client's side: trusts `authority` alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.configure_trust(context)
    return context
