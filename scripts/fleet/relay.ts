import net from 'node:net'

export interface Place {
  host: string
  port: number
}

interface Pair {
  near: net.Socket
  far: net.Socket
}

/** Carries connections to a server, and can let them hang or break them off: what a network does on a bad day, as far as a program without rights can. */
export class Relay {
  private readonly pairs = new Set<Pair>()
  /** Came while nothing passed. */
  private readonly held = new Set<net.Socket>()
  private state: 'open' | 'stalled' | 'refused' = 'open'
  private readonly server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, (near) => this.accept(near))

  private constructor(
    private readonly target: Place,
    private readonly host: string,
  ) {}

  static async open(target: Place, host = '127.0.0.1'): Promise<Relay> {
    const relay = new Relay(target, host)
    await new Promise<void>((resolve, reject) => relay.server.once('error', reject).listen(0, host, resolve))
    return relay
  }

  get place(): Place {
    return { host: this.host, port: (this.server.address() as net.AddressInfo).port } // it listens at a port, not at a pipe
  }

  /** Nothing passes, and nobody is told: what is sent meanwhile comes through afterwards. */
  stall(): void {
    this.state = 'stalled'
    for (const { near, far } of this.pairs) {
      near.unpipe(far)
      far.unpipe(near)
    }
  }

  /** Every connection breaks, and new ones do until `mend`. */
  refuse(): void {
    this.state = 'refused'
    for (const near of this.held) near.resetAndDestroy()
    for (const { near, far } of this.pairs) {
      near.resetAndDestroy()
      far.resetAndDestroy()
    }
  }

  mend(): void {
    this.state = 'open'
    for (const pair of this.pairs) {
      // whoever left while nothing passed is missed now
      if (pair.near.destroyed || pair.far.destroyed) this.part(pair)
      else this.join(pair)
    }
    for (const near of this.held) this.connect(near)
    this.held.clear()
  }

  async close(): Promise<void> {
    this.refuse()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private accept(near: net.Socket): void {
    near.on('error', () => {}) // its end is what counts
    if (this.state === 'refused') return void near.resetAndDestroy()
    if (this.state === 'open') return this.connect(near)
    this.held.add(near)
    near.once('close', () => this.held.delete(near))
  }

  private connect(near: net.Socket): void {
    const far = net.connect({ ...this.target, allowHalfOpen: true })
    far.on('error', () => {})
    const pair = { near, far }
    this.pairs.add(pair)
    for (const socket of [near, far]) {
      socket.setNoDelay(true)
      socket.once('close', () => this.state !== 'stalled' && this.part(pair))
    }
    if (this.state === 'open') this.join(pair)
  }

  private join({ near, far }: Pair): void {
    near.pipe(far)
    far.pipe(near)
  }

  private part(pair: Pair): void {
    this.pairs.delete(pair)
    pair.near.destroy()
    pair.far.destroy()
  }
}
