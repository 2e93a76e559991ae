'use client'

import { Eye, EyeOff } from 'lucide-react'
import { useState, type ComponentProps } from 'react'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'

/** A password that its writer may look at. */
export function PasswordInput(props: Omit<ComponentProps<'input'>, 'type'>) {
  const [isShown, setIsShown] = useState(false)
  const Icon = isShown ? EyeOff : Eye
  return (
    <div className="relative">
      <Input {...props} type={isShown ? 'text' : 'password'} className="h-9 pr-9" spellCheck={false} autoCapitalize="none" />
      <Button variant="ghost" size="icon-sm" className="absolute top-1 right-1 text-muted-foreground" aria-pressed={isShown} aria-label="Show password" onClick={() => setIsShown(!isShown)}>
        <Icon aria-hidden />
      </Button>
    </div>
  )
}
