-- A run that compares the table with its source whatever its settings say, and tells what differs.
ALTER TABLE "SyncRun" ADD COLUMN "isVerify" BOOLEAN NOT NULL DEFAULT false;
