import type { Metadata, Route } from 'next'
import { redirect } from 'next/navigation'
import { SignInForm } from '@/components/entrance/sign-in-form'
import { safePath } from '@/lib/workspace/safe-path'
import { findViewer, isFirstRun } from '@/lib/workspace/session'

export const metadata: Metadata = { title: 'Sign in' }

interface Props {
  searchParams: Promise<{ callbackUrl?: string | string[] }>
}

export default async function SignInPage({ searchParams }: Props) {
  const { callbackUrl } = await searchParams
  const next = safePath(typeof callbackUrl === 'string' ? callbackUrl : undefined)
  if (await findViewer()) redirect(next as Route)
  if (await isFirstRun()) redirect('/setup')
  return <SignInForm next={next} />
}
