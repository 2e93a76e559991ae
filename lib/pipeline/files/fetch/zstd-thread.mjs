// Plain JavaScript: a thread is started without any loader.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { zstdUnpacker } from './zstd-frames.mjs'

// the decoder asks for bytes in the middle of its work, so this thread sleeps until there are some
const { signals, port } = workerData
const [INPUTS, ROOM] = [0, 1]
const MESSAGE_BYTES = 1024 * 1024

function* inputs() {
  for (;;) {
    parentPort.postMessage({ wants: true }, [])
    take(INPUTS)
    const { message } = receiveMessageOnPort(port)
    if (message === null) return
    yield message
  }
}

/** Waits until there is one, and takes it. */
function take(which) {
  while (Atomics.load(signals, which) === 0) Atomics.wait(signals, which, 0)
  Atomics.sub(signals, which, 1)
}

function send(chunks) {
  take(ROOM)
  parentPort.postMessage({ chunks }, chunks.map((chunk) => chunk.buffer))
}

try {
  const unpack = await zstdUnpacker()
  let chunks = []
  let bytes = 0
  for (const chunk of unpack(inputs())) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes < MESSAGE_BYTES) continue
    send(chunks)
    chunks = []
    bytes = 0
  }
  if (bytes > 0) send(chunks)
  parentPort.postMessage({ done: true }, [])
} catch (error) {
  parentPort.postMessage({ failed: error instanceof Error ? error.message : String(error) }, [])
}
port.close()
