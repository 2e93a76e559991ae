/** What people may make of a column, as `CHOSEN_TYPES` of lib/sources/files-schema has it; without the Zod that stands beside it there. */
export const chosenTypes = ['VARCHAR', 'BIGINT', 'DOUBLE', 'DECIMAL(18,2)', 'DECIMAL(38,9)', 'BOOLEAN', 'DATE', 'TIMESTAMP', 'TIMESTAMPTZ', 'JSON']
