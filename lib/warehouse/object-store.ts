import path from 'node:path'
import { dataFolder } from '@/lib/core/env'
import { localStore, type LocalStore } from './object-store/local-store'

/** The store of this installation. */
export function objectStore(): LocalStore {
  return localStore(path.join(dataFolder(), 'warehouse'))
}
