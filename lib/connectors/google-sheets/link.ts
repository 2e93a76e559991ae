/** What the link of a spreadsheet says. */
export interface SheetLink {
  id: string
  /** By File, Share, Publish to web: another id, and other addresses. */
  isPublished: boolean
  /** The worksheet that was open when it was copied. */
  gid: string | null
}

const PUBLISHED = /^\/spreadsheets(?:\/u\/\d+)?\/d\/e\/([\w-]{20,200})(?:\/|$)/
const SHARED = /^\/spreadsheets(?:\/u\/\d+)?\/d\/([\w-]{20,200})(?:\/|$)/

/** Null when it is no link to a spreadsheet of Google’s. */
export function parseSheetLink(text: string): SheetLink | null {
  const trimmed = text.trim()
  if (!URL.canParse(trimmed)) return null
  const url = new URL(trimmed)
  if (url.hostname !== 'docs.google.com') return null
  const gid = /(?:^|[#&?])gid=(\d{1,10})(?:&|$)/.exec(url.hash)?.[1] ?? /^\d{1,10}$/.exec(url.searchParams.get('gid') ?? '')?.[0] ?? null
  const [published, shared] = [PUBLISHED.exec(url.pathname)?.[1], SHARED.exec(url.pathname)?.[1]]
  if (published) return { id: published, isPublished: true, gid }
  return shared ? { id: shared, isPublished: false, gid } : null
}
