export interface Settings {
  seed: number
  /** Of trouble. */
  minutes: number
  schemas: number
  workspaces: number
  sourcesPerWorkspace: number
  workers: number
  webs: number
  /** Of a table here and there. */
  largeRows: number
  /** How often something happens to somebody, about. */
  troubleEverySeconds: number
}

export const usual: Settings = { seed: 1, minutes: 5, schemas: 1_000, workspaces: 10, sourcesPerWorkspace: 2, workers: 4, webs: 2, largeRows: 50_000, troubleEverySeconds: 8 }
