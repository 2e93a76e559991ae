import { connectorViews } from '@/lib/sources/connector-views'
import type { Terminal } from '../terminal'
import { textTable } from '../text-table'

export function connectors(terminal: Terminal): void {
  const views = connectorViews()
  terminal.result(views, () => views.map(({ id, label, description, fields }) => {
    const rows = fields.map((field) => [`  ${field.name}`, field.required ? 'required' : '', field.secret ? 'secret' : '', field.options?.join(', ') ?? field.initial, field.help ?? ''])
    return `${id}: ${label}. ${description}\n${textTable(['  field', '', '', 'default', ''], rows)}`
  }).join('\n\n'))
}
