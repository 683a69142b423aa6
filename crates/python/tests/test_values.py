"""The tables are those of the run folder, value by value."""

import csv
import json
import unittest
from datetime import datetime, timezone

import pyarrow
import pyarrow.parquet

from support import SAMPLE, Desk, avstem, command, generated

PARQUET = ["exceptions", "balances", "payouts", "payout_lines"]

CSV = ["exceptions", "rejects", "control_totals", "coverage", "payouts"]


def cell(value, column):
    """A cell of a CSV file as the value that a table has."""
    if value == "":
        return None
    if column.type == "integer":
        return int(value)
    if column.type == "true or false":
        return {"true": True, "false": False}[value]
    if column.type == "time":
        whole, _, fraction = value.rstrip("Z").partition(".")
        micros = int((fraction + "000000")[:6])
        return datetime.fromisoformat(whole).replace(tzinfo=timezone.utc, microsecond=micros)
    # A text that looks like a formula has an apostrophe in front.
    return value[1:] if value[:1] == "'" and value[1:2] in "=+-@\t\r" else value


def content(folder):
    """The files of a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def outside_64_bits(value):
    return isinstance(value, int) and not -(2**63) <= value < 2**63


class Values(Desk):
    def same(self, inputs, **options):
        """Checks that a run without a folder has the tables of one with a folder."""
        written = avstem.check(inputs, out="run", force=True, balances_csv=True, **options)
        run = avstem.check(inputs, **options)
        folder = self.desk / "run"
        self.assertEqual((run.folder, written.folder.resolve()), (None, folder.resolve()))
        self.assertEqual(run.summary, json.loads((folder / "summary.json").read_text()))
        self.assertEqual((run.exit_code, run.reason), (written.exit_code, run.summary["exit"]["reason"]))
        for name in PARQUET:
            path = folder / f"{name}.parquet"
            self.assertEqual(name in run.tables, path.exists(), name)
            if path.exists():
                for table in (run.tables[name], written.tables[name]):
                    made, file = pyarrow.table(table), pyarrow.parquet.read_table(path)
                    self.assertEqual(made.schema.remove_metadata(), file.schema.remove_metadata())
                    self.assertTrue(made.equals(file), name)
        for name in [*CSV, "balances"]:
            path = folder / f"{name}.csv"
            if path.exists():
                self.same_as_csv(run.tables[name], path)
        return run

    def same_as_csv(self, table, path):
        with open(path, encoding="utf-8", newline="") as file:
            names, *rows = csv.reader(file)
        self.assertEqual(names, table.column_names)
        self.assertEqual(len(rows), len(table), path)
        for row, made in zip(rows, table):
            for text, column in zip(row, table.columns):
                value = cell(text, column)
                value = None if outside_64_bits(value) else value
                self.assertEqual(value, made[column.name], f"{path.name}: {column.name}")

    def test_the_sample(self):
        run = self.same(SAMPLE)
        self.assertEqual(run.summary["input"]["records"], 465)
        self.assertGreater(len(run.payouts), 0)
        self.assertGreater(len(run.payout_lines), 0)

    def test_an_invented_export_with_bank_statements(self):
        world = generated(self.desk, 3000, "--payouts")
        run = self.same(world / "export", bank=world / "bank.csv", config=world / "bank.toml")
        self.assertGreater(len(run.exceptions), 50)
        self.assertGreater(len(run.balances), 3000)

    def test_more_rows_than_a_batch(self):
        rows = (f'{{"id":"T{number}","amount":{number},"currency":"NOK","events":[]}}' for number in range(70_000))
        path = self.write("many.ndjson", "\n".join(rows))
        run = self.same(path)
        self.assertEqual(pyarrow.table(run.balances).column("id").num_chunks, 2)
        self.assertEqual(len(run.balances), 70_000)

    def test_rejects(self):
        path = self.write("some.ndjson", '{"id":"A","amount":1,"currency":"NOK","events":[]}\n{"id":5,"amount":1,"events":[]}\n[\n')
        empty = self.write("empty.json", "")
        run = self.same([path, empty])
        self.assertEqual(run.exit_code, 3)
        self.assertFalse(run.complete)
        found = {(row["source"].rsplit("/")[-1], row["line"], row["reason_code"]) for row in run.rejects}
        expected = {
            ("empty.json", None, "empty_input"),
            ("some.ndjson", 2, "wrong_type"),
            ("some.ndjson", 3, "truncated_record"),
        }
        self.assertEqual(found, expected)

    def test_sums_outside_64_bits_are_empty(self):
        most = 2**63 - 1
        event = {"id": "e", "event": "AUTHORIZE", "amount": most, "success": True}
        documents = [
            {"id": name, "amount": most, "currency": "NOK", "status": "AUTHORIZED", "events": [{**event, "id": name}]}
            for name in "AB"
        ]
        run = self.same(self.write("large.json", json.dumps(documents)), fail_on="never")
        values = {row["measure"]: row["value"] for row in run.control_totals}
        self.assertIsNone(values["transactions_authorized"])
        self.assertIn(most, run.balances.column("authorized_minor"))

    def test_nothing(self):
        (self.desk / "nothing").mkdir()
        run = self.same("nothing", allow_empty=True)
        self.assertEqual((len(run.exceptions), len(run.balances), run.payouts, run.payout_lines), (0, 0, None, None))
        self.assertEqual(pyarrow.table(run.exceptions).num_rows, 0)

    def test_a_baseline_and_a_configuration(self):
        self.write("avstem.toml", '[rules]\nAV101 = "info"\n')
        self.same(SAMPLE, as_of="2026-10-30")
        avstem.check(SAMPLE, out="before", as_of="2026-10-30")
        run = self.same(SAMPLE, baseline="before", as_of="2026-10-31", exclude=["settlements.json"])
        self.assertIn("open", run.exceptions.column("change"))
        self.assertEqual({row["severity"] for row in run.exceptions if row["rule"] == "AV101"}, {"info"})

    def test_the_folder_is_that_of_the_command(self):
        run = avstem.check(SAMPLE, out="ours", frames=True, xlsx=True)
        theirs = command("check", SAMPLE, "--out", "theirs", "--frames", "--xlsx")
        self.assertEqual(run.exit_code, theirs.returncode)
        ours, others = content(self.desk / "ours"), content(self.desk / "theirs")
        self.assertEqual(sorted(ours), sorted(others))
        self.assertEqual([name for name in ours if ours[name] != others[name]], [])
        self.assertTrue(avstem.verify("ours", SAMPLE)["holds"])


if __name__ == "__main__":
    unittest.main()
