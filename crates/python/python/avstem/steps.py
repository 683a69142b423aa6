"""A run in steps, as functions over Arrow batches: what an engine that spreads work over machines calls.

docs/CLUSTER.md says what the steps are and what must come to one task. `avstem.spark` is such an engine's use of them.
"""

from __future__ import annotations

from typing import Any, Callable, Iterable, Iterator, Optional

from . import _avstem

__all__ = ["COLUMNS", "RESULTS", "batches_of", "mapped", "schema", "stream_of"]

# The columns of rows between steps, as engines write types.
COLUMNS = "tag string, share int, key string, payload binary"

# What a run folder is merged from.
RESULTS = ["reject", "finding", "balance", "waiting", "payout_part", "remittance_part", "note"]


def schema() -> Any:
    import pyarrow

    columns = [
        ("tag", pyarrow.string()),
        ("share", pyarrow.int32()),
        ("key", pyarrow.string()),
        ("payload", pyarrow.binary()),
    ]
    return pyarrow.schema([pyarrow.field(name, kind, nullable=False) for name, kind in columns])


def stream_of(batches: Iterable[Any]) -> bytes:
    """Batches, or tables, of rows as one Arrow stream; whatever types of text and bytes an engine gives them."""
    import pyarrow

    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, schema()) as stream:
        for batch in batches:
            stream.write(batch.select(schema().names).cast(schema()))
    return bytes(sink.getvalue())


def batches_of(rows: bytes) -> Iterator[Any]:
    """The batches of an Arrow stream."""
    import pyarrow

    with pyarrow.ipc.open_stream(rows) as stream:
        yield from stream


def mapped(name: str, job: str, memory: Optional[str] = None) -> Callable[[Iterable[Any]], Iterator[Any]]:
    """A step as a function from batches to batches, for one task; the rows may come in any order.

    >>> import avstem._avstem as compiled
    >>> job, ranges = compiled.plan(["samples/export"])
    >>> rows = list(mapped("ingest", job)(batches_of(ranges)))
    >>> sorted({tag for batch in rows for tag in batch["tag"].to_pylist()})
    ['file', 'order', 'session', 'settlement', 'transaction']
    """

    def run(batches: Iterable[Any]) -> Iterator[Any]:
        task = _avstem.MadeTask(name, job, memory)
        for batch in batches:
            task.take(stream_of([batch]))
        while (given := task.give()) is not None:
            yield from batches_of(given)

    return run
