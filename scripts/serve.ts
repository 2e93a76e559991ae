import { runCommand } from './serve/failure'
import { Serve } from './serve/serve'
import { dataFolder } from '@/lib/core/env'

const serve = new Serve({ isDev: process.argv.includes('--dev') })

void runCommand(dataFolder, () => serve.run())
