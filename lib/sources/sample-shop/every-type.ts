/** Column name → type, and one value per row as SQL; the last row of the table is NULL throughout. */
const columns: [name: string, type: string, usual: string, extreme: string, special: string][] = [
  ['a_smallint', 'smallint', '42', '32767', '-32768'],
  ['a_integer', 'integer', '42', '2147483647', '-2147483648'],
  ['a_bigint', 'bigint', '42', '9223372036854775807', '-9223372036854775808'],
  ['a_numeric', 'numeric', '3.14', `'123456789012345678901234567890.123456789012345678901234567890'`, `'NaN'`],
  ['a_numeric_infinite', 'numeric', '-0.5', `'Infinity'`, `'-Infinity'`],
  ['a_numeric_10_2', 'numeric(10,2)', '19.99', '99999999.99', `'NaN'`],
  ['a_numeric_38_10', 'numeric(38,10)', '1.0000000001', '9999999999999999999999999999.9999999999', '-0.0000000001'],
  ['a_numeric_50_0', 'numeric(50,0)', '7', `'99999999999999999999999999999999999999999999999999'`, '0'],
  ['a_real', 'real', '1.5', `'3.4028235e38'`, `'NaN'`],
  ['a_double', 'double precision', '0.1', `'1.7976931348623157e308'`, `'-Infinity'`],
  ['a_money', 'money', '12.34', `'92233720368547758.07'`, `'-0.01'`],
  ['a_text', 'text', `'Grüße, 東京'`, `E'line one\\nline two\\t"quoted", \\\\N \\\\.'`, `''`],
  ['a_varchar', 'varchar(40)', `'forty at most'`, `repeat('x', 40)`, `' '`],
  ['a_char', 'char(8)', `'padded'`, `'exactly8'`, `''`],
  ['a_internal_char', '"char"', `'c'`, `'~'`, `''`],
  ['a_name', 'name', `'a_name'`, `repeat('n', 63)`, `''`],
  ['a_bytea', 'bytea', `'\\xdeadbeef'`, `decode(repeat('00ff', 500), 'hex')`, `''`],
  ['a_boolean', 'boolean', 'true', 'false', 'true'],
  ['a_date', 'date', `'2024-02-29'`, `'5874897-12-31'`, `'0044-03-15 BC'`],
  ['a_date_infinite', 'date', `'1999-12-31'`, `'infinity'`, `'-infinity'`],
  ['a_time', 'time', `'12:34:56.789012'`, `'24:00:00'`, `'00:00:00'`],
  ['a_timetz', 'timetz', `'12:34:56+02'`, `'24:00:00-15:59'`, `'00:00:00+15:59'`],
  ['a_timestamp', 'timestamp', `'2024-02-29 12:34:56.789012'`, `'294276-12-31 23:59:59.999999'`, `'4713-01-01 00:00:00 BC'`],
  ['a_timestamptz', 'timestamptz', `'2024-07-01 12:34:56.789012+02'`, `'infinity'`, `'-infinity'`],
  ['an_interval', 'interval', `'1 day 02:03:04.5'`, `'178000000 years'`, `'-1 mon +2 days -03:04:05.000006'`],
  ['a_uuid', 'uuid', `'6ba7b810-9dad-11d1-80b4-00c04fd430c8'`, `'ffffffff-ffff-ffff-ffff-ffffffffffff'`, `'00000000-0000-0000-0000-000000000000'`],
  ['a_json', 'json', `'{"a": 1,  "a": 2}'`, `'[1, 1.0, 12345678901234567890]'`, `'null'`],
  ['a_jsonb', 'jsonb', `'{"deep": {"list": [1, null, "x"]}}'`, `'1e400'`, `'"text"'`],
  ['a_jsonpath', 'jsonpath', `'$.a[*]'`, `'strict $."b"'`, `'$'`],
  ['an_integer_array', 'integer[]', `'{1,2,3}'`, `'{2147483647,NULL,-2147483648}'`, `'{}'`],
  ['a_text_array', 'text[]', `'{a,b}'`, `array['with "quotes"', 'comma, brace }', 'back\\slash', 'NULL', null, '']`, `'{}'`],
  ['a_matrix', 'integer[]', `'{{1,2},{3,4}}'`, `'{{1,NULL},{NULL,4}}'`, `'[0:1]={7,8}'`],
  ['a_numeric_array', 'numeric(10,2)[]', `'{1.50,2.25}'`, `'{NaN,99999999.99}'`, `'{NULL}'`],
  ['a_timestamptz_array', 'timestamptz[]', `'{2024-01-01 00:00:00+00}'`, `'{infinity}'`, `'{}'`],
  ['an_inet', 'inet', `'192.168.1.7'`, `'2001:db8::ff00:42:8329/64'`, `'0.0.0.0/0'`],
  ['a_cidr', 'cidr', `'10.0.0.0/8'`, `'2001:db8::/32'`, `'0.0.0.0/0'`],
  ['a_macaddr', 'macaddr', `'08:00:2b:01:02:03'`, `'ff:ff:ff:ff:ff:ff'`, `'00:00:00:00:00:00'`],
  ['a_macaddr8', 'macaddr8', `'08:00:2b:01:02:03:04:05'`, `'ff:ff:ff:ff:ff:ff:ff:ff'`, `'00:00:00:00:00:00:00:00'`],
  ['a_bit', 'bit(8)', `B'10101010'`, `B'11111111'`, `B'00000000'`],
  ['a_varbit', 'varbit', `B'101'`, `repeat('01', 100)::varbit`, `B''`],
  ['an_int4range', 'int4range', `'[1,10)'`, `'(,)'`, `'empty'`],
  ['a_numrange', 'numrange', `'[1.5,2.5]'`, `'(,0)'`, `'empty'`],
  ['a_tstzrange', 'tstzrange', `'[2024-01-01 00:00:00+00,2024-02-01 00:00:00+00)'`, `'[,infinity]'`, `'empty'`],
  ['a_daterange', 'daterange', `'[2024-01-01,2024-01-31]'`, `'(,)'`, `'empty'`],
  ['an_int8multirange', 'int8multirange', `'{[1,3),[7,9)}'`, `'{(,)}'`, `'{}'`],
  ['an_enum', 'mood', `'content'`, `'over "the" moon'`, `'so, so'`],
  ['a_domain', 'positive_amount', '0.01', '12345.67', '1'],
  ['a_composite', 'address', `row('1 Main St', 'Springfield', 12345)`, `row('Comma, "Quote"', null, -1)`, `row(null, null, null)`],
  ['a_tsvector', 'tsvector', `'fat:2 cat:3'`, `'''it''''s'':1A'`, `''`],
  ['a_tsquery', 'tsquery', `'fat & cat'`, `'!a | (b <-> c)'`, `''`],
  ['a_point', 'point', `'(1.5,2.5)'`, `'(1e300,-1e300)'`, `'(NaN,Infinity)'`],
  ['a_line', 'line', `'{1,2,3}'`, `'{0,1,0}'`, `'{1,0,-7}'`],
  ['a_lseg', 'lseg', `'[(0,0),(1,1)]'`, `'[(-1,-1),(1e9,1e9)]'`, `'[(0,0),(0,0)]'`],
  ['a_box', 'box', `'(2,2),(0,0)'`, `'(1e9,1e9),(-1e9,-1e9)'`, `'(0,0),(0,0)'`],
  ['a_path', 'path', `'[(0,0),(1,1),(2,0)]'`, `'((0,0),(1,1),(2,0))'`, `'[(0,0)]'`],
  ['a_polygon', 'polygon', `'((0,0),(1,1),(2,0))'`, `'((0,0),(0,1),(1,1),(1,0))'`, `'((0,0))'`],
  ['a_circle', 'circle', `'<(0,0),5>'`, `'<(1e9,1e9),1e9>'`, `'<(0,0),0>'`],
  ['a_pg_lsn', 'pg_lsn', `'16/B374D848'`, `'FFFFFFFF/FFFFFFFF'`, `'0/0'`],
  ['an_oid', 'oid', '26', '4294967295', '0'],
  ['an_xid8', 'xid8', `'42'`, `'18446744073709551615'`, `'0'`],
  ['a_regclass', 'regclass', `'pg_class'`, `'customers'`, `'-'`],
  ['a_txid_snapshot', 'pg_snapshot', `'10:20:10,14,15'`, `'1:1:'`, `'3:5:4'`],
  ['Select "a" name. 東京 🙂', 'text', `'reserved words, quotes, dots and emoji in a column name'`, `'x'`, `''`],
]

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`
const names = columns.map(([name]) => quote(name)).join(', ')
const row = (id: number, at: 2 | 3 | 4) => `(${id}, ${columns.map((column) => `${column[at]}`).join(', ')})`

/** One table with a column for every type of PostgreSQL: a usual row, two rows of edges, and one of nothing. */
export const createEveryType = `
create type mood as enum ('so, so', 'content', 'over "the" moon');
create domain positive_amount as numeric(12,2) check (value > 0);
create type address as (street text, city text, zip integer);
create table every_type (id integer primary key, ${columns.map(([name, type]) => `${quote(name)} ${type}`).join(', ')});
comment on table every_type is 'A column for every type of PostgreSQL, with the values at their edges';
${([2, 3, 4] as const).map((at, index) => `insert into every_type (id, ${names}) values ${row(index + 1, at)};`).join('\n')}
insert into every_type (id) values (4);
`

/** Types that a server may lack: each is tried by itself. */
export const optionalTypes = [
  `create extension if not exists hstore; alter table every_type add a_hstore hstore; update every_type set a_hstore = '"a"=>"1", "quote\\""=>NULL' where id < 4`,
  `alter table every_type add an_xml xml; update every_type set an_xml = '<a b="c">text &amp; more</a>' where id < 4`,
]
