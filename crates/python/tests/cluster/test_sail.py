"""The same job on Sail, an engine that speaks Spark's protocol."""

import unittest

import avstem.spark
from pysail.spark import SparkConnectServer
from pyspark.sql import SparkSession

from support import Desk


class OnSail(Desk):
    def test_the_run_folder_is_the_same(self):
        server = SparkConnectServer("127.0.0.1", 0)
        server.start(background=True)
        host, port = server.listening_address
        session = SparkSession.builder.remote(f"sc://{host}:{port}").getOrCreate()
        work = self.desk / "work"
        try:
            run = avstem.spark.check(
                session,
                self.export,
                out=self.desk / "sail",
                work=work,
                tasks=4,
                part="4M",
                memory="64M",
                fail_on="never",
                balances_csv=True,
            )
        finally:
            session.stop()
            server.stop()
        self.assert_same_as_local(run, work)


if __name__ == "__main__":
    unittest.main()
