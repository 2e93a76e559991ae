import net from 'node:net'
import { AppError } from '@/lib/core/errors'

/** The port to serve on: the wanted one when it is free, any free one for 0. */
export function choosePort(host: string, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', (error: NodeJS.ErrnoException) => reject(portError(error, host, wanted)))
    server.listen(wanted, host, () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}

export function portError(error: NodeJS.ErrnoException, host: string, port: number): AppError {
  if (error.code === 'EADDRINUSE') {
    return new AppError('conflict', { title: `Port ${port} is used by another program`, advice: `End that program, or choose another port: PORT=${port + 1} npm start` }, { cause: error })
  }
  if (error.code === 'EACCES') {
    return new AppError('not_allowed', { title: `Port ${port} needs more rights than this account has`, advice: 'Choose a port above 1023, for example: PORT=3000 npm start' }, { cause: error })
  }
  return new AppError('bad_config', { title: `Tributary cannot listen on ${host}:${port}`, detail: error.message, advice: 'Set HOST to an address of this machine, for example 127.0.0.1' }, { cause: error })
}

/** The address that a person opens for a host we listen on. */
export function urlOf(host: string, port: number): string {
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${shown}:${port}`
}
