import type { CsvSettings, FilesSettings } from '@/lib/core/files-settings'
import type { Engine } from '../duckdb'

/**
 * What a format knows: to look at a file, to say how its rows are selected, and to say in words why they cannot be.
 * Files are local, not compressed, and text is UTF-8 by then. Their contents are of strangers: the engine that
 * reads them runs in a process of its own.
 */
export interface Format {
  /**
   * The columns of a file, and how it is to be read. Of a text it looks at the beginning alone, so that types may turn out too narrow later;
   * Parquet tells all by itself. `like`: what was found in a file before, which is tried first, for it is cheaper to confirm than to find.
   * Throws FileProblem for a file that is not of this format.
   */
  inspect(engine: Engine, file: LocalFile, settings: FilesSettings, like: Inspection | null, place?: Place): Promise<Inspection>
  /**
   * Makes of a piece one that `selectSql` reads right: asked once for each, before. Most come back as they are, for little; one that the engine would misread is written
   * once more beside it. Throws FileProblem for a piece that is broken in a way that the engine would not tell. Absent: every piece is right as it is.
   */
  prepare?(piece: Piece): Promise<Piece>
  /**
   * A SELECT of a piece's rows in their order in it, one thread reading: exactly the given columns, under their names, with their types. A column that is not in
   * the piece is left out by the caller. It fails on a value that does not fit; it never rounds, cuts, pads or skips.
   */
  selectSql(piece: Piece, columns: ReadColumn[]): string
  /**
   * Why `selectSql` failed, or gave another number of rows: the columns whose values do not fit (`misfits`), or, when the file is broken, a FileProblem that
   * names line, column and text. `Rewritten` when the piece is right and the engine alone cannot read it. Gives what was passed in when it has nothing better to say.
   */
  explain(engine: Engine, piece: Piece, columns: ReadColumn[], error: unknown): Promise<Misfits | Rewritten | unknown>
  /** Finds row ends in the bytes of a text of this format, so that a long one can be cut; null for a format that is not read in order. */
  rowCutter: ((inspection: Inspection) => RowCutter) | null
  /** The same, told from the first bytes of the text alone: then a file is inspected only once it ends at a row end. */
  rowCutterOf?(head: Uint8Array): RowCutter
}

export interface LocalFile {
  path: string
  bytes: number
  /** Where it came from, for words: `s3://bucket/2026/a.csv.gz`. */
  address: string
  /** Is there a carriage return in it, or may there be? Absent: whoever wrote it did not look. */
  hasReturns?: boolean
}

/** Which part of an object a file is, where it is not the whole of it; and what ends the work. */
export interface Place {
  isFirst: boolean
  linesBefore: number
  signal?: AbortSignal
}

/** The rows of a JSON file as CSV, next to it: every value exactly as it is written in the file. It is removed by whoever removes the file. */
export interface JsonRows {
  shape: 'lines' | 'array'
  path: string
  longestRow: number
  /** Are the first rows shorter, since fields came up later? */
  isRagged: boolean
  /** In the order of the CSV, where the first is `f0`. */
  fields: JsonField[]
}

export interface JsonField {
  key: string
  /** Is it nothing but texts, written without JSON's quotes and escapes? Else each value is JSON. */
  isText: boolean
  /** Are texts written as JSON, too? */
  isRaw: boolean
}

/** What a look at a file told. */
export interface Inspection {
  columns: FileColumn[]
  /** Of CSV: every setting, found or given. */
  csv?: Required<CsvSettings>
  /** Of CSV: how its rows end, and how many rows of the text come before the first one of the table: what is skipped, and the header (null: the engine cannot count them). */
  csvText?: { lineEnd: '\n' | '\r\n' | '\r'; rowsBefore: number | null }
  /** Of JSON. It belongs to the one file that was inspected, and a long object's pieces are inspected each: the rows are read from a copy. */
  json?: JsonRows
  /** Where the file tells it. */
  rows: number | null
  /** What people should know: "3 names were empty and are called column1 …". */
  notes: string[]
  /** Parquet: may the file be a data file as it is, byte by byte? The reason when not. */
  keptAsIs?: { ok: true } | { ok: false; reason: string }
}

export interface FileColumn {
  /** Its name in the file. Unique in the file whatever its capitals: a second `a` is `a_2`. Never empty. */
  name: string
  /** The name under which the engine knows it in this file. The same, but for Parquet files with odd names. */
  physical: string
  /** The DuckDB type that keeps its values, as far as was looked. */
  type: string
  /** Its id in the schema of a Parquet file, where it has one. */
  fieldId?: number
  note?: string
}

export interface ReadColumn extends FileColumn {
  /** The type to read it as: `type`, or a wider one, or one that people chose. */
  as: string
  /** Did people choose the type? Then a value that does not fit is an error of the file, and no reason to widen. */
  isChosen: boolean
}

/** A part of an object on this machine that begins and ends at a row end; the whole of it most of the time. */
export interface Piece {
  file: LocalFile
  inspection: Inspection
  /** Does it begin where the object begins, with whatever stands before the rows? */
  isFirst: boolean
  /** Line feeds in the pieces before it: for the line numbers in errors. */
  linesBefore: number
  /** Of CSV: does it have rows that are longer than what the engine holds of a file by itself? */
  hasLongRows?: boolean
  /** Of a piece that was written once more: what it was before, which errors speak of. */
  original?: Piece
}

/** The same rows in a form that the engine reads: to be selected from again. */
export class Rewritten {
  constructor(readonly piece: Piece) {}
}

/** Values that do not fit the types they were read as. `widerType`: what fits these values. */
export class Misfits {
  constructor(readonly columns: { name: string; as: string; example: string; widerType: string }[]) {}
}

/** Finds the row ends of one text, fed in order. */
export interface RowCutter {
  /** The end of the last row that ends in these bytes, and where the next one begins (after a separator); null when none ends here. */
  lastRowEnd(bytes: Uint8Array): { end: number; next: number } | null
  /** Written at the beginning of every piece but the first, and at the end of every one but the last: `[` and `]` for an array. */
  open: Uint8Array
  close: Uint8Array
}
