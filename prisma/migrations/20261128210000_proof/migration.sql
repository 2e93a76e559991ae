-- What the last comparison of a table with its source said.
CREATE TABLE "Proof" (
    "schemaId" UUID NOT NULL,
    "workspaceId" UUID NOT NULL,
    "runId" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "rows" BIGINT NOT NULL,
    "ranges" INTEGER NOT NULL,
    "rangesRead" INTEGER NOT NULL,
    "bytes" BIGINT NOT NULL,
    "seconds" DOUBLE PRECISION NOT NULL,
    "differences" JSONB,
    "reconciled" JSONB,
    "problem" JSONB,
    "shown" JSONB NOT NULL,

    CONSTRAINT "Proof_pkey" PRIMARY KEY ("schemaId")
);

ALTER TABLE "Proof" ADD CONSTRAINT "Proof_schemaId_fkey" FOREIGN KEY ("schemaId") REFERENCES "SourceSchema"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Is the table proven after each sync? NULL: as long as it has few rows enough.
ALTER TABLE "SourceSchema" ADD COLUMN "proves" BOOLEAN;

-- A run that compares the table with its source and fetches what differs.
ALTER TABLE "SyncRun" ADD COLUMN "isRepair" BOOLEAN NOT NULL DEFAULT false;

-- Incremental tables of a database are compared with it daily, unless somebody says otherwise; that was not possible before.
UPDATE "SourceSchema" SET "reconcileFrequency" = 'day'
WHERE "method" = 'incremental' AND "reconcileFrequency" IS NULL AND "discovered"->>'tracking' IS NULL
  AND "discovered"->>'kind' IN ('table', 'partitioned table') AND jsonb_typeof("discovered"->'primaryKey') = 'array' AND "discovered"->'primaryKey' <> '[]'::jsonb;
