import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { AppError } from '@/lib/core/errors'
import { ConfigInput } from '@/lib/sources/schema'

/** The config of `--config`: a file, or `-` for standard input. What is wrong with it is said without showing any of it. */
export async function readConfig(file: string): Promise<ConfigInput> {
  const content = await readText(file)
  const name = file === '-' ? 'standard input' : file
  const parsed = ConfigInput.safeParse(parse(content, name))
  if (parsed.success) return parsed.data
  const field = parsed.error.issues[0]?.path[0]
  throw new AppError('invalid', {
    title: `The config in ${name} cannot be used`,
    detail: field === undefined ? 'It is not a JSON object' : `The field ${String(field)} is neither text nor a number, true or false`,
    advice: 'Write the fields of tributary connectors as a JSON object',
  })
}

async function readText(file: string): Promise<string> {
  if (file === '-') return text(process.stdin)
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new AppError('invalid', { title: isMissing ? `There is no file ${file}` : `The file ${file} cannot be read`, advice: 'Check the path of --config' }, { cause })
  }
}

function parse(content: string, name: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    // The parser's own message quotes the text, which holds the password: it is not passed on.
    throw new AppError('invalid', { title: `The config in ${name} is not JSON`, advice: 'Write the fields as a JSON object: {"host": "…", "password": "…"}' })
  }
}
