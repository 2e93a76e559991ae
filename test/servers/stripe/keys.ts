import { missingPermission, noKey, wrongKey, type Refusal } from './refusal'

/** The keys of an account: one that may read everything, and those that lack something. */
export class Keys {
  readonly whole: string
  private readonly lacking = new Map<string, string[]>()

  constructor(
    private readonly newId: (prefix: string) => string,
    private readonly mode: 'test' | 'live',
  ) {
    this.whole = this.newId(`rk_${mode}_`)
    this.lacking.set(this.whole, [])
  }

  /** `rak_charge_read` is told in Stripe's older wording, `charge_read` in its newer one. */
  without(...permissions: string[]): string {
    const key = this.newId(`rk_${this.mode}_`)
    this.lacking.set(key, permissions)
    return key
  }

  /** The key of a request. Throws Refusal. */
  readonly keyIn = (authorization: string | undefined): string => {
    const key = keyOf(authorization)
    if (key === '') throw noKey()
    if (!this.lacking.has(key)) throw wrongKey(key)
    return key
  }

  /** Why a key may not read what needs this permission (`charge`); null when it may. */
  refusal(key: string, permission: string, account: string): Refusal | null {
    const id = `rak_${permission}_read`
    const lacks = this.lacking.get(key) ?? []
    if (lacks.includes(id)) return missingPermission(key, account, { label: null, permission: id })
    if (!lacks.includes(`${permission}_read`)) return null
    return missingPermission(key, account, { label: labelOf(permission), permission: `${permission}_read` })
  }
}

/** `Payment Intents`: about as the key page calls it; prices keep an older name inside. */
function labelOf(permission: string): string {
  if (permission === 'plan') return 'Prices'
  const words = permission.replaceAll('_', ' ').replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
  return words.endsWith('s') ? words : `${words}s`
}

/** `Bearer KEY`, or the name of HTTP's basic way. */
function keyOf(authorization = ''): string {
  const [way = '', value = ''] = authorization.split(' ')
  if (way.toLowerCase() === 'bearer') return value
  if (way.toLowerCase() === 'basic') return Buffer.from(value, 'base64').toString('utf8').split(':')[0] ?? ''
  return ''
}
