import type { TablesConnector } from '../contract'
import { checkPostgres } from './check-postgres'
import { PostgresConfig } from './config'
import { discoverPostgres } from './discover-postgres'
import { POSTGRES_INSTRUCTIONS } from './instructions'
import { measurePostgres } from './measure-postgres'
import { readPostgres } from './read-postgres'
import { openPostgresSnapshot } from './snapshot'

/** PostgreSQL 10 and newer, and what speaks its protocol and has its catalogue. */
export const postgres = {
  id: 'postgres',
  label: 'Postgres',
  group: 'managed',
  category: 'Databases',
  description: 'Tables, views and materialised views of a PostgreSQL database',
  config: PostgresConfig,
  instructions: POSTGRES_INSTRUCTIONS,
  suggestName: ({ database }) => database,
  check: checkPostgres,
  discover: discoverPostgres,
  measure: measurePostgres,
  read: readPostgres,
  openSnapshot: (config, location, signal, floorOf) => openPostgresSnapshot(config, signal, floorOf && { ...floorOf, location }),
} satisfies TablesConnector<PostgresConfig>
