/** One request that was sent; handed back to the controller with its outcome. */
export interface Ticket {
  readonly sentAt: number
  /** The pace at that moment, in requests a second. */
  readonly rate: number
  /** Sent sooner after the one before than the pace has it, to make up for time in which the process was busy. */
  readonly isCatchUp: boolean
  /** Sent because its time had come, with others waiting: it tells something about the pace. */
  readonly isPaced: boolean
  outcome: 'under way' | 'passed' | 'refused' | 'unknown'
}

export interface Overshoot {
  sent: number
  refused: number
  /** The pace of the first refused request. */
  rate: number
  /** Every other request was refused: what a limit does that lets no burst pass, already a little above it; and what any limit does at twice its rate. */
  alternates: boolean
  /** A rate that the limit is probably above, but not by much. */
  estimate: number
  /** A rate that the limit is probably below. */
  upper: number
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
  const told = { sent: known.length, refused: refused.length, rate, lastRefusedAt, alternates: known.every(({ outcome }, index) => outcome === (index % 2 ? 'passed' : 'refused')) }
  // one refusal in many is a limit just below; one in few says little
  if (refused.length < 2) return { ...told, estimate: rate * Math.max(0.7, 1 - 0.3 / Math.max(1, known.length)), upper: rate }
  const seconds = (lastRefusedAt - first.sentAt) / 1000
  const passed = known.filter(({ outcome, sentAt }) => outcome === 'passed' && sentAt < lastRefusedAt).length
  const caution = known.length > 8 ? 0.97 : 0.92
  const estimate = Math.min(Math.max((passed / seconds) * caution, rate / 4), rate * 0.97)
  return { ...told, estimate, upper: Math.min(rate, ((passed + 1) / seconds) * 1.1) }
}
