"""Tables of a run."""

from __future__ import annotations

import datetime
import html
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, NamedTuple

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from . import _avstem

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)

_SHOWN_ROWS = 20


class Column(NamedTuple):
    """A column of a table, as docs/COLUMNS.md lists it."""

    name: str
    type: str
    """``text``, ``exact number or words`` (a text), ``integer`` (64 bits), ``true or false``, or ``time``."""
    what: str


class Table:
    """A table of a run: the rows and columns of its file, in memory as Arrow columns.

    Whatever reads Arrow takes it as it is and without a copy: ``pyarrow.table(t)``, ``polars.DataFrame(t)``,
    ``pandas.DataFrame.from_arrow(t)``, and DuckDB by the name of a variable. None of them is needed to look at it:

    >>> import avstem
    >>> run = avstem.check("samples/export")
    >>> len(run.exceptions)
    38
    >>> run.exceptions.column_names[:5]
    ['exception_id', 'change', 'severity', 'rule', 'name']
    >>> first = next(iter(run.exceptions))
    >>> first["rule"], first["delta_minor"], first["currency"]
    ('AV002', -80900, 'NOK')

    The columns are made when they are first asked for; from then on all readers share the same memory.
    """

    __slots__ = ("_made",)

    def __init__(self, made: _avstem.MadeTable) -> None:
        self._made = made

    def __arrow_c_schema__(self) -> object:
        return self._made.arrow_schema()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        # A producer may leave another schema to its reader.
        return self._made.arrow_stream()

    @property
    def name(self) -> str:
        """The name of its file in a run folder, without ending."""
        return self._made.name

    @property
    def columns(self) -> List[Column]:
        """Its columns, and what they hold.

        >>> import avstem
        >>> avstem.check("samples/export").coverage.columns[4]
        Column(name='tested', type='integer', what="Subjects of the rule's kinds.")
        """
        return [Column(*column) for column in self._made.columns]

    @property
    def column_names(self) -> List[str]:
        return [column.name for column in self.columns]

    def __len__(self) -> int:
        return len(self._made)

    def column(self, name: str) -> List[Any]:
        """The values of a column as Python has them: texts, whole numbers, truth values, times, and None.

        >>> import avstem
        >>> sorted(set(avstem.check("samples/export").exceptions.column("severity")))
        ['error', 'info', 'warning']
        """
        for at, column in enumerate(self.columns):
            if column.name == name:
                values = self._made.values(at)
                return [_time(value) for value in values] if column.type == "time" else values
        raise KeyError(f"{self.name} has no column {name}: it has {', '.join(self.column_names)}")

    def __iter__(self) -> Iterator[Dict[str, Any]]:
        """Its rows, each by the names of the columns."""
        names = self.column_names
        for row in zip(*(self.column(name) for name in names)):
            yield dict(zip(names, row))

    def to_arrow(self) -> pyarrow.Table:
        """The table for pyarrow, without a copy."""
        import pyarrow

        return pyarrow.table(self)

    def to_polars(self) -> polars.DataFrame:
        """The table for polars; numbers and times without a copy."""
        import polars

        return polars.DataFrame(self)

    def to_pandas(self) -> pandas.DataFrame:
        """The table for pandas, by pyarrow and with its types, so that whole numbers stay whole and nothing is copied."""
        import pandas

        return self.to_arrow().to_pandas(types_mapper=pandas.ArrowDtype)

    def __repr__(self) -> str:
        return f"<avstem.Table {self.name}: {len(self)} rows, {len(self.columns)} columns>"

    def _repr_html_(self) -> str:
        def row(cells: List[Any], tag: str) -> str:
            shown = ("" if cell is None else html.escape(str(cell)) for cell in cells)
            return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in shown) + "</tr>"

        rows = [row(list(one.values()), "td") for one, _ in zip(self, range(_SHOWN_ROWS))]
        head = row(list(self.column_names), "th")
        return f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table><p>{html.escape(repr(self))}</p>"


def _time(micros: Any) -> Any:
    return None if micros is None else _EPOCH + datetime.timedelta(microseconds=micros)
