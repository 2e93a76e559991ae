import { signIn } from 'next-auth/react'
import type { ErrorView } from '@/lib/core/errors'

/** Sign in through next-auth and stay on the page. Gives the error to show, or nothing when it worked. */
export async function signInWithPassword(email: string, password: string): Promise<ErrorView | undefined> {
  try {
    const answer = await signIn('credentials', { email, password, redirect: false })
    if (answer?.ok && !answer.error) return undefined
    if (answer?.error === 'CredentialsSignin') return refused('credentials', 'Sign-in was refused', 'The e-mail address or the password is wrong', 'Check both and try again')
    return refused('rate_limited', 'Sign-in is not possible now', answer?.error ?? 'The server gave no reason', 'Wait, then try again')
  } catch {
    return refused('unreachable', 'Tributary does not answer', 'The request did not reach the server', 'Check that it is running and that you are online')
  }
}

function refused(code: ErrorView['code'], title: string, detail: string, advice: string): ErrorView {
  return { code, title, detail, advice, isRetryable: true }
}
