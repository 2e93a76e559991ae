-- The brake: from which share of a table's rows on a version waits for somebody to decide; null for never.
ALTER TABLE "SourceSchema" ADD COLUMN "brakePercent" INTEGER DEFAULT 30,
ADD CONSTRAINT "SourceSchema_brakePercent" CHECK ("brakePercent" BETWEEN 1 AND 100);

-- Was it said beforehand that what this run brings is published, whatever it changes?
ALTER TABLE "SyncRun" ADD COLUMN "skipsBrake" BOOLEAN NOT NULL DEFAULT false;

-- A version that waits for somebody to decide. It is none of the table's versions until it is published.
CREATE TABLE "HeldVersion" (
    "schemaId" UUID NOT NULL,
    "workspaceId" UUID NOT NULL,
    "runId" UUID NOT NULL,
    "plannedFrom" INTEGER NOT NULL,
    "columns" JSONB NOT NULL,
    "cursor" JSONB,
    "rows" BIGINT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "removed" JSONB NOT NULL,
    "isComplete" BOOLEAN NOT NULL,
    "difference" JSONB NOT NULL,
    "sample" JSONB,
    "createdAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "HeldVersion_pkey" PRIMARY KEY ("schemaId"),
    CONSTRAINT "HeldVersion_schemaId_fkey" FOREIGN KEY ("schemaId") REFERENCES "SourceSchema"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "HeldVersion_workspaceId_idx" ON "HeldVersion"("workspaceId");
CREATE INDEX "HeldVersion_runId_idx" ON "HeldVersion"("runId");

-- Its files, a row each, so that the sweep finds them as it finds those of a version.
CREATE TABLE "HeldFile" (
    "path" TEXT NOT NULL,
    "schemaId" UUID NOT NULL,
    "place" INTEGER NOT NULL,
    "kind" "FileKind" NOT NULL,
    "rows" BIGINT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "layout" JSONB,

    CONSTRAINT "HeldFile_pkey" PRIMARY KEY ("path"),
    CONSTRAINT "HeldFile_schemaId_fkey" FOREIGN KEY ("schemaId") REFERENCES "HeldVersion"("schemaId") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "HeldFile_schemaId_idx" ON "HeldFile"("schemaId");
