-- Tables that are made of files.
ALTER TYPE "FileKind" ADD VALUE 'manifest';
ALTER TABLE "TableFile" ADD COLUMN "layout" JSONB;
ALTER TABLE "SourceSchema" ADD COLUMN "fileSettings" JSONB;
