import { FileX2 } from 'lucide-react'
import { LinkedText } from '@/components/ui/linked-text'
import { formatCount, formatQuantity } from '@/lib/core/format'
import type { RunView } from '@/lib/syncs/schema'
import { Figure } from './figure'

type Objects = NonNullable<NonNullable<RunView['report']>['objects']>

/** What became of the files of a table, and which of them could not be read. */
export function RunObjects({ objects }: { objects: Objects }) {
  const { setAside, setAsideCount } = objects
  return (
    <>
      <h4 className="mt-4 text-sm font-medium">Files</h4>
      <dl className="grid grid-cols-2 gap-x-6 sm:grid-cols-3">
        <Figure label="Listed">{formatCount(objects.listed)}</Figure>
        <Figure label="Unchanged">{formatCount(objects.unchanged)}</Figure>
        <Figure label="New, read">{formatCount(objects.added)}</Figure>
        <Figure label="Changed, read again">{formatCount(objects.replaced)}</Figure>
        <Figure label="Gone, rows removed">{formatCount(objects.removed)}</Figure>
        <Figure label="Set aside">{formatCount(setAsideCount)}</Figure>
      </dl>
      {setAsideCount ? (
        // a list that scrolls must be reachable by keyboard
        <div tabIndex={0} role="group" aria-label="Files set aside" className="mt-3 max-h-72 overflow-y-auto rounded-md border border-broken/25 bg-broken/5">
          <p className="flex gap-2 border-b border-broken/20 px-3 py-1.5 text-sm font-medium"><FileX2 aria-hidden className="mt-0.5 size-3.5 shrink-0 text-broken" />{formatQuantity(setAsideCount, 'file was', 'files were')} left out: the table is without {setAsideCount === 1 ? 'its' : 'their'} rows</p>
          <ul>
            {setAside.map(({ address, problem }) => (
              <li key={address} className="border-b border-broken/20 px-3 py-1.5 text-sm [overflow-wrap:anywhere] last:border-b-0">
                <code className="font-mono text-xs">{address}</code>
                <p>{problem.title}{problem.detail ? <span className="text-muted-foreground"> · {problem.detail}</span> : null}</p>
                {problem.advice ? <p className="text-muted-foreground"><LinkedText>{problem.advice}</LinkedText></p> : null}
              </li>
            ))}
          </ul>
          {setAsideCount > setAside.length ? <p className="border-t border-broken/20 px-3 py-1.5 text-sm text-muted-foreground">and {formatCount(setAsideCount - setAside.length)} more</p> : null}
        </div>
      ) : null}
    </>
  )
}
