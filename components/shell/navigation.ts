import type { Route } from 'next'

export interface NavigationLink {
  label: string
  href: Route
  /** The addresses that belong to it. */
  below: string[]
}

/** The main places, as far as the workspace has them. */
export function navigation(previews: { dataWarehouse: boolean }): NavigationLink[] {
  const places: NavigationLink[] = [{ label: 'Settings', href: '/settings' as Route, below: ['/settings'] }]
  if (previews.dataWarehouse) places.unshift({ label: 'Data warehouse', href: '/sources' as Route, below: ['/sources', '/sql', '/tables'] })
  return places
}

export function isBelow(path: string, link: NavigationLink): boolean {
  return link.below.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))
}
