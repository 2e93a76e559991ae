import { runHand } from './hand'
import { runLane } from './lane'
import { runWorker } from './whole-worker'

/** The entrance of the bundle. `loaded` is called once everything is. */
export function begin([role, settings = '']: string[], loaded: () => void): void {
  const running = role === 'lane' ? runLane(loaded) : role === 'worker' ? runWorker(settings) : runHand()
  running.catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
}
