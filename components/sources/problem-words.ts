import type { ErrorView } from '@/lib/core/errors'

/** What failed, the detail and what to do, as one line of sentences. */
export function toProblemLine({ title, detail, advice }: ErrorView): string {
  return [title, detail, advice].filter(Boolean).map((part) => part!.replace(/\.$/, '')).join('. ') + '.'
}
