#!/usr/bin/env python3
"""The reference job in DuckDB: duckdb_job.py GLOB OUT [--threads N] writes OUT.csv and OUT.parquet.

Per transaction, over events that succeeded: captured, refunded and voided sums, and five rules (over-capture,
over-refund, items or splits that do not sum to their event, a status that the sums do not imply). It reads only
the members it needs, with an explicit schema: the form that was fastest.
"""
import argparse

import duckdb

parser = argparse.ArgumentParser()
parser.add_argument("files")
parser.add_argument("out")
parser.add_argument("--threads", type=int, default=1)
args = parser.parse_args()

EVENT = "STRUCT(event VARCHAR, amount BIGINT, success BOOLEAN, items STRUCT(amount BIGINT)[], splits STRUCT(amount BIGINT)[])[]"
STATUS = """CASE WHEN c = 0 AND r = 0
         THEN CASE WHEN v > 0 THEN 'AUTHORIZATION_VOIDED' WHEN authorized THEN 'AUTHORIZED' ELSE 'DECLINED' END
       WHEN r = 0 THEN CASE WHEN c >= amount THEN 'CAPTURED' ELSE 'PARTIALLY_CAPTURED' END
       WHEN c < amount THEN 'PARTIALLY_CAPTURED_REFUNDED'
       WHEN r >= c THEN 'REFUNDED' ELSE 'PARTIALLY_REFUNDED' END"""


def total(kind):
    return f"coalesce(list_sum([e.amount for e in events if e.success and e.event = '{kind}']), 0)"


def unbalanced(parts):
    return (
        f"len([e for e in events if e.amount IS NOT NULL AND e.{parts} IS NOT NULL "
        f"AND coalesce(list_sum([p.amount for p in e.{parts}]), 0) <> e.amount]) > 0"
    )


db = duckdb.connect()
db.execute(f"SET threads={args.threads}; SET preserve_insertion_order=false; SET memory_limit='8GB'")
db.execute(f"""CREATE TEMP TABLE judged AS
WITH sums AS (
  SELECT id, currency, amount, status, {total('CAPTURE')} c, {total('REFUND')} r, {total('VOID')} v,
         len([e for e in events if e.success and e.event = 'AUTHORIZE']) > 0 authorized,
         {unbalanced('items')} items_off, {unbalanced('splits')} splits_off
  FROM read_ndjson('{args.files}', maximum_object_size=67108864, columns={{
    id: 'VARCHAR', amount: 'BIGINT', currency: 'VARCHAR', status: 'VARCHAR', events: '{EVENT}'}}))
SELECT *, {STATUS} AS implied FROM sums""")
db.execute("""CREATE TEMP TABLE found AS SELECT id, rule, currency, amount, c, r, v, status, implied FROM (
  SELECT *, unnest(list_filter([
    CASE WHEN c > amount THEN 'over_capture' END, CASE WHEN r > c THEN 'over_refund' END,
    CASE WHEN items_off THEN 'item_sum' END, CASE WHEN splits_off THEN 'split_sum' END,
    CASE WHEN status <> implied THEN 'status' END], lambda rule: rule IS NOT NULL)) AS rule FROM judged)""")
db.execute(f"COPY found TO '{args.out}.csv' (HEADER)")
db.execute(f"COPY found TO '{args.out}.parquet' (FORMAT parquet)")
