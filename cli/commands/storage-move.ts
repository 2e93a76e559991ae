import { formatBytes, formatCount, formatQuantity } from '@/lib/core/format'
import { moveStorage, type Moved } from '@/lib/warehouse/object-store/move-storage'
import { inWorkspace } from '../session'
import type { Terminal } from '../terminal'

export async function storageMove(terminal: Terminal, to: string): Promise<void> {
  await inWorkspace(terminal, async () => {
    const onProgress = ({ files, bytes, copied }: Moved) => terminal.say(`${formatQuantity(files, 'file')}, ${formatBytes(bytes)}: ${formatCount(copied)} copied`)
    const moved = await moveStorage(to, { signal: terminal.signal, onProgress })
    const isComplete = moved.problemCount === 0 && !moved.isBusy
    terminal.result({ ...moved, isComplete }, () => words(moved))
    if (!isComplete) terminal.exitCode = 1
  })
}

function words(moved: Moved): string {
  const { to, files, bytes, copied, copiedBytes, problems, problemCount, isBusy } = moved
  const place = to === 'folder' ? 'the folder of the warehouse' : to
  const lines = [`${formatQuantity(files, 'file')}, ${formatBytes(bytes)}, ${files === 1 ? 'is' : 'are'} in ${place}, each compared by its SHA-256; ${formatQuantity(copied, 'file')}, ${formatBytes(copiedBytes)}, ${copied === 1 ? 'was' : 'were'} copied now`]
  if (problemCount) lines.push(`${formatQuantity(problemCount, 'file')} could not be moved:`, ...problems.map(({ key, problem }) => `  ${key}: ${problem}`), ...(problemCount > problems.length ? ['  …'] : []), 'Their tables cannot be read there; sync them again with a full read, or bring the files back, then move again')
  if (isBusy) lines.push('Tributary is running and may have written more: stop it, then run this again, which copies what is new alone')
  if (!problemCount && !isBusy) lines.push(to === 'folder' ? 'Now remove WAREHOUSE_URL and start Tributary. Nothing was removed from the bucket' : `Now set WAREHOUSE_URL=${to} and start Tributary. Nothing was removed from the folder; delete it once you are content`)
  return lines.join('\n')
}
