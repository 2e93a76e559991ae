-- Which columns a version has otherwise than the one before: ColumnChange[] of core/column-change.ts; null where none is.
ALTER TABLE "TableVersion" ADD COLUMN "columnChanges" JSONB;
