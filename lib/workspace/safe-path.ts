/** Where to go after signing in: a path of our own, never another site, whatever the address bar says. */
export function safePath(wanted: string | undefined, fallback = '/sources'): string {
  if (!wanted || !wanted.startsWith('/') || /[\\\u0000-\u001f\u007f]/.test(wanted)) return fallback
  const base = 'http://own.invalid'
  if (!URL.canParse(wanted, base)) return fallback
  const url = new URL(wanted, base)
  const isEntrance = ['/sign-in', '/setup'].includes(url.pathname) || url.pathname.startsWith('/api/')
  // "//host" is another site, and so is what a path becomes once its dots are resolved
  if (url.origin !== base || url.pathname.startsWith('//') || isEntrance) return fallback
  return url.pathname + url.search + url.hash
}
