-- Which waiting runs have a turn: by when a run should have begun, and since when the queue has it.
ALTER TABLE "SyncRun" ADD COLUMN "dueBy" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN "sentAt" TIMESTAMPTZ(6);

-- What many workers do by turns: when it was done last.
CREATE TABLE "Pass" (
    "name" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "Pass_pkey" PRIMARY KEY ("name")
);

-- The places of a workspace and its sources that are taken, by runs that are on or on their way.
CREATE INDEX "SyncRun_taken_places" ON "SyncRun"("workspaceId", "sourceId") WHERE "status" = 'running' OR ("status" = 'queued' AND "sentAt" IS NOT NULL);
-- The runs that wait for a place, in the order of their turns.
CREATE INDEX "SyncRun_waiting" ON "SyncRun"("workspaceId", "sourceId", "dueBy", "id") WHERE "status" = 'queued' AND "sentAt" IS NULL;
-- The runs that are on their way, for those whose job was lost.
CREATE INDEX "SyncRun_sent" ON "SyncRun"("sentAt") WHERE "status" = 'queued' AND "sentAt" IS NOT NULL;

-- Is there a place for this run? Those who ask for one workspace wait for each other until the end of their transactions, so that of
-- two who ask for the last place one gets it: the count is read after the wait, and sees what the other has taken.
CREATE FUNCTION has_place(run uuid, workspace uuid, source uuid, per_source integer, per_workspace integer) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  of_source bigint;
  of_workspace bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(workspace::text, 0));
  SELECT count(*) FILTER (WHERE "sourceId" = source), count(*) INTO of_source, of_workspace
  FROM "SyncRun" WHERE "workspaceId" = workspace AND "status" = 'running' AND "id" <> run;
  RETURN of_source < per_source AND of_workspace < per_workspace;
END $$;
