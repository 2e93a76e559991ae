import type { FilesConnector } from '../contract'
import type { ListedObject, ObjectAccess } from '../objects/object-access'

/** A store for the suite: an empty place in it, of a real server, that refuses what it should refuse by itself. */
export interface SuiteStore {
  /** As the form sends it. */
  config: Record<string, unknown>
  /** The config with a wrong secret. */
  wrongSecret: Record<string, unknown>
  /** A config whose key may read and not list, where the store knows such keys, and the right that is missing as people know it. */
  unlisted?: { config: Record<string, unknown>; right: string }
  /** A config whose key may list and not read. */
  unread?: { config: Record<string, unknown>; right: string }
  /** Texts that must never be seen in an error: every secret of every config here. */
  secrets: string[]
  /** The address of keys, with `*` and `**` as wildcards. */
  pattern(keys: string): string
  /** The same in a bucket that is not there. */
  missing(keys: string): string
  put(key: string, body: string | Uint8Array): Promise<void>
  remove(key: string): Promise<void>
  /** Many small objects at once, where there is a faster way than `put`. */
  fill?(objects: { key: string; body: string }[]): Promise<void>
  /** More objects than the store tells at once. */
  manyObjects: number
  /** Can the store hold it? Every store but one that has rules of its own can. */
  canHold?(key: string): boolean
}

export function accessOf<Config>(connector: FilesConnector<Config>, store: SuiteStore, keys: string, config = store.config): ObjectAccess {
  return connector.files.open(connector.config.parse(config), store.pattern(keys))
}

export async function listed(access: ObjectAccess, signal: AbortSignal = never): Promise<ListedObject[]> {
  const objects: ListedObject[] = []
  for await (const page of access.list(signal)) objects.push(...page)
  return objects
}

export async function onlyOne(access: ObjectAccess): Promise<ListedObject> {
  const [object, ...more] = await listed(access)
  if (!object || more.length > 0) throw new Error(`The listing has ${object ? more.length + 1 : 0} objects where one is`)
  return object
}

export async function bytesOf(access: ObjectAccess, object: ListedObject, span: { from: number; to?: number } = { from: 0 }, signal: AbortSignal = never): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of access.read(object, span, signal)) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

export const never = new AbortController().signal
