import { runCommand } from './serve/failure'
import { Serve } from './serve/serve'
import { dataFolder } from '@/lib/core/env'

const serve = new Serve(process.argv.includes('--dev'))

void runCommand(dataFolder, () => serve.run())
