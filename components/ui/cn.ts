import { clsx, type ClassValue } from 'clsx'
import { createTailwindMerge } from 'tailwind-merge'

const any = (): boolean => true
const isSize = (value: string): boolean => /^(xs|sm|base|lg|xl|\[\d.*\])$/.test(value)
const isWidth = (value: string): boolean => /^(\d+|[xytrbl]|[xytrbl]-\d+)$/.test(value)
const isAlign = (value: string): boolean => /^(left|center|right|start|end|justify)$/.test(value)
const isWrap = (value: string): boolean => /^(wrap|nowrap|balance|pretty)$/.test(value)
const isColour = (value: string): boolean => !isSize(value) && !isWidth(value) && !isAlign(value) && !isWrap(value)

const sided = (name: 'm' | 'p'): Record<string, { [key: string]: (typeof any)[] }[]> =>
  Object.fromEntries(['', 'x', 'y', 't', 'r', 'b', 'l'].map((side) => [name + side, [{ [name + side]: [any] }]]))

const radii = ['none', 'sm', 'md', 'lg', 'xl', 'full']
const positions = ['static', 'fixed', 'absolute', 'relative', 'sticky']
const displays = ['block', 'inline-block', 'inline', 'flex', 'inline-flex', 'grid', 'inline-grid', 'table', 'table-row', 'table-cell', 'flow-root', 'contents', 'hidden']

/**
 * The groups in which of two classes the last one wins: those that the primitives set and their callers change.
 * tailwind-merge's own list knows all of Tailwind and costs every page twice as much code.
 */
const merge = createTailwindMerge(() => ({
  cacheSize: 500,
  theme: {},
  classGroups: {
    ...sided('m'),
    ...sided('p'),
    position: positions,
    display: displays,
    ...Object.fromEntries(['border-spacing', 'inset', 'inset-x', 'inset-y', 'top', 'right', 'bottom', 'left', 'z', 'order', 'w', 'h', 'size', 'min-w', 'min-h', 'max-w', 'max-h', 'gap', 'gap-x', 'gap-y', 'items', 'justify', 'self', 'justify-self', 'content', 'basis', 'grid-cols', 'grid-rows', 'col-span', 'col-start', 'col-end', 'row-span', 'row-start', 'leading', 'tracking', 'whitespace', 'opacity', 'cursor', 'select', 'pointer-events', 'overflow', 'overflow-x', 'overflow-y', 'transition', 'duration', 'animate', 'underline-offset', 'line-clamp', 'object', 'fill', 'resize', 'outline-offset', 'translate-x', 'translate-y', 'rotate', 'scale', 'origin', 'aspect'].map((name) => [name, [{ [name]: [any] }]])),
    'flex-direction': [{ flex: ['row', 'row-reverse', 'col', 'col-reverse'] }],
    'flex-wrap': [{ flex: ['wrap', 'nowrap', 'wrap-reverse'] }],
    flex: [{ flex: ['1', 'auto', 'initial', 'none'] }],
    grow: ['grow', { grow: [any] }],
    shrink: ['shrink', { shrink: [any] }],
    'text-size': [{ text: [isSize] }],
    'text-align': [{ text: [isAlign] }],
    'text-wrap': [{ text: [isWrap] }],
    'text-colour': [{ text: [isColour] }],
    'text-overflow': ['truncate', 'text-ellipsis'],
    'font-weight': [{ font: ['normal', 'medium', 'semibold', 'bold'] }],
    'font-family': [{ font: ['sans', 'mono'] }],
    break: [{ break: ['words', 'all', 'keep', 'normal'] }],
    align: [{ align: [any] }],
    decoration: ['underline', 'no-underline', 'line-through'],
    'text-transform': ['uppercase', 'lowercase', 'capitalize', 'normal-case'],
    bg: [{ bg: [(value: string) => !value.startsWith('[')] }],
    'border-collapse': [{ border: ['collapse', 'separate'] }],
    rounded: ['rounded', { rounded: radii }],
    ...Object.fromEntries(['t', 'r', 'b', 'l'].map((side) => [`rounded-${side}`, [{ [`rounded-${side}`]: radii }]])),
    'border-width': ['border', { border: ['0', '2', '4'] }],
    ...Object.fromEntries(['x', 'y', 't', 'r', 'b', 'l'].map((side) => [`border-${side}`, [`border-${side}`, { border: [{ [side]: ['0', '2', '4'] }] }]])),
    'border-style': [{ border: ['solid', 'dashed', 'dotted', 'none'] }],
    'border-colour': [{ border: [isColour] }],
    shadow: ['shadow', { shadow: [any] }],
    'outline-width': [{ outline: ['0', '1', '2'] }],
    'outline-style': [{ outline: ['none', 'hidden'] }],
    'stroke-width': [{ stroke: [isWidth] }],
  },
  conflictingClassGroups: {
    ...Object.fromEntries(['m', 'p'].map((name) => [name, ['x', 'y', 't', 'r', 'b', 'l'].map((side) => name + side)])),
    mx: ['mr', 'ml'],
    my: ['mt', 'mb'],
    px: ['pr', 'pl'],
    py: ['pt', 'pb'],
    size: ['w', 'h'],
    inset: ['inset-x', 'inset-y', 'top', 'right', 'bottom', 'left'],
    'inset-x': ['left', 'right'],
    'inset-y': ['top', 'bottom'],
    gap: ['gap-x', 'gap-y'],
    overflow: ['overflow-x', 'overflow-y'],
    flex: ['basis', 'grow', 'shrink'],
    'text-size': ['leading'],
    'line-clamp': ['display', 'overflow'],
    rounded: ['rounded-t', 'rounded-r', 'rounded-b', 'rounded-l'],
    'border-width': ['border-x', 'border-y', 'border-t', 'border-r', 'border-b', 'border-l'],
    'border-x': ['border-r', 'border-l'],
    'border-y': ['border-t', 'border-b'],
  },
  conflictingClassGroupModifiers: {},
  orderSensitiveModifiers: ['*', '**', 'after', 'before', 'first-letter', 'first-line', 'marker', 'placeholder', 'selection'],
}))

/** Join class names; of two that set the same thing the last wins. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes))
}
