// The shapes live on the floor below, where they are stored; this is the name by which everybody else knows them.
export { Cursor, KeyCursor, Latecomers, VersionColumn, type FileLayout, type TableFile, type TableSnapshot } from '@/lib/db/table-snapshot'
