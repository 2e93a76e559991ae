'use client'

import { createContext, useContext, useState, type ReactNode } from 'react'

const Nonce = createContext<string | undefined>(undefined)

/** Gives the page's CSP nonce to the few parts that write a style element of their own. */
export function NonceProvider({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  // A later render may carry the nonce of another request; the browser holds to that of the document.
  const [first] = useState(nonce)
  if (first && typeof window !== 'undefined') Object.assign(window, { __webpack_nonce__: first })
  return <Nonce value={first}>{children}</Nonce>
}

export function useNonce(): string | undefined {
  return useContext(Nonce)
}
