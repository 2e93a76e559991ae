import { expect, test } from 'vitest'
import { AppError } from '@/lib/core/errors'
import { refusal, resolveAllowed, resolveAllowedAll } from './egress'

const ALWAYS_REFUSED = {
  'link-local': ['169.254.0.1', '169.254.169.254', '169.254.170.2', 'fe80::1', 'febf::1'],
  metadata: ['fd00:ec2::254', 'fd20:ce::254', '100.100.100.200', '192.0.0.192', '168.63.129.16'],
  unspecified: ['0.0.0.0', '0.1.2.3', '::'],
  multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1'],
  'broadcast and reserved': ['255.255.255.255', '240.0.0.1'],
  'IPv4-mapped': ['::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '::ffff:0.0.0.0'],
  'IPv4-translated and -compatible': ['::ffff:0:169.254.169.254', '::169.254.169.254'],
  NAT64: ['64:ff9b::169.254.169.254', '64:ff9b:1::169.254.169.254'],
  '6to4': ['2002:a9fe:a9fe::1'],
  Teredo: ['2001:0:a9fe:a9fe::1', '2001:0:102:304:0:0:5601:5601'],
  ISATAP: ['2a00::5efe:169.254.169.254'],
}

const PRIVATE = {
  loopback: ['127.0.0.1', '127.9.9.9', '::1'],
  'RFC 1918': ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  CGNAT: ['100.64.0.1', '100.127.255.255'],
  ULA: ['fc00::1', 'fd12:3456::1'],
  'IPv4-mapped': ['::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:7f00:1'],
  NAT64: ['64:ff9b::10.0.0.1'],
  '6to4': ['2002:0a00:0001::1'],
  'documentation, tests and benchmarks': ['192.0.2.1', '198.18.0.1', '203.0.113.1', '2001:db8::1'],
}

const PUBLIC = ['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8']

for (const [kind, addresses] of Object.entries(ALWAYS_REFUSED)) {
  test.each(addresses)(`${kind} address %s is refused by every policy`, (address) => {
    expect(refusal(address, 'any')).toBeTruthy()
    expect(refusal(address, 'public')).toBeTruthy()
  })
}

for (const [kind, addresses] of Object.entries(PRIVATE)) {
  test.each(addresses)(`${kind} address %s is allowed at home and refused with EGRESS=public`, (address) => {
    expect(refusal(address, 'any')).toBeNull()
    expect(refusal(address, 'public')).toBeTruthy()
  })
}

test.each(PUBLIC)('public address %s is allowed by every policy', (address) => {
  expect(refusal(address, 'any')).toBeNull()
  expect(refusal(address, 'public')).toBeNull()
})

test.each(['0x7f.1', '0x7f000001', '2130706433', '017700000001', '127.1', '0177.0.0.1', '127.0.0.0x1', '127.0.0.1.', '１２７.0.0.1', '999.1.1.1', '0xa9fea9fe'])('the numeric trick %s is refused', async (host) => {
  const error: unknown = await resolveAllowed(host, 'any').catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(AppError)
  expect((error as AppError).code).toBe('bad_config')
})

test.each(['/var/run/postgresql', '@hidden', 'a/b', 'C:\\x', '', ' ', 'http://db', 'user@db', 'db:5432', 'a b', 'db\0x', '-x', 'fe80::1%eth0', '169.254.169.254', 'metadata.google.internal', 'METADATA.google.internal.', '[::]'])('the host %j is refused', async (host) => {
  const error: unknown = await resolveAllowed(host, 'any').catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(AppError)
  expect(['bad_config', 'not_allowed']).toContain((error as AppError).code)
})

test('a name is resolved to addresses, each of them checked', async () => {
  const addresses = await resolveAllowedAll('localhost', 'any')
  expect(addresses.every(({ address }) => ['127.0.0.1', '::1'].includes(address))).toBe(true)
  await expect(resolveAllowedAll('localhost', 'public')).rejects.toMatchObject({ code: 'not_allowed' })
})

test('an address passes as it is, with its family', async () => {
  expect(await resolveAllowed('127.0.0.1', 'any')).toEqual({ address: '127.0.0.1', family: 4 })
  expect(await resolveAllowed('[::1]', 'any')).toEqual({ address: '::1', family: 6 })
})

test('a name that does not exist is unreachable, in words', async () => {
  await expect(resolveAllowed('no-such-host.invalid', 'any')).rejects.toMatchObject({ code: 'unreachable', title: expect.stringContaining('no-such-host.invalid') })
})
