'use client'

import Link from 'next/link'
import { ErrorState } from '@/components/shell/error-state'
import { Button } from '@/components/ui/button'

interface Props {
  error: Error & { digest?: string }
  reset: () => void
}

/** A page that failed. Its message stays in the log; the digest finds it there. */
export default function ErrorPage({ error, reset }: Props) {
  return (
    <ErrorState
      variant="page"
      error={{ code: 'internal', title: 'This page could not be shown', detail: error.digest ? `The log has the details under ${error.digest}` : 'The log has the details', advice: 'Try again; if it stays, look into the log of the server', isRetryable: true }}
      actions={
        <>
          <Button asChild variant="outline"><Link href="/">Start page</Link></Button>
          <Button onClick={reset}>Try again</Button>
        </>
      }
    />
  )
}
