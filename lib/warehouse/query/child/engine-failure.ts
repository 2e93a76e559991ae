import type { ChildFailure } from '../messages'

const MESSAGE_LENGTH_MAX = 4_000

/** A refusal of ours, told like one of the engine's. */
export class Refusal extends Error {
  readonly failure: ChildFailure
  constructor(subtype: string, message: string, offset?: number) {
    super(message)
    this.failure = { type: 'Refused', subtype, message, offset }
  }
}

/**
 * What the engine threw, taken apart: with `errors_as_json` its message is a JSON object, sometimes behind a prefix.
 * `shift` is how far the text that was run is shifted against the person's.
 */
export function engineFailure(error: unknown, shift = 0): ChildFailure {
  const failure = asFailure(error)
  return failure.offset === undefined ? failure : { ...failure, offset: Math.max(0, failure.offset - shift) }
}

function asFailure(error: unknown): ChildFailure {
  if (error instanceof Refusal) return error.failure
  const message = error instanceof Error ? error.message : String(error)
  const at = message.indexOf('{"exception_type"')
  if (at < 0) return { type: 'Process', message: message.slice(0, MESSAGE_LENGTH_MAX) }
  try {
    return failureFromJson(JSON.parse(message.slice(at)))
  } catch {
    // cut or followed by more text: shown as it is
    return { type: 'Engine', message: message.slice(0, MESSAGE_LENGTH_MAX) }
  }
}

function failureFromJson(json: Record<string, string | undefined>): ChildFailure {
  const offset = Number(json.position)
  return {
    type: json.exception_type ?? 'Engine',
    subtype: json.error_subtype,
    message: (json.exception_message ?? '').slice(0, MESSAGE_LENGTH_MAX),
    offset: json.position !== undefined && Number.isSafeInteger(offset) && offset >= 0 ? offset : undefined,
    name: json.name?.slice(0, 300),
    candidates: json.candidates?.slice(0, 300),
  }
}
