-- A version can be made current again: its files belong to the table once more, so that a file may have more than one range of versions.
DROP INDEX "TableFile_path_key";
CREATE UNIQUE INDEX "TableFile_path_addedIn_key" ON "TableFile"("path", "addedIn");
-- At any time a file is in a table once.
CREATE UNIQUE INDEX "TableFile_live_path" ON "TableFile"("path") WHERE "removedIn" IS NULL;

-- Which version was made current again, by whom; and until when a reader needs a version that is past its retention.
ALTER TABLE "TableVersion" ADD COLUMN "restored" INTEGER,
ADD COLUMN "actor" TEXT,
ADD COLUMN "heldUntil" TIMESTAMPTZ(6);

-- How long versions of a table are kept; null for the installation's own limits.
ALTER TABLE "SourceSchema" ADD COLUMN "keptVersions" INTEGER,
ADD COLUMN "keptVersionDays" INTEGER;

-- As of when a query reads its tables.
ALTER TABLE "SavedQuery" ADD COLUMN "asOf" JSONB;
ALTER TABLE "QueryRun" ADD COLUMN "asOf" JSONB;
