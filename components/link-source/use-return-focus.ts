'use client'

import { useState } from 'react'

/** For a dialog without a trigger of its own: closing it gives the focus back to what had it when it opened. */
export function useReturnFocus(): { onCloseAutoFocus(event: Event): void } {
  const [opener] = useState(() => document.activeElement)
  return {
    onCloseAutoFocus(event) {
      if (!(opener instanceof HTMLElement) || !opener.isConnected) return
      event.preventDefault()
      opener.focus()
    },
  }
}
