import { expect, it } from 'vitest'
import { cellDetail, rowsAsText } from './cell-text'

it('JSON is indented with every digit that it has', () => {
  expect(cellDetail('{"a":[9007199254740993.10,{"b":"x, {y}: \\"z\\""}],"c":{},"d":[]}', 'JSON')).toBe('{\n  "a": [\n    9007199254740993.10,\n    {\n      "b": "x, {y}: \\"z\\""\n    }\n  ],\n  "c": {},\n  "d": []\n}')
})

it('rows are copied as a spreadsheet takes them', () => {
  expect(rowsAsText([{ name: 'a' }, { name: 'b\tc' }], [['x\ny', null], ['say "hi"', { k: 1 }]])).toBe('a\t"b\tc"\n"x\ny"\t\n"say ""hi"""\t"{""k"":1}"')
})
