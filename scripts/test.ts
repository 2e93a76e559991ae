import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { projectFolder } from '@/lib/core/env'
import { installPackages } from './test/debian-packages'
import { installBrowser } from './test/install-browser'
import { runCommand } from './serve/failure'

interface Counts {
  passed: number
  failed: number
  skipped: number
}

const root = projectFolder()
const reports = mkdtempSync(path.join(os.tmpdir(), 'tributary-reports-'))
const total: Counts = { passed: 0, failed: 0, skipped: 0 }
/** A developer's own installation is never touched. */
const environment = { ...process.env, CI: process.env.CI ?? '', FORCE_COLOR: process.env.FORCE_COLOR ?? '0', E2E_REPORT: path.join(reports, 'playwright.json') }

const VitestReport = z.object({ numPassedTests: z.number(), numFailedTests: z.number(), numFailedTestSuites: z.number(), numPendingTests: z.number(), numTodoTests: z.number() })
const PlaywrightReport = z.object({ stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }) })

const CrashReport = z.object({ passed: z.number(), failed: z.number() })

interface Stage {
  name: string
  /** A program of node_modules, and its arguments. */
  command: [string, ...string[]]
  count?: () => Counts
}

const stages: Stage[] = [
  { name: 'Types', command: ['next', 'typegen'] },
  { name: 'Types', command: ['tsc', '--noEmit', '--incremental', 'false'] },
  { name: 'Lint', command: ['oxlint', 'app', 'components', 'lib', 'worker', 'cli', 'scripts', 'test', 'e2e', 'bench'] },
  { name: 'House rules', command: ['tsx', 'scripts/check-house.ts'] },
  { name: 'Unit, database, pipeline and command-line tests', command: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${path.join(reports, 'vitest.json')}`], count: countVitest },
  { name: 'Histories in which processes, databases, disks and sources fail', command: ['tsx', 'scripts/crash.ts', '--histories', '500', '--minutes', '30', '--report', path.join(reports, 'crash.json')], count: countHistories },
  { name: 'Browser tests', command: ['playwright', 'test'], count: countPlaywright },
]

/** `npm test`: every check, in order; the first stage that fails ends the run. */
async function test(): Promise<void> {
  let lost: string[] = []
  try {
    for (const { name, command, count } of stages) {
      const began = Date.now()
      console.log(`\n── ${name}`)
      if (command[0] === 'playwright') await installBrowser(console.log)
      if (command[0] === 'vitest') lost = await installPackages(console.log)
      if (command[0] === 'vitest') for (const words of lost) console.warn(words)
      const code = await run(command)
      if (count) add(count())
      if (code !== 0 || total.failed) {
        console.error(`\n${name}: failed`)
        if (!total.failed) total.failed = 1 // a check without tests of its own must not read as none failed
        process.exitCode = 1
        break
      }
      console.log(`   ${((Date.now() - began) / 1000).toFixed(1)} s`)
    }
  } finally {
    rmSync(reports, { recursive: true, force: true })
  }
  for (const words of lost) console.warn(`\n${words}`) // again, where it is read
  console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`)
}

function run([program, ...args]: [string, ...string[]]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(path.join(root, 'node_modules', '.bin', program), args, { cwd: root, env: environment, stdio: 'inherit', shell: process.platform === 'win32' })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

function readReport<T>(file: string, shape: z.ZodType<T>): T | undefined {
  const full = path.join(reports, file)
  return existsSync(full) ? shape.parse(JSON.parse(readFileSync(full, 'utf8'))) : undefined
}

function countVitest(): Counts {
  const report = readReport('vitest.json', VitestReport)
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  // a file that fails before its first test counts as one failure
  const failed = report.numFailedTests || (report.numFailedTestSuites ? 1 : 0)
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests }
}

function countPlaywright(): Counts {
  const report = readReport('playwright.json', PlaywrightReport)
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  // a test that passes at its second try hides a race: it counts as failed
  return { passed: report.stats.expected, failed: report.stats.unexpected + report.stats.flaky, skipped: report.stats.skipped }
}

function countHistories(): Counts {
  const report = readReport('crash.json', CrashReport)
  return report ? { ...report, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 }
}

function add(counts: Counts): void {
  total.passed += counts.passed
  total.failed += counts.failed
  total.skipped += counts.skipped
}

void runCommand(() => reports, test)
