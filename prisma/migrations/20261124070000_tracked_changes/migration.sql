-- AlterTable
ALTER TABLE "SourceSchema" ADD COLUMN     "reconcileFrequency" "Frequency",
ADD COLUMN     "reconciledAt" TIMESTAMPTZ(6);

-- AlterTable
ALTER TABLE "SyncRun" ADD COLUMN     "pace" TEXT;

-- CreateTable
CREATE TABLE "ReadCheckpoint" (
    "schemaId" UUID NOT NULL,
    "workspaceId" UUID NOT NULL,
    "runId" UUID NOT NULL,
    "plan" TEXT NOT NULL,
    "isFull" BOOLEAN NOT NULL,
    "bookmark" JSONB NOT NULL,
    "files" JSONB NOT NULL,
    "rowsRead" BIGINT NOT NULL,
    "bytesRead" BIGINT NOT NULL,
    "createdAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "ReadCheckpoint_pkey" PRIMARY KEY ("schemaId")
);

-- AddForeignKey
ALTER TABLE "ReadCheckpoint" ADD CONSTRAINT "ReadCheckpoint_schemaId_fkey" FOREIGN KEY ("schemaId") REFERENCES "SourceSchema"("id") ON DELETE CASCADE ON UPDATE CASCADE;
