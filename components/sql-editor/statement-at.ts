import { syntaxTree } from '@codemirror/language'
import type { EditorState } from '@codemirror/state'
import type { RunText } from './use-query-run'

/** What Run means: the selection; else the statement under the cursor when there are several; else everything. */
export function textToRun(state: EditorState): RunText {
  const { from, to, empty, head } = state.selection.main
  if (!empty) return { sql: state.sliceDoc(from, to), offset: from }
  const statements: { from: number; to: number }[] = []
  for (let node = syntaxTree(state).topNode.firstChild; node; node = node.nextSibling) {
    if (node.name === 'Statement') statements.push({ from: node.from, to: node.to })
  }
  if (statements.length <= 1) return { sql: state.doc.toString(), offset: 0 }
  const under = statements.find((one) => head <= one.to) ?? statements.at(-1)
  return under ? { sql: state.sliceDoc(under.from, under.to), offset: under.from } : { sql: state.doc.toString(), offset: 0 }
}
