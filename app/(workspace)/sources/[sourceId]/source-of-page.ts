import { cache } from 'react'
import { loadSource } from '@/lib/sources/loaders'
import { requireWarehouseViewer } from '@/lib/workspace/session'
import { orNotFound } from '../or-not-found'

/** The source of this address, read once for the layout, its title and its page. */
export const sourceOfPage = cache(async (sourceId: string) => orNotFound(loadSource(await requireWarehouseViewer(), sourceId)))
