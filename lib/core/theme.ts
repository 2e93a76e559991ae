/** The colours of the screens: the reader's system decides unless the reader has. */
export type Theme = 'system' | 'light' | 'dark'

export const THEME_COOKIE = 'tributary-theme'

export function readTheme(value: string | undefined): Theme {
  return value === 'light' || value === 'dark' ? value : 'system'
}
