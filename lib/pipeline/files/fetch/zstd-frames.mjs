// Plain JavaScript: the thread that unpacks reads it without any loader.
import { ZSTDDecoder } from 'zstddec/stream'

/** More turns without a byte than the decoder ever takes for one piece of input. */
const IDLE_TURNS = 40

/**
 * Gives a function that unpacks the frames in an iterable of bytes, as they are asked for. It throws "damaged" for what is no zstd, or a checksum that does not
 * fit, and "incomplete" for what ends too early.
 */
export async function zstdUnpacker() {
  const decoder = new ZSTDDecoder()
  await decoder.init()
  return function* unpack(inputs) {
    let idle = 0
    const counted = (function* () {
      for (const input of inputs) {
        idle = 0
        if (input.length > 0) yield input
      }
    })()
    const outputs = decoder.decodeStreaming(counted)
    for (;;) {
      const { done, value } = next(outputs)
      if (done) return
      // a decoder that has failed asks for no more input, and gives nothing for ever
      if (value.length === 0 && ++idle > IDLE_TURNS) throw new Error('damaged')
      if (value.length > 0) {
        idle = 0
        yield value
      }
    }
  }
}

function next(outputs) {
  try {
    return outputs.next()
  } catch (error) {
    // WebAssembly out of memory is of the same kind: a window that no decoder accepts
    throw error instanceof Error && error.message.startsWith('Incomplete') ? new Error('incomplete') : error
  }
}
