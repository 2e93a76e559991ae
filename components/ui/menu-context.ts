'use client'

import { createContext, useContext } from 'react'

interface MenuState {
  /** Does what makes a menu stand ready? Not before somebody opened it. */
  isLoaded: boolean
  open: (byKeyboard: boolean) => void
  /** Was it a key that opened the menu? True once. */
  takeKey: () => boolean
}

export const MenuContext = createContext<MenuState | null>(null)

export function useMenu(): MenuState {
  const menu = useContext(MenuContext)
  if (!menu) throw new Error('The parts of a menu stand inside a DropdownMenu')
  return menu
}
