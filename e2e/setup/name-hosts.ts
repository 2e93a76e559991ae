import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Has the installation believe that these hosts are at these ports of this machine; see hosts-here.mjs. */
export function nameHosts(ports: Record<string, number>, data = process.env.E2E_DATA ?? ''): void {
  writeFileSync(fileOf(data), JSON.stringify(ports))
}

export function forgetHosts(data = process.env.E2E_DATA ?? ''): void {
  rmSync(fileOf(data), { force: true })
}

/** What the installation is started with, for `nameHosts` to reach it. */
export function hostsHere(data: string): { NODE_OPTIONS: string; HOSTS_HERE: string } {
  const preload = new URL('hosts-here.mjs', import.meta.url).href
  return { NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import ${preload}`.trim(), HOSTS_HERE: fileOf(data) }
}

const fileOf = (data: string) => path.join(data, 'hosts.json')
