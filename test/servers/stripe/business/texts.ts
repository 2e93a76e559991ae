import { choose, mix } from './chance'
import type { Kinds } from './shapes/kinds'

const FIRST = ['Ada', 'Björn', 'Chloé', 'Dmitri', 'Edith', 'Farid', 'Gülşen', 'Haruki', 'Ines', 'João', 'Kofi', 'Łucja', 'Miriam', 'Nguyễn', 'Óscar', 'Priya', 'Quentin', 'Ružena', 'Søren', 'Thandiwe']
const LAST = ["O'Neil", 'Müller', 'García y Vega', '山田', 'Nguyen', 'Šimić', 'van den Berg', 'Öztürk', 'Smith-Jones', 'Иванова', 'd’Arc', '김', 'Okafor', 'Dubois', 'Rossi', 'Haugen']
const FIRMS = ['Teile & Söhne GmbH', 'Bright, Ltd.', '株式会社テスト', 'Café "Zentral"', 'Nord\\Süd AG', 'L’Atelier', 'Δέλτα Α.Ε.', 'Tabs\tand Spaces LLC', '🚀 Rocket Inc.', 'Zero​Width Co.']
const STREETS = ['Hauptstraße 1', '12 Rue de l’Église', '1-2-3 Ginza', '500 Market St, Suite 4', 'ул. Ленина, д. 5', 'Calle Mayor nº 7']
const CITIES: [city: string, country: string, code: string, state: string | null][] = [
  ['Berlin', 'DE', '10115', null], ['Paris', 'FR', '75001', null], ['東京', 'JP', '104-0061', '東京都'], ['San Francisco', 'US', '94105', 'CA'], ['Łódź', 'PL', '90-001', null], ['الكويت', 'KW', '13001', null],
]
const KEYS = ['order_id', 'Order ID', 'plan.name', 'a[b]', 'with "quotes"', 'ключ', 'UPPER', 'semi;colon', '$ref', '__proto_', 'naïve', 'null', '0']

/** Texts of every kind that people type, by a number: the same number gives the same text. */
export function personName(number: number): string {
  return `${choose(FIRST, mix(number, 1))} ${choose(LAST, mix(number, 2))}`
}

export function firmName(number: number): string {
  return choose(FIRMS, mix(number, 3))
}

export function email(number: number): string {
  return `user+${number.toString(36)}@${choose(['example.com', 'mail.example.org', 'bücher.example'], mix(number, 4))}`
}

export function phone(number: number): string {
  return `+49 30 ${String(mix(number, 5) % 10_000_000).padStart(7, '0')}`
}

export function address(number: number): NonNullable<Kinds['customer']['address']> {
  const [city, country, postal, state] = choose(CITIES, mix(number, 6))
  return { city, country, line1: choose(STREETS, mix(number, 7)), line2: number % 4 === 0 ? '' : null, postal_code: postal, state }
}

/** Mostly short; one in forty is as long as Stripe takes, with line ends in it. */
export function description(number: number): string | null {
  const roll = mix(number, 8) % 40
  if (roll === 0) return `Line one of ${number}\nline two\r\n\t${'a very long description, ünïcödé too '.repeat(26)}`.slice(0, 1000)
  if (roll < 12) return null
  return roll === 12 ? '' : `Order ${number} of ${personName(number)}`
}

/** Often empty, as most are; otherwise up to three keys, some of them odd ones. */
export function metadata(number: number): Record<string, string> {
  const roll = mix(number, 9)
  const count = [0, 0, 1, 1, 2, 3][roll % 6] ?? 0
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [choose(KEYS, mix(roll, at)), at === 2 ? 'x'.repeat(roll % 500) : choose(['', '42', 'yes', '2026-01-01', '{"a":1}', 'ünï\u0007bell', '9007199254740993'], mix(roll, at + 9))]))
}
