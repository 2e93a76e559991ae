import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { SetupForm } from '@/components/entrance/setup-form'
import { isFirstRun } from '@/lib/workspace/session'

export const metadata: Metadata = { title: 'First run' }

export default async function SetupPage() {
  if (!(await isFirstRun())) redirect('/sign-in')
  return <SetupForm />
}
