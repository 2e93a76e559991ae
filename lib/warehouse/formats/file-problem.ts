import { AppError } from '@/lib/core/errors'

/** A file that cannot be read as what it should be. Of the file, not of its store or of us: it fails alone, or is set aside. */
export class FileProblem extends AppError {
  constructor(
    /** "a.csv is not valid CSV": what is wrong, with the file's address. */
    title: string,
    /** The place and the text: "Line 17, column amount: \"12,5\" is no DOUBLE". */
    detail: string,
    advice: string,
    cause?: unknown,
  ) {
    super('bad_file', { title, detail, advice }, { cause })
    this.name = 'FileProblem'
  }
}
