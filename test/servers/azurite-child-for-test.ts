import { startAzurite } from './azurite'

/** Starts an emulator, says so, and waits to be killed. */
console.log((await startAzurite()).endpoint)
