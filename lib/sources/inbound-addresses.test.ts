import { afterEach, describe, expect, it } from 'vitest'
import { setEnv } from '@/lib/core/env'
import { inboundAddresses, parseInboundAddresses } from './inbound-addresses'

afterEach(() => setEnv({ INBOUND_IPS: '' }))

describe('the addresses that a source must let in', () => {
  it('are the hosted ones until INBOUND_IPS says otherwise', () => {
    setEnv({ INBOUND_IPS: '' })
    expect(inboundAddresses()).toEqual({
      isOwn: false,
      regions: [
        { region: 'US', addresses: ['44.205.89.55', '44.208.188.173', '52.4.194.122'] },
        { region: 'EU', addresses: ['3.75.65.221', '18.197.246.42', '3.120.223.253'] },
      ],
    })
    setEnv({ INBOUND_IPS: '203.0.113.7' })
    expect(inboundAddresses()).toEqual({ isOwn: true, regions: [{ region: null, addresses: ['203.0.113.7'] }] })
  })

  it('may have spaces, ranges, IPv6 and a trailing separator', () => {
    expect(parseInboundAddresses(' US = 10.0.0.0/24 , 2001:db8::1/64 ; ')).toEqual([{ region: 'US', addresses: ['10.0.0.0/24', '2001:db8::1/64'] }])
  })

  it('refuse what is no address, and name it', () => {
    for (const text of ['US=1.2.3', 'US=', 'US=1.2.3.4/33', 'example.com', 'US=1.2.3.4,,x']) {
      expect(() => parseInboundAddresses(text)).toThrow(/INBOUND_IPS cannot be used/)
    }
    expect(() => parseInboundAddresses('US=1.2.3.4,300.1.1.1')).toThrow(/300\.1\.1\.1 is not an IP address/)
  })
})
