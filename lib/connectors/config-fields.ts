import { z } from 'zod'
import type { Connector } from './contract'

const FieldMeta = z.object({
  label: z.string(),
  help: z.string().optional(),
  placeholder: z.string().optional(),
  secret: z.boolean().default(false),
  /** Needed while it is shown, though the schema lets it be absent: another field decides which of several is needed. */
  required: z.boolean().default(false),
  /** Says where the secrets are sent (a host): when it changes, they must be entered again. */
  isDestination: z.boolean().default(false),
  /** How the form shows it; `hidden`: the form fills it itself, and nobody sees it. */
  control: z.enum(['text', 'number', 'password', 'select', 'textarea', 'hidden']).default('text'),
  /** What a person reads in place of an option. */
  labels: z.record(z.string(), z.string()).optional(),
  /** Shown only while another field has one of these values. */
  when: z.object({ field: z.string(), is: z.array(z.string()) }).optional(),
})

const JsonField = z.object({ enum: z.array(z.string()).optional(), default: z.union([z.string(), z.number(), z.boolean()]).optional() })

export interface ConfigField extends z.infer<typeof FieldMeta> {
  name: string
  options?: string[]
  initial: string
}

/** The fields of a connector's config, as the form, the command line's help and the secret's storage need them. */
export function configFields(connector: Connector): ConfigField[] {
  const schema = z.toJSONSchema(connector.config, { io: 'input', unrepresentable: 'any' })
  const required = new Set(schema.required ?? [])
  return Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const meta = FieldMeta.parse(property)
    const json = JsonField.parse(property)
    return { ...meta, name, required: meta.required || required.has(name), options: json.enum, initial: String(json.default ?? '') }
  })
}

/** The names of the fields that are sealed and never shown again. */
export function secretFieldNames(connector: Connector): string[] {
  return configFields(connector).flatMap((field) => (field.secret ? [field.name] : []))
}
