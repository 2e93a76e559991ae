'use client'

import { WifiOff } from 'lucide-react'
import { useSyncExternalStore } from 'react'

function subscribe(listener: () => void): () => void {
  window.addEventListener('online', listener)
  window.addEventListener('offline', listener)
  return () => {
    window.removeEventListener('online', listener)
    window.removeEventListener('offline', listener)
  }
}

/** Says so while the browser has no network: what is on the screen may be old. */
export function OfflineNotice() {
  const isOnline = useSyncExternalStore(subscribe, () => navigator.onLine, () => true)
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 bottom-4 z-50 flex justify-center px-4">
      {isOnline ? null : (
        <span className="inline-flex items-center gap-2 rounded-md border bg-popover px-3 py-2 text-sm shadow-float">
          <WifiOff aria-hidden className="size-4 text-waiting" />
          You are offline. Syncs go on; what you see may be old.
        </span>
      )}
    </div>
  )
}
