import { readFileSync } from 'node:fs'

/** The most memory that this process ever held, in megabytes, as the kernel counts it (VmHWM of proc(5)). */
export function peakMegabytes(): number {
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  return Math.round(Number(kilobytes) / 1024)
}
