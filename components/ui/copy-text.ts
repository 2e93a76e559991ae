/** Put a text on the clipboard, also where the page came over plain http. Tells whether it worked. */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard && window.isSecureContext) {
    const copied = await navigator.clipboard.writeText(text).then(() => true, () => false)
    if (copied) return true
  }
  const area = document.createElement('textarea')
  area.value = text
  area.setAttribute('readonly', '')
  area.className = 'fixed -top-96 left-0'
  const focused = document.activeElement
  // Inside an open dialog the focus is held there: the text area must stand in it to be selectable.
  const host = focused?.closest('[role=dialog],[role=alertdialog]') ?? document.body
  host.appendChild(area)
  area.select()
  const copied = document.execCommand('copy')
  area.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return copied
}
