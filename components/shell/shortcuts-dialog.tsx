'use client'

import { Dialog, DialogContent, DialogDescription, DialogHeader, DialogTitle } from '@/components/ui/dialog'
import { Kbd } from '@/components/ui/kbd'

interface Shortcut {
  label: string
  keys: string[]
}

const others: Shortcut[] = [
  { label: 'Run the query', keys: ['Ctrl / ⌘', 'Enter'] },
  { label: 'Cancel the query', keys: ['Esc'] },
  { label: 'Show this list', keys: ['?'] },
]

/** The list of all shortcuts. */
export function ShortcutsDialog({ places, onClose }: { places: Shortcut[]; onClose: () => void }) {
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent className="max-w-sm">
        <DialogHeader>
          <DialogTitle>Keyboard shortcuts</DialogTitle>
          <DialogDescription className="sr-only">Keys that work wherever you are not typing</DialogDescription>
        </DialogHeader>
        <dl>
          {[...places, ...others].map(({ label, keys }) => (
            <div key={label} className="flex h-9 items-center justify-between gap-4 border-b last:border-b-0">
              <dt>{label}</dt>
              <dd className="flex gap-1">{keys.map((key) => <Kbd key={key}>{key}</Kbd>)}</dd>
            </div>
          ))}
        </dl>
      </DialogContent>
    </Dialog>
  )
}
