import fs from 'node:fs'
import { expect, test } from 'vitest'
import { STRIPE_SCHEMAS } from '@/lib/connectors/stripe/catalogue/catalogue'
import { COLUMNS_FILE, columnsText, stripeColumnKinds } from './column-kinds'
import { STRIPE_OBJECTS } from './objects'

test('the columns of Stripe are those of the installed package; else run npx tsx scripts/stripe-columns.ts', () => {
  expect(fs.readFileSync(COLUMNS_FILE, 'utf8')).toBe(columnsText(stripeColumnKinds(process.cwd())))
})

test('the columns of every schema of the catalogue are made, and of no other', () => {
  expect(Object.keys(STRIPE_OBJECTS).sort()).toEqual(STRIPE_SCHEMAS.map(({ name }) => name).sort())
})
