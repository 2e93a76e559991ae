import type { Frequency } from '@/lib/syncs/schema'

/** In the browser, without the Zod schema that the server parses with: that would be a fifth of the page's script. */
export const frequencyLabels: Record<Frequency, string> = {
  five_minutes: '5 min',
  thirty_minutes: '30 min',
  hour: '1 h',
  six_hours: '6 h',
  twelve_hours: '12 h',
  day: 'Daily',
  week: 'Weekly',
  month: 'Monthly',
}

/** As part of a sentence: "Every 6 h", "Daily". */
export function everyWords(frequency: Frequency): string {
  const label = frequencyLabels[frequency]
  return /^\d/.test(label) ? `Every ${label}` : label
}

export const frequencies = Object.keys(frequencyLabels) as Frequency[]
