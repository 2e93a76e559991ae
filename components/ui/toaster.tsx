'use client'

import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import { Toaster as Sonner } from 'sonner'
import { Spinner } from './spinner'

export { toast } from 'sonner'

/** Once, in the providers. Ask for a toast with `toast.success(title, { description })`. */
export function Toaster() {
  return (
    <Sonner
      position="bottom-right"
      gap={8}
      icons={{
        success: <CircleCheck className="size-4 text-fine" />,
        error: <CircleAlert className="size-4 text-broken" />,
        warning: <TriangleAlert className="size-4 text-waiting" />,
        info: <Info className="size-4 text-running" />,
        loading: <Spinner className="text-running" />,
      }}
    />
  )
}
