const KB = 1024
const MB = 1024 * KB

/** Every ceiling in one table. */
export const limits = {
  /** A batch is cut at the first row end after this many bytes; the stage gathers batches on disk into bigger files. */
  batchBytes: 2 * MB,
  /** DuckDB's share in a worker; what goes beyond is spilled to disk. */
  stageMemoryBytes: 200 * MB,
  stageThreads: 2,
  /** The share of the engine that reads people's files, in a process of its own: rows of 1,700 columns need that much. */
  fileEngineMemoryBytes: 400 * MB,
  /** What that process may hold, all in all; above it is ended. */
  fileEngineCeilingBytes: 1024 * MB,

  queryMemoryBytes: 1024 * MB,
  querySpillBytes: 4096 * MB,
  queryThreads: 2,
  querySeconds: 120,
  queryRows: 10_000,
  exportRows: 50_000_000,
  sqlLength: 200_000,
  queriesAtOnce: 4,
  /** From so many rows, deleted ones among them, a deletion vector is made for a version that is asked; below it a query loses a few milliseconds without. */
  deletionVectorRows: 1_000_000,

  /** A long read of an API is made safe against a kill this often, or less often the longer it takes. */
  checkpointSeconds: 5,
  checkpointBytes: 32 * MB,
  keptCheckpointDays: 7,
  /** More fields than this beside the known ones are no new columns, but a table that should be another. */
  foundColumns: 200,

  leaseSeconds: 30,
  heartbeatSeconds: 2,
  takeOverEverySeconds: 10,
  scheduleEverySeconds: 5,
  /** What workers do by turns is due after this part of its pause, so that one worker alone does not miss its own turn. */
  partOfPass: 0.75,
  runsAtOnce: 2,
  runAttempts: 5,
  runHours: 24,

  /** Runs that are on at the same time, over all workers; whoever waits for a place costs nobody one. */
  places: {
    /** What a source is asked to bear. No less than `external.perWorkspace`, or runs would be sent out that are refused. */
    perSource: 8,
    perWorkspace: 24,
    /** How far behind a run comes in the queue for each one of its source that is before it, and for each one of its workspace. */
    secondsOfSource: 60,
    secondsOfWorkspace: 5,
    /** A run should have begun after this part of its frequency; in the queue nothing yields for longer than this. */
    partOfFrequency: 0.1,
    longestYieldSeconds: 3_600,
    /** A run that the queue has for so long is sent again, since its job may be lost. */
    sendAgainSeconds: 20,
    /** Looked after by one sweep: runs to send again, and workspaces whose turn may have been lost. */
    sweepRuns: 500,
    sweepWorkspaces: 200,
  },

  /** Syncs on Trigger.dev. */
  external: {
    /** Runs of one workspace that Trigger.dev holds at once, waiting or on; the rest wait in our database, in their order. */
    perWorkspace: 8,
    /** Sent at once by one process. */
    sendsAtOnce: 8,
    answerSeconds: 10,
    /** A run that no machine takes for so long ends with that as its error. */
    waitMinutes: 60,
    /** A run that cannot be handed over for so long ends with that as its error. */
    unsentMinutes: 15,
    /** A run that should be on and is not is looked up in Trigger.dev after so long, and so often. */
    doubtSeconds: 30,
    checkEverySeconds: 60,
    checksOfPass: 50,
  },

  /** Files of the warehouse's bucket on this machine, unless WAREHOUSE_CACHE_BYTES says otherwise. */
  warehouseCacheBytes: 10 * 1024 * MB,

  /** When a version waits for somebody to decide; its share is a setting of each schema. */
  brake: {
    /** A share is only told of a table with more rows than this; one that would be empty is held whatever it had. */
    fromRows: 1_000,
    /** Keys are compared up to this size of a table's files, all of which must be here for it; beyond, rows are only counted. */
    comparedBytes: 8 * 1024 * MB,
    /** Rows that would go or change, shown with the difference: how many, how many columns, how much of a value. */
    sample: { rows: 10, columns: 12, letters: 120 },
  },

  /** How long versions of a table are kept where the table does not say it. */
  keptVersions: 20,
  keptVersionDays: 7,
  /** For so long a list of tables says that the columns of one have changed. */
  columnNewsDays: 7,
  /** What a table may say at most. */
  mostKeptVersions: 1_000,
  mostKeptVersionDays: 3_650,
  /** One page of a comparison of versions, as JSON. */
  differenceBytes: 8 * MB,
  differenceRows: 10_000,
  /** A version that a query or a comparison reads is not forgotten for so long. */
  heldVersionMinutes: 60,
  logLinesPerRun: 5_000,
  keptLogDays: 30,
  keptRunDays: 180,

  /** Connections to our own database. */
  database: {
    /** To be connected, or to get one of a pool that is in use. */
    connectSeconds: 30,
    /** One that is waited for and sends nothing for so long is given up. */
    silentSeconds: 60,
    /** A transaction in which nothing happens for so long is ended, and its locks are free. */
    idleSeconds: 30,
    /** A peer that says nothing for so long is asked whether it is there. */
    vanishedSeconds: 20,
  },

  connectSeconds: 10,
  /** A source that sends nothing for this long is given up. */
  sourceIdleSeconds: 300,

  /** A row of a database as text: with a longer one the engine's memory (`stageMemoryBytes`) does not do. */
  sourceRowBytes: 40 * MB,

  /** Comparing a table with its source by ranges of its key. */
  compare: {
    /** A range with no more rows than about this is read, not divided. */
    rowsOfRange: 200,
    /** The first question goes over the whole table, and our engine needs longer for each row the more ranges there are. */
    firstRanges: 256,
    rangesAtOnce: 1024,
    levels: 5,
    /** Rows of differing ranges that a proof reads to name them; where more differ, only their ranges are counted. */
    rowsRead: 200_000,
    /** Differing rows that are kept to be shown, and how much of a value. */
    shownRows: 200,
    shownBytes: 1000,
    /** What is proven and does not change is proven again after so long. */
    provenHours: 24,
    /** Tables with fewer rows are proven after each sync unless somebody says otherwise. */
    provenRows: 10_000_000,
  },

  /** Transactions of a source that are open while it is read. */
  lateCommits: {
    /** A first read waits so long for those that are open to end; the next one need not read for them again. */
    waitSeconds: 1,
    pollSeconds: 0.05,
    /** The greatest key before a first read is asked for, for so long; a table without an index on its key may take longer, and goes without. */
    floorSeconds: 10,
    /** One that is open for longer than this is told of in each report. */
    toldAfterSeconds: 600,
    /** What is remembered of those that are open: groups of one former read each. */
    groups: 8,
  },

  /** When files of a table are put together after a sync; bytes are of Parquet files. */
  compaction: {
    /** A file is small when it has neither so many bytes nor a whole row group: what a full read writes never is. */
    smallFileBytes: 4 * MB,
    smallFiles: 16,
    /** Of all rows in the data files; fewer than `deletedRows` cost a reader nothing. */
    deletedPart: 0.2,
    deletedRows: 20_000,
    /** A file is rewritten when so much of it is deleted. */
    deletedPartOfFile: 0.05,
    /** Files are rewritten in groups of this size: each group is one new file. */
    groupBytes: 256 * MB,
  },

  /** A table of a database that is read part by part, so that an interrupted load goes on. */
  parts: {
    fromBytes: 256 * MB,
    /** At its source, what is stored out of line included. */
    bytes: 16 * MB,
    /** Parts that one statement asks for, as long as there are enough. */
    atOnce: 4,
  },

  /** Parts of one table that are read over several connections. */
  parallel: {
    /** Of one run. All runs of a source together have no more than `places.perSource`. */
    connections: 4,
    /** One more is tried where the read waits for its source for this part of its time, and this machine's processors have nothing to do for this part of theirs. */
    waitingShare: 0.6,
    idleShare: 0.25,
    /** It stays where so many times as much comes. */
    gain: 1.15,
    /** What is compared: what comes in such a time, if it is so much; else in a longer one. */
    windowSeconds: 2,
    windowBytes: 32 * MB,
    /** After one that brought too little the next is tried after this time, and then after twice that. */
    pauseSeconds: 60,
    joinSeconds: 10,
    /** Of all connections that its server takes, this part must be free. */
    spareConnections: 0.2,
    /** Of a connection that was added, in place of `batchBytes`: each has some batches in memory. */
    batchBytes: 512 * KB,
    /** A table with longer rows is read over one: each would need the room for them. */
    rowBytes: 8 * MB,
  },

  /** Tables of files. */
  files: {
    /** A text that is longer is cut into pieces of this size at row ends. */
    pieceBytes: 64 * MB,
    /** Objects under this size are gathered into data files of several objects. */
    smallBytes: 4 * MB,
    groupBytes: 32 * MB,
    groupObjects: 200,
    /** Units (an object, or a group of small ones) under way at once: some are fetched while others are staged. */
    unitsAtOnce: 4,
    /** Small objects of a group fetched at once. */
    fetchesOfGroup: 8,
    /** Statements of the engine at once, each of them on one thread. */
    enginesAtOnce: 2,
    /** An object that changes while it is read is read again this often. */
    readsOfChanging: 5,
    /** A bucket that held so many objects the last time is listed in parts of one size at once, where its store can begin in the middle. */
    dividedListing: { parts: 4, fromObjects: 10_000 },
    /** Objects that were set aside are named in a report, up to this many. */
    namedProblems: 100,
    /** Objects from this size on are fetched in several ranges at once. */
    rangesFromBytes: 32 * MB,
    rangeBytes: 16 * MB,
    rangesAtOnce: 4,
    /** The same for what is used in order as it arrives, and waits in memory until then. */
    orderedRangeBytes: 8 * MB,
    orderedRangesAtOnce: 3,
    readAheadBytes: 8 * MB,
    /** A read that breaks off is tried again this often without a single byte in between. */
    triesWithoutBytes: 6,
    firstPauseSeconds: 0.5,
    longestPauseSeconds: 60,
    /** Pieces of one object on disk at once: one is written while the others are read. */
    piecesAtOnce: 3,
    /** A text is looked at once more with more of it when its beginning tells nothing, up to here. */
    beginningBytes: 320 * MB,
    /** One row of a text. */
    rowBytes: 1024 * MB,
    /** From `bombBytes` on, what unpacks to more than this many times itself is refused. */
    bombBytes: 1024 * MB,
    bombRatio: 1000,
    /** What a preview fetches of a text, and of Parquet, whose beginning alone tells nothing. */
    previewBytes: 1 * MB,
    previewWholeBytes: 256 * MB,
  },

  /** The outside HTTP of API connectors. Seconds are a connector's to change (`Patience`), the rest an option of its session. */
  http: {
    connectSeconds: 10,
    firstByteSeconds: 60,
    /** For the next bytes of an answer that has begun. */
    idleSeconds: 60,
    /** For one attempt, from its beginning to the last byte. */
    requestSeconds: 300,
    attempts: 6,
    /** For all attempts of a request and the pauses between them. */
    retrySeconds: 300,
    /** A service that asks for a longer pause is asked again after this one. */
    pauseSeconds: 60,
    /** Of one answer, packed and unpacked. */
    answerBytes: 64 * MB,
    redirects: 5,
    /** Where the search for an account's limit starts, and where it ends. */
    startPerSecond: 20,
    mostPerSecond: 1000,
    /** Requests of an account under way at once. */
    concurrency: 64,
    /** What was learned of an account's limit is kept for so long after its last session. */
    rememberSeconds: 900,
    /** A session's first requests get a line each in the log, later ones a summary every `summarySeconds`. */
    requestLines: 100,
    summarySeconds: 30,
    /** Of one kind of event (a wait, a retry) the log gets a line this often at most. */
    eventLineSeconds: 10,
  },
} as const
