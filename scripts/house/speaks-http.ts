/** The kit for API connectors: the one part of lib that reaches the outside world, and open to every connector. */
export function speaksHttp(file: string): boolean {
  return file === 'lib/connectors/http.ts' || file.startsWith('lib/connectors/http/')
}
