'use client'

interface Props {
  error: Error & { digest?: string }
  reset: () => void
}

/**
 * A page that failed. Its message stays in the log; the digest finds it there. Imports nothing: each boundary
 * gets a copy of what it imports, on every page.
 */
export default function ErrorPage({ error, reset }: Props) {
  return (
    <div role="alert" className="mx-auto flex max-w-lg flex-col items-center px-4 py-16 text-center">
      <h1 className="text-lg font-semibold text-balance">This page could not be shown</h1>
      <p className="mt-1 text-muted-foreground">{error.digest ? `The log has the details under ${error.digest}` : 'The log of the server has the details'}</p>
      <p className="mt-1">Try again; if it stays, look into the log of the server.</p>
      <div className="mt-5 flex gap-2">
        {/* A full load: the router's own state may be what failed. */}
        <button type="button" onClick={() => window.location.assign('/')} className="inline-flex h-8 items-center rounded-md border px-3 font-medium hover:bg-muted">Start page</button>
        <button type="button" onClick={reset} className="inline-flex h-8 items-center rounded-md bg-primary px-3 font-medium text-primary-foreground hover:bg-primary-hover">Try again</button>
      </div>
    </div>
  )
}
