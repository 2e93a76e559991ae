'use client'

import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { Button } from './button'
import { Spinner } from './spinner'
import { dismissToast, toastStore, type Toast, type ToastTone } from './toast-store'

export { toast } from './toast-store'

/** Once, in the providers. Also read aloud: politely, errors at once. */
export function Toaster() {
  const toasts = useSyncExternalStore(toastStore.subscribe, toastStore.read, toastStore.readOnServer)
  const [isHeld, setIsHeld] = useState(false)
  return (
    <section
      aria-label="Notifications"
      className="pointer-events-none fixed right-0 bottom-0 z-[60] flex w-full flex-col items-end gap-2 p-4 sm:max-w-md"
    >
      <div aria-live="polite" className="contents">{toasts.filter(({ tone }) => tone !== 'error').map((toast) => <ToastCard key={toast.id} toast={toast} isHeld={isHeld} hold={setIsHeld} />)}</div>
      <div aria-live="assertive" className="contents">{toasts.filter(({ tone }) => tone === 'error').map((toast) => <ToastCard key={toast.id} toast={toast} isHeld={isHeld} hold={setIsHeld} />)}</div>
    </section>
  )
}

/** Goes after its time, which stands still while somebody reads. */
function ToastCard({ toast, isHeld, hold }: { toast: Toast; isHeld: boolean; hold: (isHeld: boolean) => void }) {
  useEffect(() => () => hold(false), [hold]) // closed under the pointer: nothing tells that it left
  useEffect(() => {
    if (isHeld || !Number.isFinite(toast.duration)) return
    const timer = setTimeout(() => dismissToast(toast.id), toast.duration)
    return () => clearTimeout(timer)
  }, [isHeld, toast])
  return (
    <div
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={() => hold(false)}
      className="pointer-events-auto flex w-full animate-[float-in_110ms_ease-out] items-start gap-2.5 rounded-md border bg-popover py-2.5 pr-1.5 pl-3 text-popover-foreground shadow-float"
    >
      <span aria-hidden className="mt-0.5 empty:hidden"><ToneIcon tone={toast.tone} /></span>
      <div className="min-w-0 flex-1 py-px">
        <p className="font-medium break-words">{toast.title}</p>
        {toast.description ? <p className="mt-0.5 text-sm break-words text-muted-foreground">{toast.description}</p> : null}
      </div>
      {toast.action ? (
        <Button
          variant="outline"
          size="sm"
          className="-my-0.5"
          onClick={() => {
            toast.action?.onClick()
            dismissToast(toast.id)
          }}
        >
          {toast.action.label}
        </Button>
      ) : null}
      <Button variant="ghost" size="icon-sm" className="-my-0.5 size-6 text-muted-foreground" aria-label="Close notification" onClick={() => dismissToast(toast.id)}><X aria-hidden className="size-3.5" /></Button>
    </div>
  )
}

function ToneIcon({ tone }: { tone: ToastTone }) {
  switch (tone) {
    case 'success':
      return <CircleCheck className="size-4 text-fine" />
    case 'error':
      return <CircleAlert className="size-4 text-broken" />
    case 'warning':
      return <TriangleAlert className="size-4 text-waiting" />
    case 'info':
      return <Info className="size-4 text-running" />
    case 'loading':
      return <Spinner className="text-running" />
    case 'plain':
      return null
  }
}
