"""keyhatch serve | check | catalogue … | keys … | admin …: the operator's commands."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import click

from app import __version__
from app import main as wiring
from app.catalogue.load import BadDefinition, Catalogue, load
from app.forms.form import show
from app.forms.messages import CODES
from app.manage.hosts import Hosts
from app.manage.operators import Operators
from app.settings import BadSettings, Settings, from_environment
from app.store.engine import Store
from app.store.faults import StoreFault

T = TypeVar("T")


@click.group()
@click.version_option(__version__)
def main() -> None:
    """Keyhatch: an embeddable credential form over integrator.io."""


def _settings() -> Settings:
    try:
        return from_environment(os.environ)
    except BadSettings as error:
        for line in error.lines:
            click.echo(line, err=True)
        sys.exit(2)


def _catalogue(folder: Path | None) -> Catalogue:
    try:
        return load(*([folder] if folder else []), codes=CODES)
    except BadDefinition as error:
        for line in error.lines:
            click.echo(line, err=True)
        sys.exit(2)


@main.command()
def serve() -> None:
    """Run the server until it is told to stop."""
    settings = _settings()
    try:
        wiring.serve(settings, _catalogue(settings.catalogue_dir))
    except (StoreFault, wiring.PortTaken) as error:
        raise click.ClickException(str(error)) from None


@main.command()
def check() -> None:
    """Try settings, definitions, store and the integrator token once; a line for each."""
    settings = _settings()
    click.echo(f"{'settings':<12} ok")
    click.echo(
        f"{'definitions':<12} ok, {len(_catalogue(settings.catalogue_dir))} connection types"
    )
    trials = asyncio.run(wiring.try_out(settings))
    for trial in trials:
        click.echo(f"{trial.name:<12} {'ok, ' if trial.ok else ''}{trial.words}")
    sys.exit(0 if all(trial.ok for trial in trials) else 1)


@main.group()
def catalogue() -> None:
    """The connection types."""


def _definitions() -> Catalogue:
    """The catalogue needs one setting only, so that it works before the rest is set."""
    folder = os.environ.get("KEYHATCH_CATALOGUE_DIR")
    return _catalogue(Path(folder) if folder else None)


@catalogue.command("list")
def list_types() -> None:
    """Every connection type with its methods."""
    for kind in _definitions().values():
        methods = ", ".join(method.title for method in kind.methods)
        click.echo(f"{kind.key:<14} {kind.title:<18} {methods}")


@catalogue.command("show")
@click.argument("key")
def show_type(key: str) -> None:
    """What the form of a type asks for."""
    kind = _definitions().get(key)
    if kind is None:
        raise click.ClickException(f"there is no connection type {key}")
    for method in kind.methods:
        form = show(kind, method)
        click.echo(f"{kind.title}: {method.title}")
        for field in form.fields:
            marks = "secret " if field.secret else ""
            marks += "" if field.required else "optional "
            click.echo(f"  {field.label:<28} {marks}{field.kind}")
            for step in field.where:
                click.echo(f"    {step.replace('**', '')}")


@catalogue.command()
def lint() -> None:
    """Check every definition; non-zero when one is wrong."""
    click.echo(f"{len(_definitions())} connection types, no fault")


@main.group()
def keys() -> None:
    """Host keys, for the host API."""


def _with_store(work: Callable[[Store], Awaitable[T]]) -> T:
    settings = _settings()

    async def run() -> T:
        store = await Store.open(settings.database_url)
        try:
            return await work(store)
        finally:
            await store.close()

    try:
        return asyncio.run(run())
    except (StoreFault, ValueError) as error:
        raise click.ClickException(str(error)) from None


@keys.command("create")
@click.option("--label", default="", help="What the key is for.")
def create_key(label: str) -> None:
    """Make a host key; it is shown once."""
    click.echo(_with_store(lambda store: Hosts(store, ()).new_key(label)))
    click.echo("Keep it now: it is not shown again.", err=True)


@keys.command("list")
def list_keys() -> None:
    """The host keys: id, how each begins, whether it is active, label."""
    for key in _with_store(lambda store: Hosts(store, ()).keys()):
        state = "revoked" if key.revoked_at else "active"
        click.echo(f"{key.id}  {key.prefix}…  {state:<8} {key.label}")


@keys.command("revoke")
@click.argument("key_id")
def revoke_key(key_id: str) -> None:
    """End a host key at once; its id is in the list."""
    if not _with_store(lambda store: Hosts(store, ()).revoke_key(key_id)):
        raise click.ClickException(f"there is no active host key {key_id}")


@main.group()
def admin() -> None:
    """The operator's account."""


@admin.command("create")
@click.option("--name", default="admin", show_default=True)
@click.password_option()
def create_operator(name: str, password: str) -> None:
    """Make the operator's account, or set its password anew."""
    _with_store(lambda store: Operators(store, ("",)).put(name, password))
    click.echo(f"operator {name} can sign in at /admin")


if __name__ == "__main__":
    main()
