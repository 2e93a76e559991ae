/** What a shared access signature says of itself. */
export interface SasTerms {
  /** ISO times; null when it names none (a stored access policy may). */
  from: string | null
  until: string | null
  /** One letter for each right: r, l … */
  rights: string | null
  /** `c` a container, `b` a blob, `d` a folder; null for the whole account. */
  scope: string | null
}

/** The query alone, however it was copied: with a `?`, or as a whole URL. */
export function bareSas(text: string): string {
  const trimmed = text.trim()
  return trimmed.slice(trimmed.indexOf('?') + 1)
}

export function termsOf(sas: string): SasTerms {
  const query = new URLSearchParams(sas)
  return { from: query.get('st'), until: query.get('se'), rights: query.get('sp'), scope: query.get('sr') }
}

/** Each secret form of it: the whole, and the signature alone. */
export function sasSecrets(sas: string): string[] {
  return [sas, new URLSearchParams(sas).get('sig') ?? '']
}
