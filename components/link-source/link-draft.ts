import { initialValues, toConfigInput, type ConfigValues } from '@/components/connectors/config-values'
import { newTableDraft, toTableInput, type TableDraft } from '@/components/files-table/table-draft'
import type { UploadItem } from '@/components/files-table/uploads/upload-item'
import type { LinkForm } from '@/lib/sources/link-schema'
import type { DiscoveredSchema, DiscoveredSource, LinkSourceInput } from '@/lib/sources/schema'
import type { Frequency } from '@/lib/syncs/schema'
import { followsChanges, initialSelection, suggestChoice, toSchemaChoice, type TableChoice } from './table-choices'

/** A source that is being linked. It holds secrets: it lives in memory only, never in an address or a store. */
export interface LinkDraft {
  values: ConfigValues
  /** Blank: the source's own name. */
  name: string
  prefix: string
  frequency: Frequency
  /** What the source offers, and the config that was checked for it. */
  found: { source: DiscoveredSource; config: string } | null
  /** Only the tables that the person set otherwise than suggested. */
  choices: ReadonlyMap<string, TableChoice>
  selected: ReadonlySet<string>
  /** The tables that people make from files; none of another source. */
  tables: TableDraft[]
  /** The files that people uploaded for them; none of another source. */
  uploads: UploadItem[]
}

export function newDraft(form: LinkForm): LinkDraft {
  return { values: initialValues(form.connector.fields), name: '', prefix: '', frequency: 'six_hours', found: null, choices: new Map(), selected: new Set(), tables: form.connector.files && !form.connector.files.byHand ? [newTableDraft()] : [], uploads: [] }
}

/** The draft with what the source offers; a selection that was made before stays where its tables still are. */
export function withFound(draft: LinkDraft, source: DiscoveredSource, config: string): LinkDraft {
  const readable = new Set(source.schemas.filter((schema) => !schema.problem).map((schema) => schema.name))
  const kept = new Set([...draft.selected].filter((name) => readable.has(name)))
  const selected = draft.found && kept.size ? kept : initialSelection(source.schemas)
  // A choice names columns: it stays only while they are all there.
  const choices = new Map([...draft.choices].filter(([name, choice]) => fits(source.schemas.find((schema) => schema.name === name), choice)))
  return { ...draft, found: { source, config }, selected, choices }
}

function fits(schema: DiscoveredSchema | undefined, choice: TableChoice): boolean {
  if (!schema) return false
  const names = new Set(schema.columns.map((column) => column.name))
  const isKeyOk = choice.method === 'full' || followsChanges(schema) || schema.replicationKeys.some((key) => key.ok && key.name === choice.replicationKey)
  return isKeyOk && [...choice.keyColumns, ...(choice.columnNames ?? [])].every((name) => names.has(name))
}

export function choiceOf(draft: LinkDraft, schema: DiscoveredSchema): TableChoice {
  return draft.choices.get(schema.name) ?? suggestChoice(schema)
}

/** What is linked. */
export function toLinkInput(form: LinkForm, draft: LinkDraft): LinkSourceInput {
  const schemas = (draft.found?.source.schemas ?? []).filter((schema) => draft.selected.has(schema.name))
  return {
    connector: form.connector.id,
    name: draft.name.trim() || undefined,
    prefix: draft.prefix,
    config: toConfigInput(form.connector.fields, draft.values),
    schemas: schemas.map((schema) => toSchemaChoice(schema, choiceOf(draft, schema))),
    tables: draft.tables.map(toTableInput),
    frequency: draft.frequency,
  }
}

const PREFIX_LENGTH_MAX = 40

/**
 * What is wrong with a prefix, in words; undefined when it will do. The rules of `Prefix` in lib/sources/schema, said
 * again without Zod, which would be a good part of the page's script; a test holds the two together.
 */
export function prefixError(form: LinkForm, prefix: string): string | undefined {
  const given = prefix.trim().toLowerCase()
  if (given.length > PREFIX_LENGTH_MAX) return `Use ${PREFIX_LENGTH_MAX} characters or fewer`
  if (!/^([a-z][a-z0-9_]*)?$/.test(given)) return 'Use letters, digits and _, beginning with a letter'
  const other = form.takenPrefixes.find((taken) => bare(taken.prefix) === bare(given))
  if (!other) return undefined
  return bare(prefix) ? `The prefix ${bare(prefix)} is taken by the source ${other.sourceName}` : `The source ${other.sourceName} has no prefix, so this one needs one: enter a word such as shop`
}

/** `shop` and `shop_` make the same table names. */
export function bare(prefix: string): string {
  return prefix.trim().toLowerCase().replace(/_+/g, '_').replace(/^_|_$/g, '')
}

/** The name that a table will have: `shop_postgres_orders`. */
export function tableNamePreview(prefix: string, connectorId: string, tableName: string): string {
  const table = tableName.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_').replace(/^_|_$/g, '') || 'customers'
  return [bare(prefix), connectorId, table].filter(Boolean).join('_')
}

export function nameError(form: LinkForm, name: string): string | undefined {
  if (name.trim().length > 100) return 'Use 100 characters or fewer'
  return form.takenNames.includes(name.trim()) ? `A source with the name ${name.trim()} exists already` : undefined
}

export type NamingChanges = Partial<Pick<LinkDraft, 'name' | 'prefix' | 'frequency'>>

/** What is wrong with what was just typed, a field that was not touched left out. While typing only a prefix that is there can be wrong; a missing one is said on Next. */
export function namingErrors(form: LinkForm, { name, prefix }: NamingChanges): { name?: string; prefix?: string } {
  return {
    ...(name !== undefined && { name: nameError(form, name) }),
    ...(prefix !== undefined && { prefix: prefix ? prefixError(form, prefix) : undefined }),
  }
}
