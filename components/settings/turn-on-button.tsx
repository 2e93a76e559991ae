'use client'

import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toaster'
import { setPreviewAction } from '@/lib/workspace/actions'

export function TurnOnButton() {
  const router = useRouter()
  const [isBusy, start] = useTransition()
  return (
    <Button
      isBusy={isBusy}
      onClick={() => start(async () => {
        const result = await setPreviewAction({ dataWarehouse: true })
        if (result.ok) router.replace('/sources')
        else toast.error(result.error.title, { description: result.error.detail })
      })}
    >
      Turn on data warehouse
    </Button>
  )
}
