#!/usr/bin/env python3
"""The reference jobs in DuckDB: duckdb_job.py GLOB OUT [--threads N] [--balances] writes OUT.csv and OUT.parquet.

Per transaction, over events that succeeded: captured, refunded and voided sums, and five rules (over-capture,
over-refund, items or splits that do not sum to their event, a status that the sums do not imply; a status that the
program does not judge is let pass). It reads only the members it needs, with an explicit schema: the form that was
fastest.

With --balances it also writes OUT.balances.parquet: one row a transaction, sorted by id, with those columns of
avstem's balances.parquet that SQL has at hand (no place of the record, no severity). Copies are not told apart.
"""
import argparse

import duckdb

parser = argparse.ArgumentParser()
parser.add_argument("files")
parser.add_argument("out")
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--balances", action="store_true")
args = parser.parse_args()

ITEMS = "STRUCT(amount BIGINT)[]"
TIME = "created_at VARCHAR, " if args.balances else ""
EVENT = f"STRUCT(event VARCHAR, amount BIGINT, success BOOLEAN, {TIME}items {ITEMS}, splits {ITEMS})[]"
MEMBERS = {"id": "VARCHAR", "amount": "BIGINT", "currency": "VARCHAR", "status": "VARCHAR", "events": EVENT}
TEXTS = "session_id merchant_reference merchant_reference_2 payment_product_type settlement_status created_at".split()
STATUS = """CASE WHEN status = 'SHIPPED' THEN status
       WHEN c = 0 AND r = 0
         THEN CASE WHEN voided THEN 'AUTHORIZATION_VOIDED' WHEN authorized THEN 'AUTHORIZED'
                   WHEN status IN ('INITIATED', 'ON_HOLD', 'UNKNOWN', 'FAILED') THEN status ELSE 'DECLINED' END
       WHEN r = 0 THEN CASE WHEN c >= amount THEN 'CAPTURED' ELSE 'PARTIALLY_CAPTURED' END
       WHEN c < amount THEN 'PARTIALLY_CAPTURED_REFUNDED'
       WHEN r >= c THEN 'REFUNDED' ELSE 'PARTIALLY_REFUNDED' END"""


def total(kind, of="e.amount"):
    return f"coalesce(list_sum([{of} for e in events if e.success and e.event = '{kind}']), 0)"


def parts(name):
    return f"coalesce(list_sum([p.amount for p in {name}]), 0)"


def unbalanced(name):
    return (
        f"len([e for e in events if e.amount IS NOT NULL AND e.{name} IS NOT NULL "
        f"AND {parts(f'e.{name}')} <> e.amount]) > 0"
    )


kept = ""
if args.balances:
    MEMBERS |= dict.fromkeys(TEXTS, "VARCHAR") | {"items": ITEMS}
    of_splits = parts("e.splits")
    kept = f""", {", ".join(TEXTS)}, filename AS source, len(events) AS event_count, {parts("items")} AS lines,
         {total("CAPTURE", of_splits)} AS split_captured, {total("REFUND", of_splits)} AS split_refunded,
         list_max([e.created_at for e in events]) AS last_event_at"""
members = ", ".join(f"{name}: '{kind}'" for name, kind in MEMBERS.items())

db = duckdb.connect()
db.execute(f"SET threads={args.threads}; SET preserve_insertion_order=false; SET memory_limit='8GB'; SET TimeZone='UTC'")
db.execute(f"""CREATE TEMP TABLE judged AS
WITH sums AS (
  SELECT id, currency, amount, status, {total('CAPTURE')} c, {total('REFUND')} r, {total('VOID')} v,
         len([e for e in events if e.success and e.event = 'AUTHORIZE']) > 0 authorized,
         len([e for e in events if e.success and e.event = 'VOID']) > 0 voided,
         {unbalanced('items')} items_off, {unbalanced('splits')} splits_off{kept}
  FROM read_ndjson('{args.files}', filename={args.balances}, maximum_object_size=67108864, columns={{{members}}}))
SELECT *, {STATUS} AS implied FROM sums""")
db.execute("""CREATE TEMP TABLE found AS SELECT id, rule, currency, amount, c, r, v, status, implied FROM (
  SELECT *, unnest(list_filter([
    CASE WHEN c > amount THEN 'over_capture' END, CASE WHEN r > c THEN 'over_refund' END,
    CASE WHEN items_off THEN 'item_sum' END, CASE WHEN splits_off THEN 'split_sum' END,
    CASE WHEN status <> implied THEN 'status' END], lambda rule: rule IS NOT NULL)) AS rule FROM judged)""")
db.execute(f"COPY found TO '{args.out}.csv' (HEADER)")
db.execute(f"COPY found TO '{args.out}.parquet' (FORMAT parquet)")
if args.balances:
    db.execute(f"""COPY (
      SELECT 'transaction' AS kind, id, id AS transaction_id, session_id, merchant_reference, merchant_reference_2,
             payment_product_type, currency, amount AS authorized_minor, c AS captured_minor, r AS refunded_minor,
             CASE WHEN voided THEN amount - c ELSE 0 END AS released_minor,
             CASE WHEN voided THEN 0 ELSE amount - c END AS open_minor, c - r AS net_minor, event_count AS events,
             lines AS lines_minor, split_captured AS split_captured_minor, split_refunded AS split_refunded_minor,
             status, implied AS status_derived, settlement_status, created_at::TIMESTAMPTZ AS created_at,
             last_event_at::TIMESTAMPTZ AS last_event_at, coalesce(findings, 0) AS findings, source
      FROM judged LEFT JOIN (SELECT id AS of, count(*) AS findings FROM found GROUP BY id) ON of = id ORDER BY id)
      TO '{args.out}.balances.parquet' (FORMAT parquet, COMPRESSION zstd)""")
