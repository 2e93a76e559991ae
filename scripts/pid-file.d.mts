export interface KnownProcess {
  pid: number
  birth: string
  /** Where the pages answer; only of `serve`, and empty until they do. */
  url: string
}
export function writePidFile(data: string, name: string, pid: number, url?: string): void
export function removePidFile(data: string, name: string): void
export function livingProcess(data: string, name: string): KnownProcess | undefined
export function livingServe(data: string): KnownProcess | undefined
