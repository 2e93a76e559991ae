import { DuckDBInstance } from '@duckdb/node-api'

// What the engine alone needs to make a Parquet file of local files, in a process of its own; prints the seconds of the statement.
const [sql = '', threads = '2'] = process.argv.slice(2)
const connection = await (await DuckDBInstance.create(':memory:', { threads })).connect()
const began = performance.now()
await connection.run(sql)
console.log((performance.now() - began) / 1000)
process.exit(0)
