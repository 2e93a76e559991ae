export interface Violation {
  rule: string
  file: string
  line: number
  words: string
}
