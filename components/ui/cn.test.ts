import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { twMerge } from 'tailwind-merge'
import { expect, test } from 'vitest'
import { cn } from './cn'

/** Every class that the components of a folder name. */
function usedClasses(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.tsx') || file.endsWith('classes.ts'))
  const texts = files.flatMap((file) => readFileSync(path.join(folder, file), 'utf8').match(/(['"`])[a-z!*&[(-][^'"`\n]*\1/g) ?? [])
  const names = new Set(texts.flatMap((text) => text.slice(1, -1).split(/\s+/)))
  return [...names].filter((name) => /^[a-z*\-[&!][\w\-:.[\]()&>/%#,=*!+~'"]*$/.test(name) && !name.startsWith('-radix') && !name.endsWith('-'))
}

test('of a primitive\'s class and any class in use, ours and tailwind-merge\'s own list keep the same', () => {
  const [own, classes] = [usedClasses(path.resolve('components/ui')), usedClasses(path.resolve('components'))]
  expect(own.length).toBeGreaterThan(100)
  const different: string[] = []
  for (const one of own) {
    for (const two of classes.filter((name) => variantOf(name) === variantOf(one))) {
      const both = `${one} ${two}`
      if (one !== two && cn(both) !== twMerge(both) && !known(one, two)) different.push(`${both} -> ${cn(both)} | ${twMerge(both)}`)
    }
  }
  expect(different, 'a class of a new group: add the group to cn.ts').toEqual([])
})

/** Only classes for the same state of the same thing can meet. */
function variantOf(name: string): string {
  return name.slice(0, name.lastIndexOf(':') + 1)
}

/** Where its list knows no better: sizes and shadows of our own theme. */
function known(one: string, two: string): boolean {
  return [one, two].some((name) => /float|tabular/.test(name))
}

test('a condition is joined and the last size wins', () => {
  expect(cn('h-8 px-3', false, undefined, ['h-9', { 'px-2': true }])).toBe('h-9 px-2')
  expect(cn('text-sm text-muted-foreground', 'text-base')).toBe('text-muted-foreground text-base')
  expect(cn('hover:bg-muted', 'bg-accent')).toBe('hover:bg-muted bg-accent')
})
