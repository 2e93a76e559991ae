import { mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, inject } from 'vitest'
import { setEnv } from '@/lib/core/env'

// Warehouse files and keys of a test file never touch .tributary, nor another file's.
const data = mkdtempSync(path.join(inject('testServer').folder, 'data-'))
setEnv({ TRIBUTARY_DATA: data })

afterAll(() => rmSync(data, { recursive: true, force: true, maxRetries: 5 }))
