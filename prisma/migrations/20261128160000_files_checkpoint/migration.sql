-- A long read of files is made safe against a kill: a row for each file of its checkpoint.
CREATE TABLE "CheckpointFile" (
    "path" TEXT NOT NULL,
    "schemaId" UUID NOT NULL,
    "kind" "FileKind" NOT NULL,
    "unit" INTEGER,
    "rows" BIGINT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "layout" JSONB,

    CONSTRAINT "CheckpointFile_pkey" PRIMARY KEY ("path")
);

CREATE INDEX "CheckpointFile_schemaId_unit_idx" ON "CheckpointFile"("schemaId", "unit");

ALTER TABLE "CheckpointFile" ADD CONSTRAINT "CheckpointFile_schemaId_fkey" FOREIGN KEY ("schemaId") REFERENCES "ReadCheckpoint"("schemaId") ON DELETE CASCADE ON UPDATE CASCADE;
