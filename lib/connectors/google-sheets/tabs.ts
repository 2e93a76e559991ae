export interface Worksheet {
  gid: string
  title: string
}

/**
 * The worksheets that Google's page for readers without an account names, in its script or in its buttons. No interface that Google promises: empty
 * when the page is another by now.
 */
export function worksheetsInPage(html: string): Worksheet[] {
  const scripted = [...html.matchAll(/items\.push\(\{\s*name:\s*"((?:[^"\\]|\\.){1,1000})"[^}]{0,3000}?\bgid:\s*"(\d{1,10})"/g)].map(([, name = '', gid = '']) => ({ gid, title: ofScript(name) }))
  const found = scripted.length > 0 ? scripted : [...html.matchAll(/<li[^>]{0,300}\bid="sheet-button-(\d{1,10})"[^>]{0,300}>\s*<a[^>]{0,300}>([^<]{1,1000})<\/a>/g)].map(([, gid = '', name = '']) => ({ gid, title: ofHtml(name) }))
  return [...new Map(found.map((worksheet) => [worksheet.gid, worksheet])).values()]
}

/** A text of JavaScript, which has more escapes than one of JSON. */
function ofScript(text: string): string {
  const plain = text.replace(/\\x([0-9a-f]{2})/gi, '\\u00$1').replace(/\\'/g, "'")
  try {
    return String(JSON.parse(`"${plain}"`))
  } catch {
    return text // better a name with a backslash than no table
  }
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

function ofHtml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : 0
    if (code > 0 && code <= 0x10ffff) return String.fromCodePoint(code)
    return NAMED[name ?? ''] ?? whole
  })
}
