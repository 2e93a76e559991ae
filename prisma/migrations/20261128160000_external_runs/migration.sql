-- AlterTable
ALTER TABLE "SyncRun" ADD COLUMN     "externalRunId" TEXT,
ADD COLUMN     "externalSentAt" TIMESTAMPTZ(6),
ADD COLUMN     "externalCheckedAt" TIMESTAMPTZ(6);
