import type { Horizon } from '../contract'
import type { OpenSession, OpenTransactions } from './open-transactions'

/** A transaction was there and is over, or it cannot be said which one it was: at any later moment it is over. */
const OVER = 'over'

const nameOfSession = ({ name }: { name: string }) => `v${name}`
const nameOfPrepared = ({ number }: { number: string }) => `p${number}`
/** On a replica: some of those with a smaller number. The second number makes it another name at each moment, since some may be over then. */
const nameOfEarlier = (next: bigint, now: bigint | string) => `x${next}@${now}`

interface Moments {
  /** Before anything else was asked, when somebody wants a floor: who is not there began later. */
  first: OpenTransactions
  /** Before the snapshot was taken: who is not there any more is seen by the snapshot. */
  before: OpenTransactions
  /** After it was taken: who began meanwhile. */
  after: OpenTransactions
  floor: string | null
}

/**
 * The horizon of a snapshot from what was open before and after it. Together they leave out only who began and ended between the two; there is none
 * when no transaction got a number meanwhile, and else such a one is taken for granted.
 */
export function horizonOf({ first, before, after, floor }: Moments): Horizon {
  const known = new Set(namesIn(first))
  const open = after.isReplica ? earlierOnPrimary(after) : [...new Set([...namesIn(before), ...namesIn(after), ...(before.next === after.next ? [] : [OVER])])]
  return {
    open,
    clock: first.clock,
    floor: floor === null || (after.isReplica && isAnyOpen(first, before)) ? null : { value: floor, holdsFor: open.filter((name) => !known.has(name)) },
    stillOpen: (names) => stillOpen(names, before),
    describe: (names) => describe(names, before),
  }
}

/** Is any transaction of a moment still open at a later one, as far as the server tells? */
export function isAnyOpen(first: OpenTransactions, now: OpenTransactions): boolean {
  if (now.isReplica) return now.oldest < first.next
  const open = new Set(namesIn(now))
  return namesIn(first).some((name) => open.has(name))
}

function namesIn({ sessions, prepared }: OpenTransactions): string[] {
  return [...sessions.map(nameOfSession), ...prepared.map(nameOfPrepared)]
}

function earlierOnPrimary({ oldest, next, clock }: OpenTransactions): string[] {
  return oldest < next ? [nameOfEarlier(next, clock.TIMESTAMPTZ)] : []
}

/**
 * A session's transaction that is gone may have been prepared: then it is one of those that wait for their second phase. A replica does not see the
 * sessions of its primary, and knows only which numbers are over.
 */
function stillOpen(names: string[], now: OpenTransactions): string[] {
  if (now.isReplica) {
    const untils = names.flatMap((name) => (name === OVER ? [] : [name.startsWith('x') ? numberOf(name) : now.next]))
    return [...new Set(untils.filter((until) => now.oldest < until).map((until) => nameOfEarlier(until, now.clock.TIMESTAMPTZ)))]
  }
  const open = new Set(namesIn(now))
  const isGone = names.some((name) => name.startsWith('v') && !open.has(name))
  const earlier = names.filter((name) => name.startsWith('x') && now.oldest < numberOf(name)).map((name) => nameOfEarlier(numberOf(name), now.clock.TIMESTAMPTZ))
  return [...new Set([...names.filter((name) => open.has(name)), ...(isGone ? now.prepared.map(nameOfPrepared) : []), ...earlier])]
}

function numberOf(name: string): bigint {
  return BigInt(name.slice(1, name.indexOf('@')))
}

const NAMED = 3

function describe(names: string[], { sessions, prepared }: OpenTransactions): string {
  const wanted = new Set(names)
  const found = sessions.filter((session) => wanted.has(nameOfSession(session)))
  const waiting = prepared.filter((transaction) => wanted.has(nameOfPrepared(transaction)))
  if (!found.length && !waiting.length) return 'A transaction of the primary server is open; this replica does not tell whose.'
  const who = [...found.map(sessionWords), ...waiting.map(({ gid, owner, since }) => `the prepared transaction ${gid} of ${owner} (since ${since} UTC)`)]
  const more = who.length > NAMED ? `, and ${who.length - NAMED} more` : ''
  const ends = [...found.map(({ pid }) => `SELECT pg_terminate_backend(${pid})`), ...waiting.map(({ gid }) => `COMMIT PREPARED or ROLLBACK PREPARED '${gid.replaceAll("'", "''")}'`)]
  return `It is open in ${who.slice(0, NAMED).join(', ')}${more}. End it there, or run: ${ends.slice(0, NAMED).join('; ')}.`
}

/** Since when and whether it is idle is only told to members of pg_read_all_stats, and to the session's own user. */
function sessionWords({ pid, user, application, since, isIdle }: OpenSession): string {
  const details = [user && `user ${user}`, application, since && `since ${since} UTC`, isIdle && 'idle'].filter(Boolean)
  return `session ${pid}${details.length ? ` (${details.join(', ')})` : ''}`
}
