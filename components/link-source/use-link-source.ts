'use client'

import { useRouter } from 'next/navigation'
import { useRef, useState } from 'react'
import type { ErrorView } from '@/lib/core/errors'
import { linkSourceAction } from '@/lib/sources/link-actions'
import type { LinkForm } from '@/lib/sources/link-schema'
import type { LinkSourceInput } from '@/lib/sources/schema'
import { hasError, linkErrors, noErrors, type ConnectErrors } from './connect-errors'
import { importHref } from './import-href'

export type LinkOutcome = 'linked' | 'fields' | 'failed' | 'busy'

/** Links once, however often it is asked to: a second press while the first is on its way does nothing. */
export function useLinkSource(form: LinkForm) {
  const router = useRouter()
  const isUnderWay = useRef(false)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  const [fieldErrors, setFieldErrors] = useState<ConnectErrors>(noErrors)

  async function link(input: () => LinkSourceInput, onFields?: (errors: ConnectErrors) => void): Promise<LinkOutcome> {
    if (isUnderWay.current) return 'busy'
    isUnderWay.current = true
    setBusy(true)
    setError(null)
    setFieldErrors(noErrors)
    const result = await linkSourceAction(input()).catch(() => ({ ok: false as const, error: lost, fields: undefined }))
    if (result.ok) {
      // Stays busy: the next thing to be seen is the import.
      router.replace(importHref(form.connector.id, result.value.sourceId))
      return 'linked'
    }
    isUnderWay.current = false
    setBusy(false)
    const found = linkErrors({ ...result.error.fields, ...result.fields }, form.connector.fields)
    if (hasError(found)) {
      setFieldErrors(found)
      onFields?.(found)
      return 'fields'
    }
    setError(result.error)
    return 'failed'
  }

  return { link, isBusy, error, fieldErrors }
}

const lost: ErrorView = {
  code: 'unreachable',
  title: 'Tributary cannot be reached',
  detail: 'The connection to this server was lost, so it is not known whether the source was linked',
  advice: 'Look at the list of sources before you try again',
  isRetryable: true,
}
