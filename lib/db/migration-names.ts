import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { projectFolder } from '@/lib/core/env'

export function migrationsFolder(): string {
  return path.join(/* turbopackIgnore: true */ projectFolder(), 'prisma', 'migrations')
}

/** The migrations of this program, in their order. */
export function migrationNames(folder = migrationsFolder()): string[] {
  return readdirSync(/* turbopackIgnore: true */ folder).filter((name) => existsSync(path.join(/* turbopackIgnore: true */ folder, name, 'migration.sql'))).sort()
}
