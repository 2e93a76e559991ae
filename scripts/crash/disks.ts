import { execFileSync } from 'node:child_process'
import { mkdirSync, statfsSync } from 'node:fs'
import path from 'node:path'
import type { History } from './generate'

const SIZE = 192 * 1024 * 1024

export type Layout = History['disks']
export type Disk = 'staging' | 'warehouse'

/** Data folders on small disks of their own, which can be full: with the warehouse on the same one, and on another. Only root may make such; without them a folder does. */
export class Disks {
  private readonly mounted: string[] = []

  constructor(private readonly folder: string) {
    for (const layout of ['one', 'two'] as const) this.mount(this.data(layout))
    this.mount(path.join(this.data('two'), 'warehouse'))
  }

  get canBeFull(): boolean {
    return this.mounted.length === 3
  }

  data(layout: Layout): string {
    return path.join(this.folder, layout)
  }

  /** Leave no more than so many bytes. */
  squeeze(layout: Layout, disk: Disk, freeBytes: number): void {
    const place = this.place(layout, disk)
    const { blocks, bfree, bsize } = statfsSync(place)
    remount(place, Math.max(4_096, (blocks - bfree) * bsize + freeBytes))
  }

  relax(layout: Layout, disk: Disk): void {
    remount(this.place(layout, disk), SIZE)
  }

  close(): void {
    for (const place of this.mounted.splice(0).toReversed()) execFileSync('umount', ['-l', place])
  }

  private place(layout: Layout, disk: Disk): string {
    return layout === 'two' && disk === 'warehouse' ? path.join(this.data('two'), 'warehouse') : this.data(layout)
  }

  private mount(place: string): void {
    mkdirSync(place, { recursive: true, mode: 0o700 })
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=700`, 'tmpfs', place], { stdio: 'ignore' })
      this.mounted.push(place)
    } catch {
      // a container in which even root may not: the rig says that nothing was full
    }
  }
}

function remount(place: string, bytes: number): void {
  execFileSync('mount', ['-o', `remount,size=${bytes}`, place])
}
