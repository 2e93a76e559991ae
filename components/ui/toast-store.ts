export type ToastTone = 'plain' | 'success' | 'error' | 'warning' | 'info' | 'loading'

export interface ToastOptions {
  description?: string | undefined
  action?: { label: string; onClick: () => void } | null | undefined
  /** Replaces the toast of the same id. */
  id?: string
  /** In milliseconds; Infinity stays until it is closed. */
  duration?: number
}

export interface Toast extends ToastOptions {
  id: string
  title: string
  tone: ToastTone
  duration: number
}

const VISIBLE = 4
const SHORT_MS = 5_000
const LONG_MS = 10_000

let toasts: Toast[] = []
let count = 0
const listeners = new Set<() => void>()
const none: Toast[] = []

function replace(next: Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

/** What there is to read stays longer. */
function durationOf(tone: ToastTone): number {
  if (tone === 'loading') return Number.POSITIVE_INFINITY
  return tone === 'error' || tone === 'warning' ? LONG_MS : SHORT_MS
}

function add(tone: ToastTone, title: string, options: ToastOptions = {}): string {
  const id = options.id ?? `toast-${(count += 1)}`
  const made = { duration: durationOf(tone), ...options, id, title, tone }
  const isThere = toasts.some((toast) => toast.id === id)
  replace(isThere ? toasts.map((toast) => (toast.id === id ? made : toast)) : [...toasts, made].slice(-VISIBLE))
  return id
}

export function dismissToast(id?: string): void {
  replace(id === undefined ? [] : toasts.filter((toast) => toast.id !== id))
}

export const toastStore = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  read: (): Toast[] => toasts,
  readOnServer: (): Toast[] => none,
}

/** Say something in the corner: `toast.success('Source linked', { description })`. Gives its id. */
export const toast = Object.assign((title: string, options?: ToastOptions) => add('plain', title, options), {
  success: (title: string, options?: ToastOptions) => add('success', title, options),
  error: (title: string, options?: ToastOptions) => add('error', title, options),
  warning: (title: string, options?: ToastOptions) => add('warning', title, options),
  info: (title: string, options?: ToastOptions) => add('info', title, options),
  loading: (title: string, options?: ToastOptions) => add('loading', title, options),
  dismiss: dismissToast,
})
