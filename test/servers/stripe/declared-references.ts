import fs from 'node:fs'
import path from 'node:path'
import { parseAst } from 'vitest/node'
import type { Node } from '@/scripts/house/source-files'

/** Kind → path of a field → kind of the object that it names or holds: `customer`, `list of line_item`, or `any`. */
export type References = Record<string, Record<string, string>>

/** Where the official package declares each kind, below its resources. */
const PLACES: Record<string, [file: string, name: string]> = {
  application_fee: ['ApplicationFees', 'ApplicationFee'],
  balance_transaction: ['BalanceTransactions', 'BalanceTransaction'],
  'billing.meter': ['Billing/Meters', 'Meter'],
  charge: ['Charges', 'Charge'],
  'checkout.session': ['Checkout/Sessions', 'Session'],
  coupon: ['Coupons', 'Coupon'],
  credit_note: ['CreditNotes', 'CreditNote'],
  credit_note_line_item: ['CreditNoteLineItems', 'CreditNoteLineItem'],
  customer: ['Customers', 'Customer'],
  discount: ['Discounts', 'Discount'],
  dispute: ['Disputes', 'Dispute'],
  'entitlements.feature': ['Entitlements/Features', 'Feature'],
  event: ['Events', 'EventBase'],
  fee_refund: ['FeeRefunds', 'FeeRefund'],
  file: ['Files', 'File'],
  file_link: ['FileLinks', 'FileLink'],
  invoice: ['Invoices', 'Invoice'],
  invoice_payment: ['InvoicePayments', 'InvoicePayment'],
  invoiceitem: ['InvoiceItems', 'InvoiceItem'],
  item: ['LineItems', 'LineItem'],
  line_item: ['InvoiceLineItems', 'InvoiceLineItem'],
  payment_intent: ['PaymentIntents', 'PaymentIntent'],
  payment_link: ['PaymentLinks', 'PaymentLink'],
  payment_method: ['PaymentMethods', 'PaymentMethod'],
  payout: ['Payouts', 'Payout'],
  plan: ['Plans', 'Plan'],
  price: ['Prices', 'Price'],
  product: ['Products', 'Product'],
  promotion_code: ['PromotionCodes', 'PromotionCode'],
  quote: ['Quotes', 'Quote'],
  'radar.early_fraud_warning': ['Radar/EarlyFraudWarnings', 'EarlyFraudWarning'],
  refund: ['Refunds', 'Refund'],
  review: ['Reviews', 'Review'],
  setup_intent: ['SetupIntents', 'SetupIntent'],
  subscription: ['Subscriptions', 'Subscription'],
  subscription_item: ['SubscriptionItems', 'SubscriptionItem'],
  subscription_schedule: ['SubscriptionSchedules', 'SubscriptionSchedule'],
  tax_id: ['TaxIds', 'TaxId'],
  tax_rate: ['TaxRates', 'TaxRate'],
  topup: ['Topups', 'Topup'],
  transfer: ['Transfers', 'Transfer'],
  transfer_reversal: ['TransferReversals', 'TransferReversal'],
}

const DEEPEST = 4

/** Every field by which an object leads to another, from the type declarations of the installed `stripe` package. */
export function declaredReferences(root: string): References {
  const folder = path.join(root, 'node_modules/stripe/esm/resources')
  return Object.fromEntries(
    Object.entries(PLACES).map(([kind, [file, name]]) => {
      const declared = Declared.of(path.join(folder, `${file}.d.ts`))
      const found: Record<string, string> = {}
      declared.walk(name, [], found)
      return [kind, Object.fromEntries(Object.entries(found).sort(([one], [other]) => (one < other ? -1 : 1)))]
    }),
  )
}

/** The declarations of one file. */
class Declared {
  private readonly types = new Map<string, Node>()
  /** Name here → where it comes from. */
  private readonly imported = new Map<string, { file: string; name: string }>()

  private static readonly files = new Map<string, Declared>()

  /** Each file is read once. */
  static of(file: string): Declared {
    const known = Declared.files.get(file) ?? new Declared(file)
    Declared.files.set(file, known)
    return known
  }

  private constructor(private readonly file: string) {
    const program = parseAst(fs.readFileSync(file, 'utf8'), { lang: 'ts' }, file) as unknown as Node // its own type of a syntax tree is as wide
    this.collect(program.body as Node[], '') // a program has statements
  }

  walk(name: string, steps: string[], found: Record<string, string>): void {
    for (const member of this.membersOf(name)) {
      const field = String((member.key as { name?: unknown }).name) // a member has a key
      const type = (member.typeAnnotation as { typeAnnotation: Node } | null)?.typeAnnotation // and mostly a type
      if (!type || steps.length >= DEEPEST || field === 'deleted') continue
      this.look(type, name, [...steps, field], found)
    }
  }

