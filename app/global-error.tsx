'use client'

import ErrorPage from './error'
import './globals.css'

/** The frame itself failed: a page of its own, with no more than it needs. */
export default function GlobalError(props: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en" data-theme="system">
      <body>
        <title>Tributary</title>
        <main><ErrorPage {...props} /></main>
      </body>
    </html>
  )
}
