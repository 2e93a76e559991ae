const WIDEST = 60

/** Aligned columns with a header; numbers to the right. Control characters cannot move the cursor. `isLastWhole`: the last column has sentences, and none of them is cut. */
export function textTable(header: string[], rows: string[][], rightAligned: ReadonlySet<number> = new Set(), isLastWhole = false): string {
  const shown = [header, ...rows].map((row) => row.map((cell, column) => visible(cell, isLastWhole && column === header.length - 1 ? Number.POSITIVE_INFINITY : WIDEST)))
  const widths = header.map((_, column) => Math.max(...shown.map((row) => widthOf(row[column] ?? ''))))
  return shown.map((row, index) => row.map((cell, column) => pad(cell, widths[column] ?? 0, index > 0 && rightAligned.has(column))).join('  ').trimEnd()).join('\n')
}

function visible(cell: string, widest: number): string {
  const plain = cell.replaceAll('\n', '⏎').replace(/[\u0000-\u001f\u007f-\u009f]/g, '�')
  return [...plain].length > widest ? `${[...plain].slice(0, widest - 1).join('')}…` : plain
}

function widthOf(text: string): number {
  return [...text].length
}

function pad(text: string, width: number, isRight: boolean): string {
  const blank = ' '.repeat(Math.max(0, width - widthOf(text)))
  return isRight ? blank + text : text + blank
}
