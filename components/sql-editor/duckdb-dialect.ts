import { PostgreSQL, SQLDialect } from '@codemirror/lang-sql'

const keywords = 'anti asof describe exclude explain glob lambda macro pivot positional qualify sample semi show summarize try_cast unpivot wider'
const functions =
  'abs any_value approx_count_distinct arg_max arg_min array_agg avg bit_count bool_and bool_or ceil coalesce columns concat concat_ws contains corr count count_if current_date current_timestamp date_add date_diff date_part date_sub date_trunc dayname epoch epoch_ms extract first first_value floor format generate_series greatest hash histogram if ifnull ilike json_extract json_extract_string json_keys lag last last_value lead least left length list list_aggregate list_contains list_filter list_transform lower lpad ltrim max md5 median min mode monthname now nullif percent_rank printf quantile_cont quantile_disc random range rank regexp_extract regexp_matches regexp_replace repeat replace reverse right round row_number rpad rtrim sha256 split_part starts_with stddev strftime string_agg string_split strip_accents strptime struct_pack substr sum time_bucket to_timestamp trim trunc try_strptime typeof unnest upper uuid variance'
const types =
  'bigint bignum bit blob boolean bool date decimal double enum float float4 float8 hugeint int int1 int2 int4 int8 integer interval json list map numeric real smallint struct text time timestamp timestamptz timestamp_ms timestamp_ns timestamp_s timetz tinyint ubigint uhugeint uinteger union usmallint utinyint uuid varchar variant'

/** DuckDB's SQL, as near as the highlighter can come: Postgres' grammar with DuckDB's own words. */
export const duckdb = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords: `${PostgreSQL.spec.keywords ?? ''} ${keywords}`,
  builtin: functions,
  types,
  doubleDollarQuotedStrings: true,
  caseInsensitiveIdentifiers: true,
})
