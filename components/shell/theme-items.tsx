'use client'

import { Monitor, Moon, Sun } from 'lucide-react'
import { useState } from 'react'
import { DropdownMenuLabel, DropdownMenuRadioGroup, DropdownMenuRadioItem } from '@/components/ui/dropdown-menu'
import { readTheme } from '@/lib/core/theme'
import { setTheme } from './set-theme'

const themes = [
  { value: 'system', label: 'As the system', Icon: Monitor },
  { value: 'light', label: 'Light', Icon: Sun },
  { value: 'dark', label: 'Dark', Icon: Moon },
] as const

/** The choice of theme, inside a menu that is open. */
export function ThemeItems() {
  const [theme, show] = useState(() => readTheme(document.documentElement.dataset['theme']))
  return (
    <>
      <DropdownMenuLabel>Theme</DropdownMenuLabel>
      <DropdownMenuRadioGroup
        value={theme}
        onValueChange={(value) => {
          const chosen = readTheme(value)
          setTheme(chosen)
          show(chosen)
        }}
      >
        {themes.map(({ value, label, Icon }) => (
          <DropdownMenuRadioItem key={value} value={value} onSelect={(event) => event.preventDefault()}>
            <Icon aria-hidden />
            {label}
          </DropdownMenuRadioItem>
        ))}
      </DropdownMenuRadioGroup>
    </>
  )
}
