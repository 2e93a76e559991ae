import net from 'node:net'

const COPY_DATA = 'd'.charCodeAt(0)
const HEADER = 5

/** How many bytes of rows pass: of a server's messages only those of a COPY count. */
export class CopyCounter {
  private header: number[] = []
  private left = 0
  private isCopy = false

  /** How much of a piece passes until `most` bytes of rows have; the rest is not looked at. */
  pass(piece: Uint8Array, most: number): { bytes: number; rows: number } {
    let rows = 0
    let at = 0
    while (at < piece.length) {
      if (this.left === 0) {
        this.header.push(piece[at++] ?? 0)
        if (this.header.length < HEADER) continue
        const [type = 0, a = 0, b = 0, c = 0, d = 0] = this.header
        this.left = ((a << 24) | (b << 16) | (c << 8) | d) - 4
        this.isCopy = type === COPY_DATA
        this.header = []
        continue
      }
      const room = this.isCopy ? most - rows : Infinity
      const step = Math.min(this.left, piece.length - at, room)
      if (this.isCopy) rows += step
      this.left -= step
      at += step
      if (this.isCopy && rows >= most) break
    }
    return { bytes: at, rows }
  }
}

/** Carries connections to the source, and breaks one off at a byte of the rows that it sends. */
export class CutRelay {
  private left = Infinity
  private readonly sockets = new Set<net.Socket>()
  private readonly server = net.createServer((near) => this.connect(near))

  private constructor(private readonly port: number) {}

  static async open(port: number): Promise<CutRelay> {
    const relay = new CutRelay(port)
    await new Promise<void>((resolve, reject) => relay.server.once('error', reject).listen(0, '127.0.0.1', resolve))
    return relay
  }

  get place(): { host: string; port: number } {
    return { host: '127.0.0.1', port: (this.server.address() as net.AddressInfo).port } // it listens at a port, not at a pipe
  }

  /** After so many bytes of rows from now on, once. */
  arm(afterBytes: number): void {
    this.left = Math.max(1, afterBytes)
  }

  /** Gives whether it came to it. */
  disarm(): boolean {
    const hasCut = this.left <= 0
    this.left = Infinity
    return hasCut
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private connect(near: net.Socket): void {
    const far = net.connect({ host: '127.0.0.1', port: this.port })
    const counter = new CopyCounter()
    for (const socket of [near, far]) {
      this.sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {}) // its end is what counts
      socket.once('close', () => {
        this.sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far)
    far.on('data', (piece: Buffer) => {
      const isArmed = this.left > 0 && this.left !== Infinity
      const { bytes, rows } = counter.pass(piece, isArmed ? this.left : Infinity)
      if (isArmed) this.left -= rows
      const isCut = isArmed && this.left <= 0
      if (isCut) {
        // what comes after it is not looked at: it begins in the middle of a message
        far.removeAllListeners('data').pause()
        return void near.write(piece.subarray(0, bytes), () => near.resetAndDestroy())
      }
      if (!near.write(piece)) far.pause()
    })
    near.on('drain', () => far.resume())
  }
}
