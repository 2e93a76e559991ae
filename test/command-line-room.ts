import { mkdtempSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { dataFolder } from '@/lib/core/env'
import { CommandLine } from './command-line'
import { openSourceRoom, type SourceRoom } from './compare-room'
import { freshDatabase } from './database'

/** A command line with a database to link: its config is `config.json` in the folder that the command line runs in. */
export interface CommandLineRoom extends SourceRoom {
  commandLine: CommandLine
}

/** `sql`: what makes the tables of the source. */
export async function openCommandLineRoom(sql: string): Promise<CommandLineRoom> {
  const database = await freshDatabase()
  const room = await openSourceRoom()
  await room.run(sql)
  const folder = mkdtempSync(path.join(dataFolder(), 'cli-'))
  const { host, port, user, password, database: name } = room.server
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify({ host, port, user, password, database: name, schema: 'public', sslmode: 'disable' }))
  return {
    ...room,
    commandLine: new CommandLine(folder, database.url),
    async close() {
      await room.close()
      await database.drop()
    },
  }
}
