'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { failureOf } from '@/components/connectors/read-lines'
import type { BegunUploadView } from '@/lib/sources/upload-schema'
import { beginFile, dropFile, SendFailure, sendFile, type SentFile } from './send-file'
import { isUnderWay, newItem, Pace, type UploadItem } from './upload-item'

const AT_ONCE = 2

interface Uploads {
  /** What arrived in an earlier visit of the form. */
  first?: UploadItem[]
  /** Where the files belong; null makes a folder with the first of them. */
  folder: string | null
  onDone(file: SentFile, folder: string): void
}

/** Files on their way to the server, a few at once. Leaving the page ends what is not finished. */
export function useUploads({ first = [], folder, onDone }: Uploads) {
  const [items, setItems] = useState(first)
  const files = useRef(new Map<string, File>())
  const running = useRef(new Map<string, AbortController>())
  const folderOf = useRef<Promise<string | null>>(Promise.resolve(folder))
  const done = useRef(onDone)
  useEffect(() => { done.current = onDone })

  const set = useCallback((key: string, change: Partial<UploadItem>) => setItems((all) => all.map((item) => (item.key === key ? { ...item, ...change } : item))), [])

  /** The first file makes the folder; the others wait for it. */
  const begin = useCallback((file: File, signal: AbortSignal): Promise<BegunUploadView> => {
    const begun = folderOf.current.then((known) => beginFile(file, known, signal))
    folderOf.current = folderOf.current.then((known) => known ?? begun.then((place) => place.folder, () => null))
    return begun
  }, [])

  const run = useCallback(async (item: UploadItem): Promise<void> => {
    const file = files.current.get(item.key)
    if (!file || running.current.has(item.key)) return
    const controller = new AbortController()
    running.current.set(item.key, controller)
    const { signal } = controller
    let { place } = item
    try {
      set(item.key, { state: 'sending', error: null })
      place ??= await begin(file, signal)
      if (signal.aborted) return dropFile(place)
      set(item.key, { place, name: place.name })
      const pace = new Pace()
      const sent = await sendFile(file, place, item.sent, (bytes) => set(item.key, { sent: bytes, rate: pace.rate(bytes), state: bytes >= file.size ? 'finishing' : 'sending' }), signal)
      set(item.key, { state: 'done', sent: sent.bytes, file: sent, rate: null })
      done.current(sent, place.folder)
    } catch (cause) {
      if (signal.aborted) return
      set(item.key, { state: 'failed', error: cause instanceof SendFailure ? cause.view : failureOf(cause), rate: null })
    } finally {
      running.current.delete(item.key)
    }
  }, [begin, set])

  useEffect(() => {
    const waiting = items.filter(({ state }) => state === 'waiting')
    const busy = items.filter((item) => isUnderWay(item) && item.state !== 'waiting').length
    for (const item of waiting.slice(0, Math.max(0, AT_ONCE - busy))) void run(item)
  }, [items, run])

  const add = useCallback((chosen: File[]) => {
    const added = chosen.map((file) => {
      const item = newItem(file.name, file.size)
      files.current.set(item.key, file)
      return item
    })
    // a file of the same name takes the other's place, here as on the server
    setItems((all) => [...all.filter((item) => isUnderWay(item) || !added.some(({ name }) => name === item.name)), ...added])
  }, [])

  /** Ends an upload, and takes away what arrived of it. */
  const remove = useCallback((item: UploadItem) => {
    running.current.get(item.key)?.abort()
    running.current.delete(item.key)
    files.current.delete(item.key)
    if (item.place) dropFile(item.place)
    setItems((all) => all.filter(({ key }) => key !== item.key))
  }, [])

  const retry = useCallback((item: UploadItem) => set(item.key, { state: 'waiting', error: null }), [set])
  const forgetDone = useCallback(() => setItems((all) => all.filter(({ state }) => state !== 'done')), [])
  useLeaving(items, running)

  return { items, add, remove, retry, forgetDone, isUnderWay: items.some(isUnderWay) }
}

/** The browser asks before it leaves; what was on its way then goes. */
function useLeaving(items: UploadItem[], running: { current: Map<string, AbortController> }) {
  const isBusy = items.some(isUnderWay)
  const latest = useRef(items)
  useEffect(() => { latest.current = items })
  useEffect(() => {
    if (!isBusy) return undefined
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isBusy])
  useEffect(() => () => {
    for (const controller of running.current.values()) controller.abort()
    for (const item of latest.current) if (isUnderWay(item) && item.place) dropFile(item.place)
  }, [running])
}
