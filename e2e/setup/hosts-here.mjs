// Loaded into the installation under test before anything else: hosts that a file names are on this machine, over HTTP. It stands in for the name
// servers and for TLS, of which no test can have Google's; everything above them is as it always is.
import dns from 'node:dns/promises'
import { readFileSync } from 'node:fs'
import https from 'node:https'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

const { lookup } = dns
const { createConnection } = https.Agent.prototype

/** @param {string | undefined} host @returns {number | undefined} its port on this machine */
function portOf(host) {
  try {
    return JSON.parse(readFileSync(process.env.HOSTS_HERE ?? '', 'utf8'))[host ?? '']
  } catch {
    return undefined // no spec has named one
  }
}

dns.lookup = (host, options) => (portOf(host) ? Promise.resolve(options?.all ? [{ address: '127.0.0.1', family: 4 }] : { address: '127.0.0.1', family: 4 }) : lookup(host, options))
syncBuiltinESMExports()

https.Agent.prototype.createConnection = function connect(options, callback) {
  const port = portOf(options.host)
  if (!port) return createConnection.call(this, options, callback)
  const socket = net.connect({ host: '127.0.0.1', port })
  return socket.once('connect', () => socket.emit('secureConnect'))
}
