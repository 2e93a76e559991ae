import { FileProblem } from '../file-problem'

const NAMED = 20

/** A workbook has no worksheet of the name that was set. It carries those that it has, to be chosen from. */
export class NoWorksheet extends FileProblem {
  constructor(address: string, wanted: string, readonly worksheets: string[]) {
    super(`${address} has no worksheet ${wanted}`, `It has ${worksheets.slice(0, NAMED).join(', ')}${worksheets.length > NAMED ? ' …' : ''}`, 'Choose one of these')
    this.name = 'NoWorksheet'
  }
}
