-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('owner', 'member');

-- CreateEnum
CREATE TYPE "SyncMethod" AS ENUM ('full', 'incremental');

-- CreateEnum
CREATE TYPE "Frequency" AS ENUM ('five_minutes', 'thirty_minutes', 'hour', 'six_hours', 'twelve_hours', 'day', 'week', 'month');

-- CreateEnum
CREATE TYPE "FileKind" AS ENUM ('data', 'deletes');

-- CreateEnum
CREATE TYPE "RunStatus" AS ENUM ('queued', 'running', 'completed', 'failed', 'cancelled');

-- CreateTable
CREATE TABLE "User" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "passwordHash" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Workspace" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "dataWarehouse" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Workspace_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Member" (
    "workspaceId" UUID NOT NULL,
    "userId" UUID NOT NULL,
    "role" "Role" NOT NULL,
    "createdAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Member_pkey" PRIMARY KEY ("workspaceId","userId")
);

-- CreateTable
CREATE TABLE "Source" (
    "id" UUID NOT NULL,
    "workspaceId" UUID NOT NULL,
    "connector" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL DEFAULT '',
    "config" JSONB NOT NULL,
    "sealedSecrets" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "Source_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SourceSchema" (
    "id" UUID NOT NULL,
    "workspaceId" UUID NOT NULL,
    "sourceId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "location" JSONB NOT NULL,
    "tableName" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT false,
    "method" "SyncMethod",
    "replicationKey" TEXT,
    "keyColumns" TEXT[],
    "allColumns" BOOLEAN NOT NULL DEFAULT true,
    "columnNames" TEXT[],
    "frequency" "Frequency" NOT NULL DEFAULT 'six_hours',
    "discovered" JSONB NOT NULL,
    "discoveredAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "nextRunAt" TIMESTAMPTZ(6),
    "pausedReason" TEXT,
    "currentVersion" INTEGER,
    "lastSyncedAt" TIMESTAMPTZ(6),
    "createdAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "SourceSchema_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TableVersion" (
    "schemaId" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "workspaceId" UUID NOT NULL,
    "runId" UUID,
    "kind" TEXT NOT NULL,
    "columns" JSONB NOT NULL,
    "cursor" JSONB,
    "rows" BIGINT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "createdAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "TableVersion_pkey" PRIMARY KEY ("schemaId","number")
);

-- CreateTable
CREATE TABLE "TableFile" (
    "id" UUID NOT NULL,
    "workspaceId" UUID NOT NULL,
    "schemaId" UUID NOT NULL,
    "kind" "FileKind" NOT NULL,
    "path" TEXT NOT NULL,
    "rows" BIGINT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "addedIn" INTEGER NOT NULL,
    "removedIn" INTEGER,

    CONSTRAINT "TableFile_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SyncRun" (
    "id" UUID NOT NULL,
    "workspaceId" UUID NOT NULL,
    "sourceId" UUID NOT NULL,
    "schemaId" UUID NOT NULL,
    "status" "RunStatus" NOT NULL DEFAULT 'queued',
    "trigger" TEXT NOT NULL,
    "isFull" BOOLEAN NOT NULL DEFAULT false,
    "step" TEXT,
    "rowsRead" BIGINT NOT NULL DEFAULT 0,
    "bytesRead" BIGINT NOT NULL DEFAULT 0,
    "rowsExpected" BIGINT,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "queuedAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "notBefore" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMPTZ(6),
    "finishedAt" TIMESTAMPTZ(6),
    "leaseOwner" TEXT,
    "leaseExpiresAt" TIMESTAMPTZ(6),
    "heartbeatAt" TIMESTAMPTZ(6),
    "fence" INTEGER NOT NULL DEFAULT 0,
    "cancelRequestedAt" TIMESTAMPTZ(6),
    "error" JSONB,
    "report" JSONB,
    "version" INTEGER,

    CONSTRAINT "SyncRun_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RunLog" (
    "id" BIGSERIAL NOT NULL,
    "runId" UUID NOT NULL,
    "workspaceId" UUID NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "level" TEXT NOT NULL,
    "message" TEXT NOT NULL,

    CONSTRAINT "RunLog_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SavedQuery" (
    "id" UUID NOT NULL,
    "workspaceId" UUID NOT NULL,
    "userId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "sql" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "SavedQuery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "QueryRun" (
    "id" UUID NOT NULL,
    "workspaceId" UUID NOT NULL,
    "userId" UUID,
    "sql" TEXT NOT NULL,
    "startedAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "durationMs" INTEGER NOT NULL,
    "rows" BIGINT,
    "error" TEXT,

    CONSTRAINT "QueryRun_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SignInLimit" (
    "key" TEXT NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "SignInLimit_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE INDEX "Member_userId_idx" ON "Member"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "Source_workspaceId_connector_prefix_key" ON "Source"("workspaceId", "connector", "prefix");

-- CreateIndex
CREATE UNIQUE INDEX "Source_workspaceId_name_key" ON "Source"("workspaceId", "name");

-- CreateIndex
CREATE INDEX "SourceSchema_nextRunAt_idx" ON "SourceSchema"("nextRunAt");

-- CreateIndex
CREATE UNIQUE INDEX "SourceSchema_sourceId_name_key" ON "SourceSchema"("sourceId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "SourceSchema_workspaceId_tableName_key" ON "SourceSchema"("workspaceId", "tableName");

-- CreateIndex
CREATE UNIQUE INDEX "TableFile_path_key" ON "TableFile"("path");

-- CreateIndex
CREATE INDEX "TableFile_schemaId_removedIn_idx" ON "TableFile"("schemaId", "removedIn");

-- CreateIndex
CREATE INDEX "SyncRun_workspaceId_queuedAt_idx" ON "SyncRun"("workspaceId", "queuedAt");

-- CreateIndex
CREATE INDEX "SyncRun_schemaId_queuedAt_idx" ON "SyncRun"("schemaId", "queuedAt");

-- CreateIndex
CREATE INDEX "SyncRun_sourceId_queuedAt_idx" ON "SyncRun"("sourceId", "queuedAt");

-- CreateIndex
CREATE INDEX "SyncRun_status_notBefore_idx" ON "SyncRun"("status", "notBefore");

-- CreateIndex
CREATE INDEX "RunLog_runId_id_idx" ON "RunLog"("runId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "SavedQuery_workspaceId_name_key" ON "SavedQuery"("workspaceId", "name");

-- CreateIndex
CREATE INDEX "QueryRun_workspaceId_userId_startedAt_idx" ON "QueryRun"("workspaceId", "userId", "startedAt");

-- AddForeignKey
ALTER TABLE "Member" ADD CONSTRAINT "Member_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Member" ADD CONSTRAINT "Member_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Source" ADD CONSTRAINT "Source_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SourceSchema" ADD CONSTRAINT "SourceSchema_sourceId_fkey" FOREIGN KEY ("sourceId") REFERENCES "Source"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TableVersion" ADD CONSTRAINT "TableVersion_schemaId_fkey" FOREIGN KEY ("schemaId") REFERENCES "SourceSchema"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TableFile" ADD CONSTRAINT "TableFile_schemaId_fkey" FOREIGN KEY ("schemaId") REFERENCES "SourceSchema"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SyncRun" ADD CONSTRAINT "SyncRun_schemaId_fkey" FOREIGN KEY ("schemaId") REFERENCES "SourceSchema"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RunLog" ADD CONSTRAINT "RunLog_runId_fkey" FOREIGN KEY ("runId") REFERENCES "SyncRun"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SavedQuery" ADD CONSTRAINT "SavedQuery_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SavedQuery" ADD CONSTRAINT "SavedQuery_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "QueryRun" ADD CONSTRAINT "QueryRun_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;



-- At most one queued or running run per schema: the real guard against two syncs at once.
CREATE UNIQUE INDEX "SyncRun_one_active_per_schema" ON "SyncRun"("schemaId") WHERE "status" IN ('queued', 'running');

-- Whoever shows status listens on the channel "tributary"; the payload tells what changed.
CREATE FUNCTION notify_status() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);
BEGIN
  PERFORM pg_notify('tributary', jsonb_build_object(
    'table', TG_TABLE_NAME,
    'workspaceId', changed->>'workspaceId',
    'sourceId', COALESCE(changed->>'sourceId', changed->>'id'),
    'id', changed->>'id')::text);
  RETURN NULL;
END $$;
CREATE TRIGGER notify_status AFTER INSERT OR UPDATE OR DELETE ON "SyncRun" FOR EACH ROW EXECUTE FUNCTION notify_status();
CREATE TRIGGER notify_status AFTER INSERT OR UPDATE OR DELETE ON "SourceSchema" FOR EACH ROW EXECUTE FUNCTION notify_status();
CREATE TRIGGER notify_status AFTER INSERT OR UPDATE OR DELETE ON "Source" FOR EACH ROW EXECUTE FUNCTION notify_status();