  private look(type: Node, scope: string, steps: string[], found: Record<string, string>): void {
    const parts = this.flatten(type)
    const kinds = new Set(parts.flatMap((part) => this.kindsOf(part, scope)))
    if (kinds.size > 0) found[steps.join('.')] = kinds.size === 1 ? String([...kinds][0]) : 'any'
    else for (const part of parts) {
      const inner = this.namedHere(part, scope)
      if (inner !== null) this.walk(inner, steps, found)
    }
  }

  /** The parts of a union, and what its arrays hold. */
  private flatten(type: Node): Node[] {
    if (type.type === 'TSParenthesizedType') return this.flatten(type.typeAnnotation as Node) // by its type
    if (type.type === 'TSUnionType') return (type.types as Node[]).flatMap((part) => this.flatten(part)) // by its type
    if (type.type === 'TSArrayType') return this.flatten(type.elementType as Node) // by its type
    if (type.type === 'TSTypeReference' && nameOf(type.typeName as Node) === 'Array') return argumentsOf(type).flatMap((part) => this.flatten(part)) // by its type
    return [type]
  }

  /** The kind of an object of the API; nothing for anything else. */
  private kindsOf(part: Node, scope: string): string[] {
    if (part.type !== 'TSTypeReference') return []
    const name = nameOf(part.typeName as Node) // by its type
    if (name === 'ApiList') return argumentsOf(part).flatMap((inner) => this.kindsOf(inner, scope).map((kind) => `list of ${kind}`))
    const here = this.resolve(name, scope)
    const source = this.imported.get(name.split('.')[0] ?? '')
    if ((here ?? source?.name)?.startsWith('Deleted')) return []
    if (here !== null) return this.types.get(here)?.type === 'TSInterfaceDeclaration' ? this.objectOf(here) : []
    if (!source || !fs.existsSync(source.file)) return []
    return name.includes('.') ? ['any'] : Declared.of(source.file).objectOf(source.name)
  }

  /** The `object` that an interface declares; `any` for a choice of several; nothing where it is no object of the API. */
  private objectOf(name: string): string[] {
    if (this.types.get(name)?.type === 'TSTypeAliasDeclaration') return ['any']
    for (const member of this.membersOf(name)) {
      const literal = (member.typeAnnotation as { typeAnnotation?: { literal?: { value?: unknown } } } | null)?.typeAnnotation?.literal?.value // of `object: 'charge'`
      if ((member.key as { name?: unknown }).name === 'object' && typeof literal === 'string') return [literal] // a member has a key
    }
    return []
  }

  private namedHere(part: Node, scope: string): string | null {
    return part.type === 'TSTypeReference' ? this.resolve(nameOf(part.typeName as Node), scope) : null // by its type
  }

  /** A name as seen from inside of another: the nearest one outwards. */
  private resolve(name: string, scope: string): string | null {
    for (let parts = scope.split('.'); ; parts = parts.slice(0, -1)) {
      const full = [...parts, name].join('.')
      if (this.types.has(full)) return full
      if (parts.length === 0) return null
    }
  }

  private membersOf(name: string): Node[] {
    const declaration = this.types.get(name)
    if (declaration?.type !== 'TSInterfaceDeclaration') return []
    return (declaration.body as { body: Node[] }).body.filter((member) => member.type === 'TSPropertySignature') // an interface has members
  }

  private collect(statements: Node[], prefix: string): void {
    for (const statement of statements) {
      if (statement.type === 'ImportDeclaration') this.note(statement)
      const declaration = (statement.declaration as Node | null | undefined) ?? statement // of an export
      if (!declaration.id) continue
      const name = prefix + nameOf(declaration.id as Node) // was just seen
      if (declaration.type === 'TSModuleDeclaration') this.collect(((declaration.body as { body?: Node[] } | null)?.body ?? []), `${name}.`) // a namespace has statements
      else if (/^TS(Interface|TypeAlias)Declaration$/.test(declaration.type)) this.types.set(name, declaration)
    }
  }

  private note(statement: Node): void {
    const source = String((statement.source as { value?: unknown }).value) // an import has a source
    const file = path.join(path.dirname(this.file), source.replace(/\.js$/, '.d.ts'))
    for (const { local, imported } of statement.specifiers as { local: { name: string }; imported?: { name: string } }[]) { // and names
      this.imported.set(local.name, { file, name: imported?.name ?? local.name })
    }
  }
}

function argumentsOf(type: Node): Node[] {
  const given = type.typeArguments as { params?: Node[] } | null | undefined // of a generic type
  return given?.params ?? []
}

function nameOf(node: Node): string {
  if (node.type === 'TSQualifiedName') return `${nameOf(node.left as Node)}.${nameOf(node.right as Node)}` // by its type
  return String(node.name)
}
