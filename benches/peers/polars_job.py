#!/usr/bin/env python3
"""The reference job in Polars' streaming engine: polars_job.py GLOB OUT [--threads N] writes OUT.csv and OUT.parquet.

The same five rules as duckdb_job.py, by expressions over lists; only the members it needs are in its schema.
"""
import argparse
import os

parser = argparse.ArgumentParser()
parser.add_argument("files")
parser.add_argument("out")
parser.add_argument("--threads", type=int, default=1)
args = parser.parse_args()
os.environ["POLARS_MAX_THREADS"] = str(args.threads)

import polars as pl  # noqa: E402 (it reads the number of threads when it is imported)

PART = pl.List(pl.Struct({"amount": pl.Int64}))
EVENT = pl.Struct({"event": pl.String, "amount": pl.Int64, "success": pl.Boolean, "items": PART, "splits": PART})
SCHEMA = {"id": pl.String, "amount": pl.Int64, "currency": pl.String, "status": pl.String, "events": pl.List(EVENT)}


def of(name):
    return pl.element().struct.field(name)


def total(kind):
    moved = of("amount").filter(of("success") & (of("event") == kind))
    return pl.col("events").list.eval(moved).list.sum().fill_null(0)


def unbalanced(parts):
    sums = of(parts).list.eval(of("amount")).list.sum()
    off = of("amount").is_not_null() & of(parts).is_not_null() & (sums != of("amount"))
    return pl.col("events").list.eval(off.fill_null(False)).list.any()


c, r, amount = (pl.col(name) for name in ("c", "r", "amount"))
implied = (
    pl.when(pl.col("status") == "SHIPPED").then(pl.col("status"))
    .when((c == 0) & (r == 0))
    .then(
        pl.when(pl.col("voided")).then(pl.lit("AUTHORIZATION_VOIDED"))
        .when(pl.col("authorized")).then(pl.lit("AUTHORIZED"))
        .when(pl.col("status").is_in(["INITIATED", "ON_HOLD", "UNKNOWN", "FAILED"])).then(pl.col("status"))
        .otherwise(pl.lit("DECLINED"))
    )
    .when(r == 0).then(pl.when(c >= amount).then(pl.lit("CAPTURED")).otherwise(pl.lit("PARTIALLY_CAPTURED")))
    .when(c < amount).then(pl.lit("PARTIALLY_CAPTURED_REFUNDED"))
    .when(r >= c).then(pl.lit("REFUNDED"))
    .otherwise(pl.lit("PARTIALLY_REFUNDED"))
)


def any_of(kind):
    return pl.col("events").list.eval(of("success") & (of("event") == kind)).list.any()


judged = (
    pl.scan_ndjson(args.files, schema=SCHEMA)
    .select(
        "id", "currency", "amount", "status", c=total("CAPTURE"), r=total("REFUND"), v=total("VOID"),
        authorized=any_of("AUTHORIZE"), voided=any_of("VOID"),
        items_off=unbalanced("items"), splits_off=unbalanced("splits"),
    )
    .with_columns(implied=implied)
    .collect(engine="streaming")
)
rules = {
    "over_capture": c > amount,
    "over_refund": r > c,
    "item_sum": pl.col("items_off"),
    "split_sum": pl.col("splits_off"),
    "status": pl.col("status") != pl.col("implied"),
}
columns = ["currency", "amount", "c", "r", "v", "status", "implied"]
found = pl.concat([judged.filter(off).select("id", pl.lit(rule).alias("rule"), *columns) for rule, off in rules.items()])
found.write_csv(args.out + ".csv")
found.write_parquet(args.out + ".parquet")
