/** One group of bars with a scale of its own. */
export interface Panel {
  title: string
  bars: Bar[]
}

export interface Bar {
  name: string
  value: number
  /** The value in words, behind the bar. */
  words: string
  /** Ours; the others are drawn more quietly. */
  isOurs: boolean
  /** Its value does not count: drawn as an outline. */
  isVoid: boolean
}

const WIDTH = 760
const NAMES = 110
const WORDS = 170
const BAR = 18
const ROW = 26
const TITLE = 30

/** Horizontal bars as SVG; readable on light and on dark pages, as the reader's system has it. */
export function barPlot(description: string, panels: Panel[]): string {
  const height = panels.reduce((sum, { bars }) => sum + TITLE + bars.length * ROW + 14, 0)
  let top = 0
  const drawn = panels.map((panel) => {
    const lines = panelLines(panel, top)
    top += TITLE + panel.bars.length * ROW + 14
    return lines
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(description)}">
<style>
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600 }
.ours { fill: #2f6fde }
.theirs { fill: #9aa4b2 }
.void { fill: none; stroke: #9aa4b2; stroke-dasharray: 4 3 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .ours { fill: #6ea8ff } .theirs { fill: #6b7684 } .void { stroke: #6b7684 } }
</style>
${drawn.flat().join('\n')}
</svg>
`
}

function panelLines({ title, bars }: Panel, top: number): string[] {
  const greatest = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE)
  return [
    `<text class="title" x="0" y="${top + 18}">${escape(title)}</text>`,
    ...bars.flatMap(({ name, value, words, isOurs, isVoid }, place) => {
      const y = top + TITLE + place * ROW
      const width = Math.max(2, Math.round((value / greatest) * (WIDTH - NAMES - WORDS)))
      return [
        `<text x="${NAMES - 8}" y="${y + 14}" text-anchor="end">${escape(name)}</text>`,
        `<rect class="${isVoid ? 'void' : isOurs ? 'ours' : 'theirs'}" x="${NAMES}" y="${y}" width="${width}" height="${BAR}" rx="2"/>`,
        `<text x="${NAMES + width + 8}" y="${y + 14}">${escape(words)}</text>`,
      ]
    }),
  ]
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
