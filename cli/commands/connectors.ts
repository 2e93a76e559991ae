import { connectorViews } from '@/lib/sources/connector-views'
import type { ConfigField } from '@/lib/sources/schema'
import type { Terminal } from '../terminal'
import { textTable } from '../text-table'

export function connectors(terminal: Terminal): void {
  const views = connectorViews()
  terminal.result(views, () => views.map(({ id, label, description, fields }) => {
    const rows = fields.map((field) => [`  ${field.name}`, requiredWords(field), field.secret ? 'secret' : '', field.options?.join(', ') ?? field.initial, field.help ?? ''])
    return `${id}: ${label}. ${description}\n${textTable(['  field', '', '', 'default', ''], rows)}`
  }).join('\n\n'))
}

function requiredWords({ required, when }: ConfigField): string {
  if (!required) return ''
  return when ? `required with ${when.is.join(' or ')}` : 'required'
}
