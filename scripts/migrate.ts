import { dataFolder } from '@/lib/core/env'
import { openDatabase } from '@/lib/db/open-database'
import { runCommand } from './serve/failure'

/** Bring the database of DATABASE_URL to the state that this program knows. Safe beside others, and done already where nothing is missing. */
async function migrate(): Promise<void> {
  const database = await openDatabase(console.log)
  await database.close()
  console.log('The database is migrated')
}

void runCommand(dataFolder, migrate)
