'use client'

import { createContext, useContext, type RefObject } from 'react'

export type MenuParts = typeof import('./dropdown-menu-parts')

interface MenuState {
  /** Absent until somebody opens the menu. */
  parts: MenuParts | undefined
  open: (byKeyboard: boolean) => void
  byKeyboard: RefObject<boolean>
}

export const MenuContext = createContext<MenuState | null>(null)

export function useMenu(): MenuState {
  const menu = useContext(MenuContext)
  if (!menu) throw new Error('The parts of a menu stand inside a DropdownMenu')
  return menu
}
