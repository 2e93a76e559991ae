/** The ETag with the length, which an ETag of many parts does not tell. Null where the store gives none. */
export function fingerprintOf(etag: string | undefined, bytes: number | null): string | null {
  return etag === undefined || etag === '' ? null : `${etag.replaceAll('"', '')} ${bytes ?? ''}`
}

/** As a condition has it. */
export function etagOf(fingerprint: string | null): string | undefined {
  return fingerprint === null ? undefined : `"${fingerprint.slice(0, fingerprint.lastIndexOf(' '))}"`
}
