import { expect, test, type Page } from '@playwright/test'
import { checkAccessibility } from './setup/check-accessibility'
import { look } from './setup/look'
import { ownDatabase, type OwnDatabase } from './setup/own-database'

test.describe.configure({ mode: 'serial' })

let source: OwnDatabase

test.beforeAll(async () => {
  source = await ownDatabase()
  await source.run(`
    create table customers (id bigint primary key, email text not null, weight numeric, updated_at timestamptz not null default now());
    create table orders (id bigint primary key, customer_id bigint, total numeric(12,2), updated_at timestamptz not null default now());
    create index on orders (updated_at);
    create table visits (at timestamptz not null, page text);
    create table salaries (id int primary key, amount int);
    insert into customers select i, 'c' || i || '@example.com', 1.5, now() from generate_series(1, 2000) i;
    insert into orders select i, i % 2000 + 1, i * 1.25, now() from generate_series(1, 30000) i;
    insert into visits select now(), '/' || i from generate_series(1, 50) i;
    grant usage on schema public to ${source.user};
    grant select on customers, orders, visits to ${source.user};
    analyze`)
})

test.afterAll(async () => {
  await source.unlink('e2e')
  await source.drop()
})

const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })
const next = (page: Page) => page.getByRole('button', { name: 'Next', exact: true })
const row = (page: Page, table: string) => page.locator(`[data-table="public.${table}"]`)

async function paste(page: Page, text: string): Promise<void> {
  await field(page, 'Connection string').evaluate((element, pasted) => {
    const data = new DataTransfer()
    data.setData('text', pasted)
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, text)
}

async function connect(page: Page, prefix: string): Promise<void> {
  await page.goto('/sources/new/postgres')
  await paste(page, `postgresql://${source.user}:${source.password}@${source.host}:${source.port}/${source.database}`)
  await field(page, 'Table prefix').fill(prefix)
}

test('the catalogue finds a source by typing, and opens it by keyboard', async ({ page }) => {
  await page.goto('/sources/new')
  await checkAccessibility(page)
  await page.getByRole('searchbox', { name: 'Search sources' }).fill('nothing like it')
  await expect(page.getByText('No source matches')).toBeVisible()
  await page.getByRole('searchbox', { name: 'Search sources' }).fill('postg data')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/sources\/new\/postgres$/)
  await expect(page.getByRole('heading', { name: 'Connect Postgres' })).toBeVisible()
})

test('what is missing stands at its field, and the first of it has the focus', async ({ page }) => {
  await page.goto('/sources/new/postgres')
  await next(page).click()
  await expect(field(page, 'Host')).toBeFocused()
  await expect(field(page, 'Host')).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByText('Enter the database')).toBeVisible()
  await checkAccessibility(page)
})

test('the addresses to allow are there to be copied', async ({ page }) => {
  await page.goto('/sources/new/postgres')
  for (const address of ['44.205.89.55', '44.208.188.173', '52.4.194.122', '3.75.65.221', '18.197.246.42', '3.120.223.253']) {
    await expect(page.getByRole('button', { name: `Copy ${address}` })).toBeVisible()
  }
})

test('a real database is linked, from a wrong password to the first query', async ({ page }) => {
  await page.goto('/sources/new/postgres')
  await paste(page, `postgresql://${source.user}:wrong@${source.host}:${source.port}/${source.database}`)
  await expect(field(page, 'Database')).toHaveValue(source.database)
  await expect(field(page, 'Connection string')).toHaveValue('')
  await field(page, 'Table prefix').fill('e2e')
  await expect(page.getByText('e2e_postgres_customers')).toBeVisible()
  await next(page).click()
  const check = page.getByRole('list', { name: 'Connection check' })
  await expect(check.getByText('Sign-in to the database was refused')).toBeVisible()
  await expect(check.getByText('Port open')).toBeVisible()
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused()
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('aria-invalid', 'true')

  await page.getByLabel('Password', { exact: true }).fill(source.password)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Choose tables' })).toBeFocused()
  expect(page.url()).not.toContain(source.password)
  await checkAccessibility(page)
  await chooseTables(page)
  await goBackAndForth(page)

  // twice, as a hasty person does: one source comes of it
  await page.getByRole('button', { name: 'Import 2 tables' }).dblclick()
  await expect(page).toHaveURL(/\?source=/)
  await expect(page.getByRole('heading', { name: `${source.database} is in the warehouse` })).toBeVisible({ timeout: 45_000 })
  await page.reload()
  await expect(row(page, 'orders')).toHaveAttribute('data-state', 'ready')
  await expect(row(page, 'orders').getByText('30,000 rows')).toBeVisible()
  await expect(row(page, 'visits')).toHaveCount(0)
  await checkAccessibility(page)

  await page.getByRole('link', { name: 'Query e2e_postgres_public_customers' }).click()
  await expect(page).toHaveURL(/\/sql\?table=e2e_postgres_public_customers/)
  await expect(page.getByText('c1@example.com').first()).toBeVisible({ timeout: 20_000 })
})

