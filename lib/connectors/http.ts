import { HttpSession } from './http/session'
import type { Http, HttpOptions } from './http/types'

export type { Http, HttpAnswer, HttpAuth, HttpOptions, HttpRequest, HttpStream, HttpUsage, JsonAnswer } from './http/types'

/** A session with one outside service: the only way to speak HTTP to the outside. Throws AppError `bad_config` for an address that is none. */
export function openHttp(options: HttpOptions): Http {
  return new HttpSession(options)
}
