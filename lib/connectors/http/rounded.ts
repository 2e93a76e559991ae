/** 98, 9.8: a rate or a time for people. */
export function rounded(value: number): string {
  return value >= 10 ? String(Math.round(value)) : String(Math.round(value * 10) / 10)
}
