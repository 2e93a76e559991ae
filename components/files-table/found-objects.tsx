'use client'

import { RelativeTime } from '@/components/ui/relative-time'
import { formatBytes, formatCount, formatQuantity } from '@/lib/core/format'
import type { FilesPreview } from '@/lib/sources/files-schema'

type Found = Pick<FilesPreview, 'objects' | 'objectCount' | 'isCountExact' | 'totalBytes'>

/** Which files make the table: how many, how large, and the first of them. */
export function FoundObjects({ found, isFolder }: { found: Found; isFolder: boolean }) {
  const { objects, objectCount } = found
  const more = objectCount - objects.length
  return (
    <section className="min-w-0">
      <h3 className="text-sm font-medium tabular">{foundWords(found, isFolder)}</h3>
      {/* a list that scrolls must be reachable by keyboard */}
      <div tabIndex={0} role="group" aria-label="The first files" className="mt-1.5 max-h-38 overflow-y-auto rounded-md border">
        <ul className="divide-y divide-border text-xs">
          {objects.map((object) => <FoundObject key={object.address} {...object} />)}
        </ul>
        {more > 0 ? <p className="border-t px-2.5 py-1.5 text-xs text-muted-foreground tabular">and {found.isCountExact ? '' : 'at least '}{formatCount(more)} more</p> : null}
      </div>
    </section>
  )
}

/** The folder gives way where room is short: the name tells more. */
function FoundObject({ address, bytes, modifiedAt }: Found['objects'][number]) {
  const cut = address.lastIndexOf('/') + 1
  return (
    <li className="flex items-baseline gap-3 px-2.5 py-1.5">
      <span className="flex min-w-0 flex-1 font-mono [font-variant-ligatures:none]" title={address}>
        <span className="truncate text-muted-foreground">{address.slice(0, cut)}</span>
        <span className="max-w-[75%] shrink-0 truncate">{address.slice(cut)}</span>
      </span>
      <span className="shrink-0 text-right text-muted-foreground tabular">{bytes === null ? 'size not told' : formatBytes(bytes)}</span>
      <span className="w-20 shrink-0 text-right text-muted-foreground tabular max-sm:hidden">{modifiedAt === null ? '—' : <RelativeTime time={modifiedAt} />}</span>
    </li>
  )
}

/** "12 files match · 3.4 MB", "More than 10,000 files match". Of a folder the table has only what its log names. */
export function foundWords({ objectCount, isCountExact, totalBytes }: Found, isFolder = false): string {
  const [one, many] = isFolder ? ['file in the folder', 'files in the folder'] as const : ['file matches', 'files match'] as const
  const count = isCountExact ? formatQuantity(objectCount, one, many) : `More than ${formatCount(objectCount)} ${many}`
  return totalBytes === null ? count : `${count} · ${isCountExact ? '' : 'more than '}${formatBytes(totalBytes)}`
}
