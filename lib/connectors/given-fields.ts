/** Blank fields are fields not given; what was pasted loses the spaces around it. */
export function givenFields(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input
  const given = Object.entries(input).map(([name, raw]) => [name, typeof raw === 'string' ? raw.trim() : raw])
  return Object.fromEntries(given.filter(([, value]) => value !== '' && value !== null && value !== undefined))
}
