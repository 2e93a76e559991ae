import type { ReactNode } from 'react'
import { Logo } from '@/components/shell/logo'

export default function SignedOutLayout({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <main className="mx-auto flex w-full max-w-[400px] flex-1 flex-col justify-center px-4 pt-8 pb-[14vh]">
        <Logo className="mb-6 justify-center" />
        {children}
      </main>
    </div>
  )
}
