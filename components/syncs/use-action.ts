'use client'

import { useState } from 'react'
import { toast } from '@/components/ui/toaster'
import type { ErrorView } from '@/lib/core/errors'
import type { ActionResult } from '@/lib/workspace/schema'

const lost: ErrorView = {
  code: 'unreachable',
  title: 'Tributary cannot be reached',
  advice: 'Check that it is running and that you are online, then try again',
  isRetryable: true,
}

/** Run a server action and tell of its failure in a toast. Gives its value, or undefined after a failure. */
export function useAction(): { isBusy: boolean; run<T>(action: () => Promise<ActionResult<T>>): Promise<{ value: T } | undefined> } {
  const [busy, setBusy] = useState(0)
  return {
    isBusy: busy > 0,
    async run(action) {
      setBusy((count) => count + 1)
      try {
        const result = await action()
        if (result.ok) return { value: result.value }
        showFailure(result.error)
      } catch {
        showFailure(lost) // the request itself failed: an action's own failure is a value
      } finally {
        setBusy((count) => count - 1)
      }
      return undefined
    },
  }
}

function showFailure({ title, detail, advice }: ErrorView): void {
  toast.error(title, { description: [detail, advice].filter(Boolean).join('. '), duration: 10_000 })
}
