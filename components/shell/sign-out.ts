/** End the session; loaded when asked for, since few pages ever need it. */
export async function signOut(): Promise<void> {
  const { signOut: end } = await import('next-auth/react')
  await end({ redirect: false })
  window.location.assign('/sign-in')
}
