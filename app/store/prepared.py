"""Statements of the submit path: written in SQLAlchemy, compiled once, run by the driver itself.

A statement through SQLAlchemy costs several times what SQLite takes for it, and a submit needs a
dozen. Everything that is not on that path stays with SQLAlchemy.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Select, Update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.types import TypeEngine

Statement = Select[Any] | Insert | Update
Process = Callable[[Any], Any] | None


class Prepared:
    """One statement. `columns` are those that an INSERT or UPDATE sets, each by its own name.

    An ``IN`` list of fixed length has to be written as alternatives.
    """

    def __init__(self, statement: Statement, columns: Sequence[str] = ()) -> None:
        self._statement = statement
        self._columns = columns
        # By dialect: a statement is written down before it is known where it will run.
        self._plans: dict[str, _Plan] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run an INSERT or UPDATE; returns how many rows it touched."""
        plan = self._plan(connection.dialect)
        with _Cursor(connection, plan.sql) as cursor:
            cursor.execute(plan.sql, plan.bound(values))
            return int(cursor.rowcount)

    def first(self, connection: Connection, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """The first row of a SELECT as a dict, or None."""
        plan = self._plan(connection.dialect)
        with _Cursor(connection, plan.sql) as cursor:
            cursor.execute(plan.sql, plan.bound(values))
            row = cursor.fetchone()
        return None if row is None else plan.shaped(row)

    def _plan(self, dialect: Dialect) -> "_Plan":
        plan = self._plans.get(dialect.name)
        if plan is None:
            plan = self._plans[dialect.name] = _Plan(self._statement, self._columns, dialect)
        return plan


class _Cursor:
    """A cursor of the driver whose errors look as if SQLAlchemy had run the statement."""

    def __init__(self, connection: Connection, sql: str) -> None:
        self._driver: Any = connection.dialect.loaded_dbapi
        self._cursor: Any = connection.connection.cursor()
        self._sql = sql

    def __enter__(self) -> Any:
        return self._cursor

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._cursor.close()
        if isinstance(error, self._driver.Error):
            clash = isinstance(error, self._driver.IntegrityError)
            known = IntegrityError if clash else OperationalError
            # The values stay out of it: they are what end users and hosts have told us.
            raise known(self._sql, None, error, hide_parameters=True) from error


class _Plan:
    """The text of a statement for one kind of database, and what its types do to values."""

    def __init__(self, statement: Statement, columns: Sequence[str], dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect, column_keys=list(columns) or None)
        self.sql = str(compiled)
        self._binds = [
            (bind.key if bind.required else None, bind.value, _binding(bind.type, dialect))
            for bind in (compiled.binds[name] for name in compiled.positiontup)
        ]
        shown = statement.selected_columns if isinstance(statement, Select) else ()
        self._shown = [(str(column.name), _reading(column.type, dialect)) for column in shown]

    def bound(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The values in the order of the text; a constant of the statement has no name."""
        found = ((values[name] if name else fixed, work) for name, fixed, work in self._binds)
        return tuple(work(value) if work else value for value, work in found)

    def shaped(self, row: Sequence[Any]) -> dict[str, Any]:
        """A row of the driver, by column."""
        return {
            name: work(value) if work else value
            for (name, work), value in zip(self._shown, row, strict=True)
        }


def _binding(kind: TypeEngine[Any], dialect: Dialect) -> Process:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reading(kind: TypeEngine[Any], dialect: Dialect) -> Process:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
