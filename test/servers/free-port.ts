import net from 'node:net'

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo // it listens on a port, not on a pipe
      server.close(() => resolve(port))
    })
  })
}

/** Does anybody listen at this port of the machine? */
export function canBeReached(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => done(true)).once('error', () => done(false))
    const done = (isReached: boolean) => {
      socket.destroy()
      resolve(isReached)
    }
  })
}
