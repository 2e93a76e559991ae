import type { Ticket } from './evidence'

export interface Overshoot {
  refused: number
  passed: number
  /** Of those whose outcome is known, how many were refused. */
  share: number
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
  // of few, each stands for much
  const doubt = known.length > 8 ? 0 : 0.25
  const seconds = (lastRefusedAt - first.sentAt) / 1000
  const estimate = seconds === 0 ? rate : Math.min(Math.max(((passed - doubt) / seconds) * 0.97, rate * 0.3), rate * 0.97)
  return { refused: refused.length, passed, share: refused.length / known.length, estimate, lastRefusedAt }
}
