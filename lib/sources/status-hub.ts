import { logger } from '@/lib/core/logger'
import { listenToStatus, type StatusChange } from '@/lib/db/listen'
import { findRunViews } from '@/lib/db/run-views'
import { toRunView } from '@/lib/syncs/run-view'
import type { StatusMessage } from './schema'
import { listSchemaStates, listSourceStates } from './source-states'

/** About four messages a second, and never more than a fifth of the time is spent on reading for them. */
const FLUSH_MS = 250
const REST_PER_WORK = 4
/** More changed schemas than this are loaded by the viewer who looks at them. */
const SCHEMAS_PER_MESSAGE = 100
const LINGER_MS = 10_000

export type Send = (message: StatusMessage) => void

interface Room {
  viewers: Set<Send>
  sourceIds: Set<string>
  schemaIds: Set<string>
  runIds: Set<string>
  staleSources: Set<string>
  isStale: boolean
  timer: NodeJS.Timeout | undefined
  /** No message before this time. */
  restUntil: number
}

interface Hub {
  rooms: Map<string, Room>
  stop: (() => void) | undefined
  linger: NodeJS.Timeout | undefined
}

// Next bundles this module more than once; one connection serves them all.
const shared = globalThis as unknown as { tributaryStatusHub?: Hub }
const hub = (): Hub => (shared.tributaryStatusHub ??= { rooms: new Map(), stop: undefined, linger: undefined })

/** Send the viewer what changes in the workspace from now on. Gives the way to stop. */
export function watchStatus(workspaceId: string, send: Send): () => void {
  const { rooms } = hub()
  const room = rooms.get(workspaceId) ?? newRoom()
  rooms.set(workspaceId, room)
  room.viewers.add(send)
  listen()
  return () => {
    room.viewers.delete(send)
    if (room.viewers.size) return
    clearTimeout(room.timer)
    rooms.delete(workspaceId)
    restWhenEmpty()
  }
}

function newRoom(): Room {
  return { viewers: new Set(), sourceIds: new Set(), schemaIds: new Set(), runIds: new Set(), staleSources: new Set(), isStale: false, timer: undefined, restUntil: 0 }
}

function listen(): void {
  const state = hub()
  clearTimeout(state.linger)
  state.stop ??= listenToStatus({
    onChange: (change) => note(change),
    onGap: () => {
      for (const [workspaceId, room] of state.rooms) {
        room.isStale = true
        flushSoon(workspaceId, room)
      }
    },
  })
}

/** A page that is left is often followed by the next one: the connection waits a little for it. */
function restWhenEmpty(): void {
  const state = hub()
  if (state.rooms.size) return
  clearTimeout(state.linger)
  state.linger = setTimeout(() => {
    if (state.rooms.size) return
    state.stop?.()
    state.stop = undefined
  }, LINGER_MS)
  state.linger.unref()
}

function note(change: StatusChange): void {
  const room = hub().rooms.get(change.workspaceId)
  if (!room) return
  room.sourceIds.add(change.sourceId)
  if (room.schemaIds.size + room.runIds.size >= SCHEMAS_PER_MESSAGE) room.staleSources.add(change.sourceId)
  else if (change.table === 'SourceSchema') room.schemaIds.add(change.id)
  else if (change.table === 'SyncRun') room.runIds.add(change.id)
  flushSoon(change.workspaceId, room)
}

function flushSoon(workspaceId: string, room: Room): void {
  if (room.timer) return
  const wait = Math.max(FLUSH_MS, room.restUntil - Date.now())
  room.timer = setTimeout(() => void flush(workspaceId, room), wait)
}

async function flush(workspaceId: string, room: Room): Promise<void> {
  const startedAt = Date.now()
  const taken = { sourceIds: [...room.sourceIds], schemaIds: [...room.schemaIds], runIds: [...room.runIds], staleSources: [...room.staleSources], isStale: room.isStale }
  for (const set of [room.sourceIds, room.schemaIds, room.runIds, room.staleSources]) set.clear()
  room.isStale = false
  let message: StatusMessage
  try {
    message = await read(workspaceId, taken)
  } catch (error) {
    logger('status').error({ err: error }, 'What changed could not be read; viewers are told to load it again')
    message = { sources: [], schemas: [], runs: [], removedSources: [], staleSources: [], isStale: true }
  }
  for (const send of room.viewers) send(message)
  room.restUntil = Date.now() + (Date.now() - startedAt) * REST_PER_WORK
  room.timer = undefined
  if (room.viewers.size === 0) return
  if (room.sourceIds.size || room.isStale) flushSoon(workspaceId, room)
}

type Taken = { sourceIds: string[]; schemaIds: string[]; runIds: string[]; staleSources: string[]; isStale: boolean }

async function read(workspaceId: string, { sourceIds, schemaIds, runIds, staleSources, isStale }: Taken): Promise<StatusMessage> {
  const [sources, schemas, runs] = await Promise.all([
    sourceIds.length ? listSourceStates(workspaceId, sourceIds) : [],
    schemaIds.length + runIds.length ? listSchemaStates(workspaceId, { schemaIds, runIds }) : [],
    findRunViews(workspaceId, runIds),
  ])
  const found = new Set(sources.map((source) => source.id))
  const removedSources = sourceIds.filter((id) => !found.has(id))
  // a schema that is gone leaves no row to send: the list it was in is loaded again
  const known = new Set(schemas.map((schema) => schema.id))
  const isShorter = schemaIds.some((id) => !known.has(id))
  return { sources, schemas, runs: runs.map(toRunView), removedSources, staleSources: isShorter ? sourceIds : staleSources, isStale }
}
