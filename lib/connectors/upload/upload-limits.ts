const MB = 1024 * 1024

export const uploadLimits = {
  fileBytes: 2048 * MB,
  filesOfFolder: 1000,
  /** Must stay free on the disk beside what is expected. */
  freeBytes: 256 * MB,
  /** What no source names is kept so long, counted from when it was used last. */
  keptHours: 24,
} as const
