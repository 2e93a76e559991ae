import { PostgreSQL, SQLDialect } from '@codemirror/lang-sql'

// Postgres' own list counts `id`, `name` and hundreds of other everyday columns as keywords: these are the words of a SELECT
const keywords =
  'all analyze and anti any array as asc asof at between by case cast collate cross current default desc describe distinct else end except exclude exists explain extract false fetch filter first following for from full glob group grouping having ignore ilike in inner intersect interval is isnull join lambda last lateral left like limit materialized natural not notnull null nulls offset on only or order outer over partition percent pivot positional preceding qualify range recursive replace respect right rollup row rows sample select semi sets show similar some summarize tables tablesample then ties to true try_cast unbounded union unpivot using values when where window with within without zone'
const functions =
  'abs any_value approx_count_distinct arg_max arg_min array_agg avg bit_count bool_and bool_or ceil coalesce columns concat concat_ws contains corr count count_if current_date current_timestamp date_add date_diff date_part date_sub date_trunc dayname epoch epoch_ms extract first first_value floor format generate_series greatest hash histogram if ifnull ilike json_extract json_extract_string json_keys lag last last_value lead least left length list list_aggregate list_contains list_filter list_transform lower lpad ltrim max md5 median min mode monthname now nullif percent_rank printf quantile_cont quantile_disc random range rank regexp_extract regexp_matches regexp_replace repeat replace reverse right round row_number rpad rtrim sha256 split_part starts_with stddev strftime string_agg string_split strip_accents strptime struct_pack substr sum time_bucket to_timestamp trim trunc try_strptime typeof unnest upper uuid variance'
const types =
  'bigint bignum bit blob boolean bool date decimal double enum float float4 float8 hugeint int int1 int2 int4 int8 integer interval json list map numeric real smallint struct text time timestamp timestamptz timestamp_ms timestamp_ns timestamp_s timetz tinyint ubigint uhugeint uinteger union usmallint utinyint uuid varchar variant'

/** DuckDB's SQL, as near as the highlighter can come: Postgres' grammar with DuckDB's own words. */
export const duckdb = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords,
  builtin: functions,
  types,
  doubleDollarQuotedStrings: true,
  caseInsensitiveIdentifiers: true,
})
