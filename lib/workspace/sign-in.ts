import { AppError } from '@/lib/core/errors'
import { findUserByEmail } from '@/lib/db/users'
import { countSignIn, forgetSignIns } from './limit-sign-ins'
import { verifyPassword } from './password'
import { SignInInput } from './schema'
import { passwordStamp, type SessionToken } from './session-token'

/**
 * Who signs in with these credentials from this network address. An unknown e-mail and a wrong password are
 * one and the same answer, in words and in time. Throws credentials, or rate_limited with the time to wait.
 */
export async function signIn(credentials: unknown, address: string): Promise<SessionToken> {
  const read = SignInInput.safeParse(credentials)
  if (!read.success) throw wrongCredentials()
  const { email, password } = read.data
  await countSignIn(email, address)
  const user = await findUserByEmail(email)
  const isRight = await verifyPassword(password, user?.passwordHash)
  if (!user || !isRight) throw wrongCredentials()
  await forgetSignIns(email, address)
  return { userId: user.id, stamp: passwordStamp(user.passwordHash) }
}

function wrongCredentials(): AppError {
  return new AppError('credentials', {
    title: 'Sign-in was refused',
    detail: 'The e-mail address or the password is wrong',
    advice: 'Check both and try again',
  })
}
