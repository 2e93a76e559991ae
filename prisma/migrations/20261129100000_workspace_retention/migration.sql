-- How long versions are kept in a workspace, unless their table says otherwise; null for the installation's own limits.
ALTER TABLE "Workspace" ADD COLUMN "keptVersions" INTEGER,
ADD COLUMN "keptVersionDays" INTEGER;
