"""The Arrow interface: everybody reads the same memory, and nobody is needed."""

import json
import unittest

import duckdb
import pandas
import polars
import pyarrow

from support import SAMPLE, Desk, avstem, python

PARTS = {"validity": 0, "values": 1, "texts": 2}


def address(column, part="values"):
    """Where a column of pyarrow has its memory."""
    return column.chunk(0).buffers()[PARTS[part]].address


class Counted:
    """A table that counts how often it is asked for."""

    def __init__(self, table):
        self.table, self.asked = table, 0

    def __arrow_c_stream__(self, requested_schema=None):
        self.asked += 1
        return self.table.__arrow_c_stream__(requested_schema)


class Readers(Desk):
    def setUp(self):
        super().setUp()
        self.run_ = avstem.check(SAMPLE)
        self.balances = self.run_.balances

    def test_every_reader_gets_the_same_memory(self):
        one, two = pyarrow.table(self.balances), self.balances.to_arrow()
        for name in self.balances.column_names:
            for at, buffer in enumerate(one.column(name).chunk(0).buffers()):
                other = two.column(name).chunk(0).buffers()[at]
                self.assertEqual(buffer and buffer.address, other and other.address, name)

    def test_polars_reads_it_where_it_is(self):
        arrow, frame = pyarrow.table(self.balances), polars.DataFrame(self.balances)
        for name in ["authorized_minor", "created_at", "source_offset"]:
            self.assertEqual(frame[name].to_arrow().buffers()[1].address, address(arrow.column(name)), name)
        self.assertEqual(frame["id"].to_list(), self.balances.column("id"))
        self.assertEqual(self.balances.to_polars().schema, frame.schema)

    def test_pandas_reads_it_where_it_is(self):
        arrow, frame = pyarrow.table(self.balances), self.balances.to_pandas()
        for name in ["authorized_minor", "created_at", "id"]:
            part = "texts" if name == "id" else "values"
            held = pyarrow.chunked_array(frame[name].array.__arrow_array__())
            self.assertEqual(address(held, part), address(arrow.column(name), part), name)
        self.assertEqual(frame["source_offset"].sum(), sum(self.balances.column("source_offset")))
        self.assertEqual(pandas.DataFrame.from_arrow(self.balances)["id"].to_list(), self.balances.column("id"))

    def test_duckdb_reads_it_as_a_stream(self):
        exceptions = Counted(self.run_.exceptions)
        found = duckdb.sql("SELECT severity, count(*) FROM exceptions GROUP BY severity ORDER BY severity").fetchall()
        self.assertEqual(found, [("error", 19), ("info", 1), ("warning", 18)])
        self.assertGreaterEqual(exceptions.asked, 1)
        balances = self.balances
        total = duckdb.sql("SELECT sum(authorized_minor) FROM balances WHERE currency = 'EUR' AND kind = 'transaction'")
        self.assertEqual(total.fetchall()[0][0], self.run_.summary["totals"]["EUR"]["authorized_minor"])
        self.assertIs(balances, self.balances)

    def test_the_schema_is_that_of_the_stream(self):
        for table in self.run_.tables.values():
            self.assertEqual(pyarrow.schema(table), pyarrow.table(table).schema)
            self.assertEqual(pyarrow.schema(table).names, table.column_names)

    def test_a_reader_keeps_what_it_reads(self):
        arrow = pyarrow.table(avstem.check(SAMPLE).exceptions)
        arrow.validate(full=True)
        self.assertEqual(arrow.column("rule").to_pylist(), self.run_.exceptions.column("rule"))
        stream = self.balances.__arrow_c_stream__()
        del stream, arrow
        self.assertEqual(pyarrow.table(self.balances).num_rows, len(self.balances))

    def test_python_values_are_those_of_arrow(self):
        for table in self.run_.tables.values():
            self.assertEqual(list(table), pyarrow.table(table).to_pylist(), table.name)
        with self.assertRaisesRegex(KeyError, "coverage has no column nothing: it has rule, name"):
            self.run_.coverage.column("nothing")

    def test_a_notebook_shows_some_rows(self):
        shown = self.balances._repr_html_()
        self.assertEqual(shown.count("<tr>"), 21)
        self.assertIn("balances: 350 rows, 30 columns", shown)
        self.write("x.json", json.dumps({"id": "<b>", "amount": 1, "currency": "NOK", "events": []}))
        self.assertIn("&lt;b&gt;", avstem.check("x.json").balances._repr_html_())


class Alone(unittest.TestCase):
    def test_none_of_them_is_needed(self):
        code = """
import sys
for name in ["pyarrow", "pandas", "polars", "duckdb", "numpy"]:
    sys.modules[name] = None
import avstem
run = avstem.check(sys.argv[1])
assert len(list(run.exceptions)) == 38 and len(run.balances) == 350
run.exceptions.__arrow_c_stream__(), run.exceptions.__arrow_c_schema__()
"""
        done = python(code, str(SAMPLE))
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_duckdb_and_polars_need_no_pyarrow(self):
        code = """
import sys
sys.modules["pyarrow"] = None
import avstem, duckdb, polars
exceptions = avstem.check(sys.argv[1]).exceptions
assert polars.DataFrame(exceptions).height == 38
assert duckdb.sql("SELECT count(*) FROM exceptions").fetchall() == [(38,)]
"""
        done = python(code, str(SAMPLE))
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
