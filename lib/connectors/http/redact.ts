/** Shorter values stand in ordinary words; blotting them would give them away by the holes. */
const SHORTEST = 4
const BLOT = '•••'

/** A function that takes these secrets out of a text, in each form in which they travel: bare, in a URL, in base64, in JSON. */
export function blotter(secrets: readonly string[]): (text: string) => string {
  const forms = new Set(secrets.flatMap((secret) => (secret.length < SHORTEST ? [] : formsOf(secret))))
  // the longest first: a secret may stand inside of another
  const ordered = [...forms].filter((form) => form.length >= SHORTEST).sort((a, b) => b.length - a.length)
  return (text) => ordered.reduce((blotted, form) => blotted.replaceAll(form, BLOT), text)
}

function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64')
  const url = encodeURIComponent(secret)
  const form = new URLSearchParams([['', secret]]).toString().slice(1)
  return [secret, url, url.toLowerCase(), form, base64, base64.replace(/=+$/, ''), encodeURIComponent(base64), Buffer.from(secret).toString('base64url'), JSON.stringify(secret).slice(1, -1)]
}
