import { startRadosgw } from '../radosgw'

/** Starts a gateway, says so, and waits to be killed. */
console.log((await startRadosgw()).endpoint)
