import { THEME_COOKIE, type Theme } from '@/lib/core/theme'

const YEAR_SECONDS = 365 * 24 * 3600

/** Show the theme now and have the server write it into every page from now on. */
export function setTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`
}
