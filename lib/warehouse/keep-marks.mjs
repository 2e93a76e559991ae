// Plain JavaScript, for the program that is started without a loader.
import { DuckDBVarCharVector } from '@duckdb/node-api'

/**
 * A text that begins with U+FEFF keeps it on its way out of the engine. The client reads every text by one decoder of its own, which takes that letter for the mark of
 * an encoding and drops it: a cursor, or the key of an object, would be another one than the one that is stored, and people would see another value. That one
 * decoder is mended and no other, so that this is safe in the web server too: whoever reads files or requests goes on without their marks.
 *
 * The client does not show it, and to import it by its path would give another one where the client is bundled. So it is found by having it read an empty text.
 */
const keeping = new TextDecoder('utf-8', { ignoreBOM: true })

function decoderOfTheClient() {
  const { decode } = TextDecoder.prototype
  let found
  TextDecoder.prototype.decode = function (...given) {
    found = this
    return decode.apply(this, given)
  }
  try {
    new DuckDBVarCharVector(new DataView(new ArrayBuffer(16)), { itemValid: () => true }, null, 0, 1).getItem(0)
  } finally {
    TextDecoder.prototype.decode = decode
  }
  return found
}

const decoder = decoderOfTheClient()
if (!decoder) throw new Error('The client of the engine reads texts in another way now: see whether it keeps U+FEFF')
decoder.decode = (bytes) => keeping.decode(bytes)