async function chooseTables(page: Page): Promise<void> {
  await expect(row(page, 'salaries').getByText(`may not read`)).toBeVisible()
  await expect(page.getByRole('checkbox', { name: 'Sync public.salaries' })).toBeDisabled()
  await page.getByRole('checkbox', { name: 'Sync public.visits' }).click()

  // suggested for both; one of them is set to be read whole
  await expect(row(page, 'orders').getByRole('button', { name: /Incremental · updated_at/ })).toBeVisible()
  await row(page, 'customers').getByRole('button', { name: /Sync method/ }).click()
  await page.getByRole('radio', { name: 'Full table' }).click()
  await page.getByRole('button', { name: 'Use this method' }).click()
  await expect(row(page, 'customers').getByRole('button', { name: /Full table/ })).toBeVisible()

  await row(page, 'customers').getByRole('button', { name: 'What happens to the columns' }).click()
  await look(page, 'wizard-columns')
  await expect(row(page, 'customers').getByText(/Kept as text/)).toBeVisible()
  await row(page, 'customers').getByRole('button', { name: /Columns of/ }).click()
  const columns = page.getByRole('dialog')
  await expect(columns.getByRole('checkbox', { name: /^id/ })).toBeDisabled()
  await look(page, 'wizard-columns-dialog')
  await columns.getByRole('checkbox', { name: /^weight/ }).click()
  await columns.getByRole('button', { name: 'Use 3 columns' }).click()
  await expect(row(page, 'customers').getByRole('button', { name: /3 of 4/ })).toBeVisible()

  // a table without a key is refused with the reason until its rows can be told apart
  await row(page, 'visits').getByRole('button', { name: /Sync method/ }).click()
  await page.getByRole('radio', { name: 'Incremental' }).click()
  await page.getByRole('radio', { name: /^at/ }).click()
  await page.getByRole('button', { name: 'Use this method' }).click()
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('tell its rows apart')
  await checkAccessibility(page)
  await page.keyboard.press('Escape')
  await expect(row(page, 'visits').getByRole('button', { name: /Sync method/ })).toBeFocused()
}

async function goBackAndForth(page: Page): Promise<void> {
  await page.goBack()
  await expect(field(page, 'Host')).toHaveValue(source.host)
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue(source.password)
  await page.getByRole('link', { name: /Choose/ }).click()
  await expect(page).toHaveURL(/\/sources\/new$/)
  await page.getByRole('link', { name: /Postgres/ }).click()
  await next(page).click()
  await expect(row(page, 'customers').getByRole('button', { name: /Full table/ })).toBeVisible()
  await expect(row(page, 'customers').getByRole('button', { name: /3 of 4/ })).toBeVisible()
}

test('a second source of a kind cannot take the prefix of the first', async ({ page }) => {
  await connect(page, '2nd')
  await expect(page.getByText('Use letters, digits and _, beginning with a letter')).toBeVisible()
  await field(page, 'Table prefix').fill('E2E_')
  await expect(page.getByText(/The prefix e2e is taken by the source/)).toBeVisible()
  await next(page).click()
  await expect(field(page, 'Table prefix')).toBeFocused()
  await field(page, 'Table prefix').fill('e2e_two')
  await page.keyboard.press('Enter')
  await page.getByRole('checkbox', { name: 'Tick all tables' }).uncheck()
  await expect(page.getByText('Tick at least one table')).toBeVisible()
  await page.getByRole('checkbox', { name: 'Sync public.visits' }).click()
  await page.getByRole('button', { name: 'Import 1 table' }).click()
  await expect(row(page, 'visits').getByText('e2e_two_postgres_public_visits')).toBeVisible()
  await expect(row(page, 'visits')).toHaveAttribute('data-state', 'ready', { timeout: 45_000 })
  await expect(row(page, 'visits').getByRole('link', { name: 'Query' })).toBeVisible()
})

test('a prefix that somebody else took meanwhile leads back to its field', async ({ page, context }) => {
  await connect(page, 'e2e_race')
  await next(page).click()
  await expect(page.getByRole('heading', { name: 'Choose tables' })).toBeVisible()
  const other = await context.newPage()
  await connect(other, 'e2e_race')
  await next(other).click()
  await other.getByRole('button', { name: /^Import/ }).click()
  await expect(other).toHaveURL(/\?source=/)
  await other.close()
  await page.getByRole('button', { name: /^Import/ }).click()
  await expect(field(page, 'Table prefix')).toBeFocused()
  await expect(page.getByText(/The prefix e2e_race is taken/)).toBeVisible()
})

test('ten thousand tables are listed, filtered and ticked', async ({ page }) => {
  test.setTimeout(120_000)
  const many = await ownDatabase()
  try {
    for (let from = 1; from <= 10_000; from += 1_000) {
      await many.run(`do $$ begin for i in ${from}..${from + 999} loop execute format('create table t_%s (id int)', lpad(i::text, 5, '0')); end loop; end $$`)
    }
    await many.run(`grant select on all tables in schema public to ${many.user}`)
    await page.goto('/sources/new/postgres')
    await paste(page, `postgresql://${many.user}:${many.password}@${many.host}:${many.port}/${many.database}`)
    await field(page, 'Table prefix').fill('e2e_many')
    await next(page).click()
    await expect(page.getByText('0 of 10,000')).toBeVisible({ timeout: 30_000 })
    expect(await page.locator('[data-table]').count()).toBeLessThan(80)
    await page.getByRole('searchbox', { name: 'Filter tables' }).fill('t_099')
    await page.getByRole('checkbox', { name: 'Tick all 100 listed tables' }).click()
    await page.getByRole('searchbox', { name: 'Filter tables' }).fill('')
    await expect(page.getByRole('button', { name: 'Import 100 tables' })).toBeVisible()
    const first = page.getByRole('checkbox', { name: 'Sync public.t_00001' })
    await first.focus()
    for (let press = 0; press < 60; press++) await page.keyboard.press('ArrowDown')
    await expect(page.getByRole('checkbox', { name: 'Sync public.t_00061' })).toBeFocused()
    await checkAccessibility(page)
  } finally {
    await many.drop()
  }
})

test('the wizard fits a narrow screen', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  for (const path of ['/sources/new', '/sources/new/postgres']) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
    await checkAccessibility(page)
  }
})
