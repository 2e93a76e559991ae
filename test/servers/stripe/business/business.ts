import type { EmulatedStore } from '../types'
import { DAY, HOUR, openAccount, type Account } from './account'
import { arrive } from './arrivals'
import { found } from './founding'
import { BALANCE_RITUALS, CUSTOMER_RITUALS, INVOICE_RITUALS, PAYMENT_RITUALS, SUBSCRIPTION_RITUALS } from './rituals'
import { SHOP_RITUALS } from './shop-rituals'

export interface Scale {
  /** How many customers there are at the beginning. */
  customers?: number
  /** How many come on a day: 0.5 is one every other day. */
  growth?: number
}

/** A subscription business on an emulated account: the same doings for the same seed, scale and times of the clock. */
export interface Business {
  account: Account
  /** One of the 24 hours of a day: what is due by now, what is done every so many days, and by chance. The clock is the caller's. */
  hour(day: number, hour: number): void
  /** The whole of a day, in one moment of the clock. Days count from 1. */
  day(day: number): void
  /** The whole of a day, hour by hour. */
  liveDay(clock: { advance(seconds: number): void }, day: number): void
}

const RITUALS = [...CUSTOMER_RITUALS, ...SUBSCRIPTION_RITUALS, ...INVOICE_RITUALS, ...PAYMENT_RITUALS, ...BALANCE_RITUALS, ...SHOP_RITUALS]
const HOURS = DAY / HOUR

/** Founds the business, with everything that it sells, at the time of the clock. */
export function startBusiness(store: EmulatedStore, seed: number, { customers = 12, growth = 0.4 }: Scale = {}): Business {
  const account = openAccount(store, seed)
  const room = found(account)
  for (let number = 0; number < customers; number += 1) arrive(room)
  const hour = (day: number, hour: number) => {
    account.runDue()
    RITUALS.forEach(({ every, first, doing }, number) => {
      if (day >= first && (day - first) % every === 0 && (number * 7 + day) % HOURS === hour) doing(room)
    })
    for (let coming = growth / HOURS; coming > 0; coming -= 1) if (account.chance.happens(Math.min(1, coming))) arrive(room)
  }
  const hours = Array.from({ length: HOURS }, (_, at) => at)
  return {
    account,
    hour,
    day: (day) => hours.forEach((at) => hour(day, at)),
    liveDay: (clock, day) =>
      hours.forEach((at) => {
        clock.advance(HOUR)
        hour(day, at)
      }),
  }
}
