# dlt as its documentation says it is fastest for a database: pyarrow backend, Parquet files, into DuckDB.
# dlt-peer.py load|merge <connection string> <table> <database file>
import sys

import dlt
from dlt.sources.sql_database import sql_table

mode, url, table, file = sys.argv[1:]
rows = sql_table(
    url.replace("postgresql://", "postgresql+psycopg2://", 1),
    table=table,
    schema="public",
    backend="pyarrow",
    chunk_size=100_000,
    reflection_level="full_with_precision",
    incremental=dlt.sources.incremental("updated_at"),
    primary_key="id",
)
pipeline = dlt.pipeline("peer", destination=dlt.destinations.duckdb(file), dataset_name="main_rows")
# the first load has nothing to merge with, and replacing is faster
pipeline.run(rows, write_disposition="replace" if mode == "load" else "merge", loader_file_format="parquet")
