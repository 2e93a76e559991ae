import { AppError } from '@/lib/core/errors'
import { keyPattern } from '../objects/key-pattern'

export interface NamePattern {
  matches(name: string): boolean
}

/** Names of files with `*` for anything, several with `|` between: no file has either of them in its name. Throws AppError `invalid`. */
export function parseNames(pattern: string): NamePattern {
  const names = pattern.split('|').map((name) => name.trim().normalize('NFC')).filter((name) => name !== '')
  if (names.length === 0) throw invalid('There is no name of a file', 'Nothing was entered')
  const strange = names.find((name) => /[/\\]|\p{Cc}/u.test(name))
  if (strange !== undefined) throw invalid('Uploaded files have names alone', `“${strange.slice(0, 80)}” has a folder in it, or a sign that no name has`)
  const patterns = names.map((name) => {
    const texts = name.split(/\*+/)
    return keyPattern(texts, texts.slice(1).map(() => '*'))
  })
  return { matches: (name) => patterns.some((each) => each.matches(name)) }
}

function invalid(title: string, detail: string): AppError {
  return new AppError('invalid', { title, detail, advice: 'Write * for all of them, or names such as orders-*.csv | refunds.csv' })
}
