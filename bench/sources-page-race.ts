import { spawn } from 'node:child_process'
import path from 'node:path'
import { encode } from 'next-auth/jwt'
import { dataFolder, projectFolder } from '@/lib/core/env'
import { newId } from '@/lib/core/ids'
import { sessionSecret } from '@/lib/core/secret-box'
import { databaseUrl } from '@/lib/db/client'
import { createFirstAdmin } from '@/lib/workspace/create-first-admin'
import { passwordStamp, sessionCookieName } from '@/lib/workspace/session-token'
import { buildPages } from '@/scripts/serve/build'
import { choosePort } from '@/scripts/serve/port'
import { withClient } from './bench-table'
import type { Measure } from './measure'

const SOURCES = 200
const SCHEMAS = 50
const RUNS = 20
const WARM_UP = 20
const REQUESTS = 200

/** The Sources page with many sources, as a signed-in browser asks for it: the whole answer, one after the other. */
export async function sourcesPageRace(): Promise<Measure[]> {
  await buildPages(dataFolder(), console.error, new AbortController().signal)
  const cookie = await signIn()
  await fillWorkspace()
  const port = await choosePort('127.0.0.1', 0)
  const server = spawn(process.execPath, [path.join(projectFolder(), 'node_modules/next/dist/bin/next'), 'start', '-H', '127.0.0.1', '-p', String(port)], { env: { ...process.env, NODE_ENV: 'production', NEXTAUTH_URL: `http://127.0.0.1:${port}` }, stdio: 'ignore', cwd: projectFolder() })
  try {
    const url = `http://127.0.0.1:${port}/sources`
    const times: number[] = []
    for (let request = 0; request < WARM_UP + REQUESTS; request++) {
      const began = performance.now()
      const text = await answer(url, cookie)
      if (request >= WARM_UP) times.push(performance.now() - began)
      if (!text.includes('Source 199')) throw new Error('the page does not show its sources')
    }
    times.sort((a, b) => a - b)
    const at = (part: number) => times[Math.floor(times.length * part)] ?? Number.NaN
    return [{ name: `/sources with ${SOURCES} sources of ${SCHEMAS} schemas: whole answer, p95`, value: at(0.95), unit: 'ms', bar: 150, detail: `p50 ${Math.round(at(0.5))} ms` }]
  } finally {
    server.kill()
  }
}

async function signIn(): Promise<string> {
  await createFirstAdmin({ email: 'bench@example.com', name: 'Bench', password: newId() })
  const [user] = await withClient(databaseUrl(), async (client) => (await client.query<{ id: string; passwordHash: string }>('select "id", "passwordHash" from "User"')).rows)
  if (!user) throw new Error('there is no administrator')
  const token = await encode({ token: { userId: user.id, stamp: passwordStamp(user.passwordHash) }, secret: sessionSecret() })
  return `${sessionCookieName(false)}=${token}`
}

/** Rows only: 200 sources of 50 schemas, each with a version and twenty finished runs. */
async function fillWorkspace(): Promise<void> {
  await withClient(databaseUrl(), async (client) => {
    await client.query(`
      insert into "Source" ("id", "workspaceId", "connector", "name", "prefix", "config", "sealedSecrets", "updatedAt")
      select gen_random_uuid(), w."id", 'postgres', 'Source ' || n, 'many' || n, '{}', '', now() from "Workspace" w, generate_series(1, ${SOURCES}) n`)
    await client.query(`
      insert into "SourceSchema" ("id", "workspaceId", "sourceId", "name", "location", "tableName", "enabled", "method", "discovered", "currentVersion", "lastSyncedAt")
      select gen_random_uuid(), s."workspaceId", s."id", 'table_' || n, '{}', s."prefix" || '_table_' || n, n % 10 <> 0, 'full', '{}', 1, now() from "Source" s, generate_series(1, ${SCHEMAS}) n where s."prefix" like 'many%'`)
    await client.query(`insert into "TableVersion" ("schemaId", "number", "workspaceId", "kind", "columns", "rows", "bytes") select s."id", 1, s."workspaceId", 'sync', '[]', 1000, 100000 from "SourceSchema" s where s."tableName" like 'many%'`)
    await client.query(`
      insert into "SyncRun" ("id", "workspaceId", "sourceId", "schemaId", "status", "trigger", "queuedAt", "startedAt", "finishedAt", "error")
      select gen_random_uuid(), s."workspaceId", s."sourceId", s."id", (case when n = ${RUNS} and s."name" = 'table_7' then 'failed' else 'completed' end)::"RunStatus", 'schedule', now() - (${RUNS} - n) * interval '1 hour', now(), now(),
        case when n = ${RUNS} and s."name" = 'table_7' then '{"code":"permission","title":"Permission denied for table_7","isRetryable":false}'::jsonb end
      from "SourceSchema" s, generate_series(1, ${RUNS}) n where s."tableName" like 'many%'`)
    await client.query('analyze')
  })
}

async function answer(url: string, cookie: string): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await (await fetch(url, { headers: { cookie }, redirect: 'manual' })).text()
    } catch (error) {
      if (attempt > 200) throw error
      await new Promise((resolve) => setTimeout(resolve, 50)) // the server is still starting
    }
  }
}
