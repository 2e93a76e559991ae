import { PAGE_ROWS, type Window } from './window-plan'

export interface Listed {
  id: string
  created: number
}

/** A list as Stripe gives it: newest first, in pages, from an object on that must still be there. */
export class SimulatedList {
  private objects: Listed[]
  private made = 0

  /** @param times of creation, in unix seconds, in any order. */
  constructor(times: number[]) {
    this.objects = times.sort((one, other) => other - one).map((created) => this.make(created))
  }

  ids(): string[] {
    return this.objects.map(({ id }) => id)
  }

  insert(created: number): void {
    const object = this.make(created)
    const index = this.objects.findIndex((other) => other.created <= created)
    this.objects.splice(index === -1 ? this.objects.length : index, 0, object)
  }

  remove(id: string): boolean {
    const before = this.objects.length
    this.objects = this.objects.filter((object) => object.id !== id)
    return this.objects.length < before
  }

  page({ from, to, after }: Window): { rows: Listed[]; hasMore: boolean } | 'missing' {
    const start = after === null ? 0 : this.objects.findIndex(({ id }) => id === after) + 1
    if (after !== null && start === 0) return 'missing'
    const rows: Listed[] = []
    for (let index = start; index < this.objects.length; index++) {
      const object = this.objects[index]
      if (!object || object.created < from) break
      if (to !== null && object.created >= to) continue
      if (rows.length === PAGE_ROWS) return { rows, hasMore: true }
      rows.push(object)
    }
    return { rows, hasMore: false }
  }

  private make(created: number): Listed {
    return { id: `o${++this.made}`, created }
  }
}
