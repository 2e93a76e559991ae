import type { Ticket } from './evidence'

export interface Overshoot {
  refused: number
  passed: number
  /** A rate that the limit is probably above, but not by much. */
  estimate: number
  lastRefusedAt: number
}

/**
 * What the requests tell that were under way when the first refusal came back: from `first` on, until it was known. While a
 * limit is used up, exactly as many requests pass as it allows.
 */
export function measureOvershoot(first: Ticket, underWay: readonly Ticket[]): Overshoot {
  const known = underWay.filter(({ outcome }) => outcome === 'passed' || outcome === 'refused')
  const refused = known.filter(({ outcome }) => outcome === 'refused')
  const { rate } = first
  const lastRefusedAt = refused.at(-1)?.sentAt ?? first.sentAt
  const passed = known.filter(({ outcome, sentAt }) => outcome === 'passed' && sentAt < lastRefusedAt).length
  const seconds = (lastRefusedAt - first.sentAt) / 1000
  const caution = known.length > 8 ? 0.97 : 0.92
  const estimate = seconds === 0 ? rate : Math.min(Math.max((passed / seconds) * caution, rate / 4), rate * 0.97)
  return { refused: refused.length, passed, estimate, lastRefusedAt }
}
