interface Place {
  locationType: 'header' | 'parameter'
  location: string
}

/** An answer that is no success, in the shape that the JSON API gives it. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
    readonly place?: Place,
  ) {
    super(message)
    this.name = 'Refusal'
  }

  body(): Record<string, unknown> {
    return { error: { code: this.status, message: this.message, errors: [{ message: this.message, domain: 'global', reason: this.reason, ...this.place }] } }
  }
}

/** The token endpoint speaks OAuth, not the API's language. */
export class TokenRefusal extends Error {
  constructor(
    readonly code: 'invalid_grant' | 'invalid_scope' | 'invalid_request' | 'unauthorized_client' | 'unsupported_grant_type',
    message: string,
  ) {
    super(message)
    this.name = 'TokenRefusal'
  }

  body(): Record<string, unknown> {
    return { error: this.code, error_description: this.message }
  }
}

export function badParameter(location: string, message: string): Refusal {
  return new Refusal(400, 'invalid', message, { locationType: 'parameter', location })
}
