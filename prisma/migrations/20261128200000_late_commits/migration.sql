-- How far below its cursor an incremental read begins; null for the usual one of the replication key's type.
ALTER TABLE "SourceSchema" ADD COLUMN "lookBack" INTEGER;
