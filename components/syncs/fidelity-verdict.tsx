import { Badge } from '@/components/ui/badge'
import type { Verdict } from '@/lib/sources/fidelity-schema'

const words: Record<Verdict, string> = { exact: 'Exact', widened: 'Widened', text: 'Text' }

/** What becomes of a column's values, in a word. */
export function FidelityVerdict({ verdict }: { verdict: Verdict }) {
  return <Badge variant={verdict === 'text' ? 'waiting' : verdict === 'widened' ? 'running' : 'secondary'}>{words[verdict]}</Badge>
}
