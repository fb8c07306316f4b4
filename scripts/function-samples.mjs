/**
 * Calls of every function that both vendors have, with arguments of several types, NULL and letters outside ASCII. A line is
 * a name and its argument lists, cut at ` ~ `. What begins with `=` is a whole expression, what begins with `@` one
 * over the rows of `s (n INT, t VARCHAR)`.
 *
 * Not here: letters that a collation takes for one letter, which each vendor compares its own way; values that differ each
 * time or by the server.
 */
const LINES = String.raw`
abs ~ -1.5 ~ NULL ~ '-3x' ~ -9223372036854775807
acos ~ 0.5 ~ 2
asin ~ 0.5 ~ 2
atan ~ 1 ~ 1, 2
atan2 ~ 1, -1
ceil ~ -1.5 ~ 2.1e0 ~ '7.2'
ceiling ~ -1.5 ~ 2.1e0
conv ~ 'ff', 16, 2 ~ -17, 10, -18 ~ NULL, 10, 2
cos ~ 1
cot ~ 1
crc32 ~ 'abc' ~ '' ~ NULL ~ 'ä'
degrees ~ pi()
exp ~ 1 ~ -2.5
floor ~ -1.5 ~ 2.9e0
greatest ~ 1, 2.5, 2 ~ 'a', 'B' ~ 1, NULL ~ DATE '2020-01-02', DATE '2019-01-02'
least ~ 1, 2.5, 2 ~ 'a', 'B' ~ 1, NULL
ln ~ 2 ~ 0
log ~ 2 ~ 2, 8 ~ -1
log10 ~ 1000
log2 ~ 8
mod ~ 7, 3 ~ -7.5, 2 ~ 1, 0
pi ~ 
pow ~ 2, 10 ~ 2, -1
power ~ 2, 0.5
radians ~ 180
rand ~ 3
round ~ 1.55, 1 ~ -2.5 ~ 2.5e0 ~ 155, -1
sign ~ -2 ~ 0 ~ 'x'
sin ~ 1
sqrt ~ 2 ~ -1
tan ~ 1
truncate ~ 1.999, 1 ~ -1.999e0, 2 ~ 199, -2
bit_count ~ 255 ~ -1 ~ NULL
ascii ~ 'a' ~ 'ä' ~ ''
bin ~ 12 ~ -1
bit_length ~ 'aä'
char ~ 77, 121 ~ 256 ~ 0x41 USING utf8mb4 ~ 228 USING latin1
char_length ~ 'aä😀' ~ NULL
character_length ~ 'aä'
concat ~ 'a', 1, 2.5 ~ 'a', NULL ~ DATE '2020-01-02', 'x'
concat_ws ~ ',', 'a', NULL, 'b' ~ NULL, 'a'
elt ~ 2, 'a', 'b' ~ 0, 'a'
export_set ~ 5, 'Y', 'N', ',', 4
field ~ 'b', 'a', 'B' ~ 3, 1, 2
find_in_set ~ 'b', 'a,b,c' ~ 'B', 'a,b' ~ NULL, 'a'
format ~ 12345.6789, 2 ~ -0.5, 0 ~ 12345.6, 1, 'de_DE'
hex ~ 'aä' ~ 255 ~ x'00ff'
insert ~ 'Quadratic', 3, 4, 'What' ~ 'aä', 2, 1, 'x' ~ 'a', 9, 1, 'x'
instr ~ 'foobar', 'BAR' ~ 'xä', 'ä' ~ NULL, 'a'
lcase ~ 'AÄ'
left ~ 'aäb', 2 ~ 'a', -1
length ~ 'aä😀' ~ 12 ~ NULL
lower ~ 'AÄİ' ~ 12
lpad ~ 'hi', 4, '?' ~ 'hi', 1, '?' ~ 'ä', 3, 'ö'
ltrim ~ '  a '
make_set ~ 5, 'a', 'b', 'c'
mid ~ 'abc', 2, 1
oct ~ 12
octet_length ~ 'ä'
ord ~ 'ä' ~ '2'
position ~ 'b' IN 'abc'
quote ~ 'Don''t' ~ 'a\\b'
repeat ~ 'ab', 3 ~ 'a', 0 ~ NULL, 2
replace ~ 'www.a', 'w', 'ä' ~ 'aAa', 'a', 'x'
reverse ~ 'abä😀'
right ~ 'abä', 2
rpad ~ 'hi', 5, '?' ~ 'hi', 1, '?'
rtrim ~ ' a  '
locate ~ 'b', 'abcb', 3 ~ 'B', 'abc' ~ 'x', 'abc'
soundex ~ 'Hello' ~ 'Quadratically' ~ ''
space ~ 3 ~ -1
strcmp ~ 'a', 'B' ~ 'a', 'A' ~ NULL, 'a'
substr ~ 'aäbc', 2, 2 ~ 'abc', -2 ~ 'abc', 0
substring ~ 'abc' FROM 2 FOR 1
substring_index ~ 'a.b.c', '.', 2 ~ 'a.b.c', '.', -1
trim ~ '  a ' ~ LEADING 'x' FROM 'xxa' ~ BOTH 'ä' FROM 'äaä'
ucase ~ 'aä'
unhex ~ '4D7953' ~ 'GG' ~ NULL
upper ~ 'aäß'
to_base64 ~ 'aä' ~ x'00ff'
from_base64 ~ 'YWI=' ~ '!'
weight_string ~ 'aB' ~ 'ab' AS CHAR(4) ~ 'ab' AS BINARY(4) ~ NULL
adddate ~ '2008-01-02', 31 ~ DATE '2008-01-31', INTERVAL 1 MONTH
addtime ~ '2007-12-31 23:59:59.999999', '1 1:1:1.000002' ~ TIME '01:00:00', TIME '02:00:00'
convert_tz ~ '2004-01-01 12:00:00', '+00:00', '+10:00'
curdate ~ 
current_date ~ 
curtime ~ 
current_time ~ 
current_timestamp ~ ~ 3
date ~ '2003-12-31 01:02:03' ~ 'x'
date_add ~ '2018-05-01', INTERVAL 1 DAY ~ DATE '2018-05-01', INTERVAL '1:1' MINUTE_SECOND
date_format ~ '2009-10-04 22:23:00', '%W %M %Y %j %p %T' ~ '2009-01-04', '%X %V %u %e'
date_sub ~ '2018-05-01', INTERVAL 1 YEAR ~ DATE '2018-05-01', INTERVAL 1 DAY
datediff ~ '2007-12-31 23:59:59', '2007-12-30'
day ~ '2007-02-03'
dayname ~ '2007-02-03'
dayofmonth ~ '2007-02-03'
dayofweek ~ '2007-02-03'
dayofyear ~ '2007-02-03'
extract ~ YEAR_MONTH FROM '2019-07-02 01:02:03' ~ MICROSECOND FROM '2003-01-02 10:30:00.000123'
from_days ~ 730669
from_unixtime ~ 1447430881 ~ 1447430881.5 ~ 1447430881, '%Y %D %M'
get_format ~ DATE, 'EUR'
hour ~ '10:05:03' ~ '272:59:59'
last_day ~ '2004-02-05' ~ '2004-02-32'
localtime ~ 
localtimestamp ~ 
makedate ~ 2011, 31 ~ 2011, 0
maketime ~ 12, 15, 30 ~ 12, 15, 30.5
microsecond ~ '12:00:00.123456'
minute ~ '2008-02-03 10:05:03'
month ~ '2008-02-03'
monthname ~ '2008-02-03'
now ~ ~ 6
period_add ~ 200801, 2
period_diff ~ 200802, 200703
quarter ~ '2008-04-01'
sec_to_time ~ 2378 ~ 2378.5
second ~ '10:05:03'
str_to_date ~ '01,5,2013', '%d,%m,%Y' ~ 'abc', '%d' ~ '09:30:17.5', '%h:%i:%s.%f'
subdate ~ '2008-01-02', 31
subtime ~ '2007-12-31 23:59:59.999999', '1 1:1:1.000002'
time ~ '2003-12-31 01:02:03.000123'
time_format ~ '100:00:00', '%H %k %h %I %l'
time_to_sec ~ '22:23:00'
timediff ~ '2000-01-01 00:00:00', '2000-01-01 00:00:00.000001'
timestamp ~ '2003-12-31' ~ '2003-12-31', '12:00:00'
timestampadd ~ MINUTE, 1, '2003-01-02' ~ WEEK, 1, DATE '2003-01-02'
timestampdiff ~ MONTH, '2003-02-01', '2003-05-01'
to_days ~ 950501 ~ '2007-10-07'
to_seconds ~ '2009-11-29 13:43:32'
unix_timestamp ~ ~ '2015-11-13 10:20:19' ~ '2015-11-13 10:20:19.012'
utc_date ~ 
utc_time ~ 
utc_timestamp ~ 
week ~ '2008-02-20' ~ '2008-02-20', 1
weekday ~ '2008-02-03'
weekofyear ~ '2008-02-20'
year ~ '1987-01-01'
yearweek ~ '1987-01-01' ~ '2000-01-01', 3
if ~ 1 > 2, 2, 3 ~ NULL, 'a', 'b'
ifnull ~ NULL, 10 ~ 1, 'a' ~ 'a', NULL
nullif ~ 1, 1 ~ 'a', 'b'
coalesce ~ NULL, 'a' ~ NULL, 1.5
isnull ~ NULL ~ 1
interval ~ 23, 1, 15, 17, 30
cast ~ '12' AS SIGNED ~ 'a' AS CHAR(3) ~ '2020-01-02' AS DATE ~ 1.55 AS DECIMAL(3,1) ~ 'ab' AS BINARY(4) ~ '10:11' AS TIME ~ '2020-01-02 3:4' AS DATETIME ~ -1 AS UNSIGNED
convert ~ 'a', CHAR ~ 'ä' USING latin1 ~ '5', SIGNED
binary ~ = BINARY 'a'
count ~ @count(*) ~ @count(n) ~ @count(DISTINCT t)
sum ~ @sum(n) ~ @sum(n * 1.5) ~ @sum(n * 1e0)
avg ~ @avg(n) ~ @avg(n * 1e0)
min ~ @min(n) ~ @min(t)
max ~ @max(n) ~ @max(t)
group_concat ~ @group_concat(t ORDER BY n SEPARATOR ';') ~ @group_concat(n)
std ~ @std(n)
stddev ~ @stddev(n)
stddev_pop ~ @stddev_pop(n)
stddev_samp ~ @stddev_samp(n)
var_pop ~ @var_pop(n)
var_samp ~ @var_samp(n)
variance ~ @variance(n)
bit_and ~ @bit_and(n)
bit_or ~ @bit_or(n)
bit_xor ~ @bit_xor(n)
row_number ~ @row_number() OVER (ORDER BY n, t)
rank ~ @rank() OVER (ORDER BY n)
dense_rank ~ @dense_rank() OVER (ORDER BY n)
percent_rank ~ @percent_rank() OVER (ORDER BY n)
cume_dist ~ @cume_dist() OVER (ORDER BY n)
ntile ~ @ntile(2) OVER (ORDER BY n, t)
lag ~ @lag(n) OVER (ORDER BY n, t) ~ @lag(t, 1) OVER (ORDER BY n DESC, t DESC)
lead ~ @lead(n) OVER (ORDER BY n, t)
first_value ~ @first_value(n) OVER (ORDER BY n, t)
last_value ~ @last_value(n) OVER (ORDER BY n, t)
nth_value ~ @nth_value(n, 2) OVER (ORDER BY n, t)
json_array ~ 1, 'aä', NULL, TRUE ~ 1.5, JSON_ARRAY(1)
json_object ~ 'a', 1, 'b', NULL ~ 'a', JSON_ARRAY(1, 'x')
json_quote ~ 'a"ä' ~ NULL
json_unquote ~ '"a\\tä"' ~ 'x' ~ NULL
json_extract ~ '{"a": [1, "ä", {"b": null}]}', '$.a[1]' ~ '{"a": 1}', '$.b' ~ '[1, 2]', '$[0]', '$[1]' ~ NULL, '$' ~ '{"a": {"b": [1, 2]}}', '$.a'
json_contains ~ '[1, 2, "a"]', '1' ~ '{"a": 1}', '2', '$.a' ~ NULL, '1'
json_contains_path ~ '{"a": 1}', 'one', '$.a', '$.b' ~ '{"a": 1}', 'all', '$.a', '$.b'
json_keys ~ '{"a": 1, "b": {"c": 2}}' ~ '{"a": {"c": 2}}', '$.a' ~ '[1]'
json_length ~ '[1, 2]' ~ '{"a": [1, 2, 3]}', '$.a' ~ '1' ~ NULL
json_depth ~ '[]' ~ '[10, {"a": 20}]' ~ '1' ~ NULL
json_type ~ '{"a": 1}' ~ '[1]' ~ '1' ~ '"a"' ~ 'true' ~ 'null' ~ '1.5' ~ NULL
json_valid ~ '{"a": 1}' ~ 'x' ~ NULL ~ '' ~ '1'
json_search ~ '["abc", [{"k": "10"}, "def"]]', 'one', 'abc' ~ '["abc", "abd"]', 'all', 'ab%' ~ '["a"]', 'one', 'z'
json_set ~ '{"a": 1}', '$.a', 2, '$.b', 'x' ~ '[1, 2]', '$[1]', JSON_ARRAY(3)
json_insert ~ '{"a": 1}', '$.a', 2, '$.b', 'x'
json_replace ~ '{"a": 1}', '$.a', 2, '$.b', 'x'
json_remove ~ '{"a": 1, "b": 2}', '$.a' ~ '[1, 2, 3]', '$[1]'
json_array_append ~ '["a", ["b"]]', '$[1]', 1 ~ '{"a": 1}', '$.a', 2
json_array_insert ~ '["a", "b"]', '$[1]', 'x'
json_merge_patch ~ '{"a": 1, "b": 2}', '{"b": null, "c": [1, 2]}' ~ '[1]', '{"a": 1}'
json_merge_preserve ~ '[1, 2]', '{"a": 1}' ~ '{"a": 1}', '{"a": 2, "b": 3}'
json_merge ~ '[1, 2]', '[3]'
json_pretty ~ '{"a": [1]}'
json_value ~ '{"a": "x", "b": 1}', '$.a' ~ '{"a": "x"}', '$.z' ~ '{"b": 1.5}', '$.b'
json_overlaps ~ '[1, 2]', '[2, 3]' ~ '[1]', '[4]' ~ '{"a": 1}', '{"a": 1, "b": 2}' ~ NULL, '1' ~ '1', '1'
json_schema_valid ~ '{"type": "object", "properties": {"a": {"type": "number", "maximum": 9}}}', '{"a": 10}' ~ '{"type": "array"}', '[1]'
json_arrayagg ~ @json_arrayagg(1) ~ @json_arrayagg(NULL)
json_objectagg ~ = (SELECT json_objectagg('a', 1))
json_table ~ = (SELECT GROUP_CONCAT(CONCAT_WS('/', x.i, x.a, x.b, x.e) ORDER BY x.i) FROM JSON_TABLE('[{"a": "ä", "b": 1}, {"a": 2}, {"b": [1]}]', '$[*]' COLUMNS (i FOR ORDINALITY, a VARCHAR(9) PATH '$.a', b INT PATH '$.b' NULL ON ERROR, e INT EXISTS PATH '$.b')) x) ~ = (SELECT SUM(x.n) FROM JSON_TABLE('{"l": [{"m": [1, 2]}, {"m": [3]}]}', '$.l[*]' COLUMNS (NESTED PATH '$.m[*]' COLUMNS (n INT PATH '$'))) x)
regexp_like ~ 'abc', '^A' ~ 'abc', 'x'
regexp_instr ~ 'dog cat dog', 'dog' ~ 'abc', 'B'
regexp_substr ~ 'abc def', '[a-z]+' ~ 'ABC', 'x'
regexp_replace ~ 'a b c', 'b', 'X' ~ 'abc abc', 'b', ''
extractvalue ~ '<a>ccc<b>ddd</b></a>', '/a' ~ '<a><b>1</b><b>ä</b></a>', '//b' ~ '<a/>', 'count(/a)' ~ NULL, '/a'
updatexml ~ '<a><b>ccc</b><d></d></a>', '/a/b', '<e>fff</e>' ~ '<a/>', '/z', '<e/>'
sha2 ~ 'ä', 256 ~ 'a', 512 ~ NULL, 256 ~ 'a', 1
aes_encrypt ~ 'text', 'password' ~ NULL, 'a'
aes_decrypt ~ AES_ENCRYPT('text', 'password'), 'password' ~ 'x', 'y'
compress ~ '' ~ NULL
uncompress ~ COMPRESS('text') ~ NULL
uncompressed_length ~ COMPRESS(REPEAT('a', 30))
random_bytes ~ = LENGTH(RANDOM_BYTES(3))
inet_aton ~ '10.0.5.9' ~ '10.1' ~ 'x'
inet_ntoa ~ 167773449
inet6_aton ~ 'fdfe::5a55:caff:fefa:9089' ~ '10.0.5.9' ~ 'x'
inet6_ntoa ~ INET6_ATON('fdfe::5a55:caff:fefa:9089') ~ UNHEX('0A000509') ~ 'x'
is_ipv4 ~ '10.0.5.9' ~ '::1' ~ NULL
is_ipv6 ~ '::1' ~ 'x'
is_ipv4_compat ~ INET6_ATON('::10.0.5.9') ~ INET6_ATON('::1')
is_ipv4_mapped ~ INET6_ATON('::ffff:10.0.5.9') ~ INET6_ATON('::1')
charset ~ 'a' ~ CONVERT('a' USING latin1) ~ x'00'
collation ~ CONVERT('a' USING latin1)
name_const ~ 'x', 1
point ~ 1, 2
linestring ~ POINT(1, 2), POINT(3, 4)
polygon ~ LINESTRING(POINT(0, 0), POINT(0, 1), POINT(1, 1), POINT(0, 0))
multipoint ~ POINT(1, 2), POINT(3, 4)
multilinestring ~ LINESTRING(POINT(1, 2), POINT(3, 4))
multipolygon ~ POLYGON(LINESTRING(POINT(0, 0), POINT(0, 1), POINT(1, 1), POINT(0, 0)))
geometrycollection ~ POINT(1, 2), LINESTRING(POINT(1, 2), POINT(3, 4))
st_geomfromtext ~ 'POINT(1 2)' ~ 'POLYGON((0 0,0 2,2 2,2 0,0 0))' ~ 'POINT(1 2)', 0 ~ NULL
st_pointfromtext ~ 'POINT(1 2)'
st_linefromtext ~ 'LINESTRING(0 0,1 1)'
st_linestringfromtext ~ 'LINESTRING(0 0,1 1)'
st_polyfromtext ~ 'POLYGON((0 0,0 2,2 2,2 0,0 0))'
st_polygonfromtext ~ 'POLYGON((0 0,0 2,2 2,2 0,0 0))'
st_mpointfromtext ~ 'MULTIPOINT(1 1,2 2)'
st_mlinefromtext ~ 'MULTILINESTRING((0 0,1 1))'
st_mpolyfromtext ~ 'MULTIPOLYGON(((0 0,0 2,2 2,2 0,0 0)))'
st_geomcollfromtext ~ 'GEOMETRYCOLLECTION(POINT(1 1))'
st_geometryfromtext ~ 'POINT(1 2)'
st_geomfromwkb ~ ST_ASWKB(POINT(1, 2))
st_geometryfromwkb ~ ST_ASWKB(POINT(1, 2))
st_pointfromwkb ~ ST_ASWKB(POINT(1, 2))
st_linefromwkb ~ ST_ASWKB(LINESTRING(POINT(1, 2), POINT(3, 4)))
st_polyfromwkb ~ ST_ASWKB(ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))'))
st_geomcollfromwkb ~ ST_ASWKB(ST_GEOMFROMTEXT('GEOMETRYCOLLECTION(POINT(1 1))'))
st_geomfromgeojson ~ '{"type": "Point", "coordinates": [1, 2]}'
st_asgeojson ~ POINT(1, 2) ~ POINT(1.12345, 2), 2
st_astext ~ POINT(1.5, 2) ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))') ~ ST_GEOMFROMTEXT('MULTIPOINT(1 1,2 2)') ~ NULL
st_aswkt ~ POINT(1.5, 2)
st_asbinary ~ POINT(1, 2)
st_aswkb ~ POINT(1, 2)
st_x ~ POINT(1.5, 2) ~ NULL
st_y ~ POINT(1.5, 2)
st_srid ~ POINT(1, 2)
st_dimension ~ POINT(1, 2) ~ LINESTRING(POINT(1, 2), POINT(3, 4))
st_envelope ~ LINESTRING(POINT(1, 2), POINT(3, 4)) ~ POINT(1, 2)
st_geometrytype ~ POINT(1, 2) ~ ST_GEOMFROMTEXT('MULTIPOINT(1 1,2 2)')
st_isempty ~ POINT(1, 2)
st_issimple ~ LINESTRING(POINT(1, 2), POINT(3, 4))
st_isclosed ~ LINESTRING(POINT(1, 2), POINT(3, 4), POINT(1, 2)) ~ LINESTRING(POINT(1, 2), POINT(3, 4))
st_isvalid ~ POINT(1, 2)
st_startpoint ~ LINESTRING(POINT(1, 2), POINT(3, 4))
st_endpoint ~ LINESTRING(POINT(1, 2), POINT(3, 4))
st_pointn ~ LINESTRING(POINT(1, 2), POINT(3, 4)), 2 ~ LINESTRING(POINT(1, 2), POINT(3, 4)), 9
st_numpoints ~ LINESTRING(POINT(1, 2), POINT(3, 4))
st_length ~ LINESTRING(POINT(0, 0), POINT(3, 4))
st_area ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))')
st_centroid ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))') ~ POINT(1, 2)
st_exteriorring ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))')
st_interiorringn ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 9,9 9,9 0,0 0),(1 1,1 2,2 2,2 1,1 1))'), 1
st_numinteriorrings ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 9,9 9,9 0,0 0),(1 1,1 2,2 2,2 1,1 1))')
st_numgeometries ~ ST_GEOMFROMTEXT('MULTIPOINT(1 1,2 2)') ~ POINT(1, 2)
st_geometryn ~ ST_GEOMFROMTEXT('MULTIPOINT(1 1,2 2)'), 2
st_contains ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))'), POINT(1, 1) ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))'), POINT(2, 2) ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))'), POINT(3, 3) ~ POINT(1, 1), NULL
st_within ~ POINT(1, 1), ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))') ~ POINT(2, 2), ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))')
st_crosses ~ ST_GEOMFROMTEXT('LINESTRING(0 0,2 2)'), ST_GEOMFROMTEXT('LINESTRING(0 2,2 0)') ~ ST_GEOMFROMTEXT('LINESTRING(-1 1,3 1)'), ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))')
st_disjoint ~ POINT(1, 1), POINT(2, 2) ~ POINT(1, 1), POINT(1, 1)
st_equals ~ POINT(1, 1), POINT(1, 1) ~ ST_GEOMFROMTEXT('LINESTRING(0 0,2 2)'), ST_GEOMFROMTEXT('LINESTRING(2 2,0 0)')
st_intersects ~ POINT(1, 1), POINT(1, 1) ~ ST_GEOMFROMTEXT('LINESTRING(0 0,2 2)'), ST_GEOMFROMTEXT('LINESTRING(0 2,2 0)')
st_overlaps ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))'), ST_GEOMFROMTEXT('POLYGON((1 1,1 3,3 3,3 1,1 1))') ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))'), ST_GEOMFROMTEXT('POLYGON((5 5,5 6,6 6,6 5,5 5))')
st_touches ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))'), ST_GEOMFROMTEXT('POLYGON((2 0,2 2,4 2,4 0,2 0))') ~ ST_GEOMFROMTEXT('LINESTRING(0 0,2 2)'), POINT(2, 2)
st_distance ~ POINT(0, 0), POINT(3, 4) ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))'), POINT(5, 6)
st_distance_sphere ~ POINT(1, 1), POINT(2, 2)
st_buffer ~ POINT(0, 0), 1
st_convexhull ~ ST_GEOMFROMTEXT('MULTIPOINT(0 0,0 2,2 0,0.5 0.5)')
st_difference ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))'), ST_GEOMFROMTEXT('POLYGON((1 1,1 3,3 3,3 1,1 1))')
st_intersection ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))'), ST_GEOMFROMTEXT('POLYGON((1 1,1 3,3 3,3 1,1 1))') ~ ST_GEOMFROMTEXT('LINESTRING(0 0,2 2)'), ST_GEOMFROMTEXT('LINESTRING(0 2,2 0)')
st_symdifference ~ POINT(1, 1), POINT(2, 2) ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))'), ST_GEOMFROMTEXT('POLYGON((1 1,1 3,3 3,3 1,1 1))')
st_union ~ POINT(1, 1), POINT(2, 2) ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))'), ST_GEOMFROMTEXT('POLYGON((1 1,1 3,3 3,3 1,1 1))')
st_simplify ~ ST_GEOMFROMTEXT('LINESTRING(0 0,0 1,1 1,1 2,2 2,2 3,3 3)'), 0.5
st_validate ~ POINT(1, 2)
st_collect ~ = ST_ASTEXT((SELECT ST_COLLECT(POINT(1, 2))))
st_geohash ~ 180, 0, 10
st_latfromgeohash ~ 'xbpbpbpbpb'
st_longfromgeohash ~ 'xbpbpbpbpb'
st_pointfromgeohash ~ 'xbpbpbpbpb', 0
mbrcontains ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))'), POINT(1, 1) ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))'), POINT(2, 2) ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))'), POINT(9, 9)
mbrcoveredby ~ POINT(1, 1), ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))')
mbrdisjoint ~ POINT(1, 1), POINT(2, 2) ~ POINT(1, 1), POINT(1, 1)
mbrequals ~ POINT(1, 1), POINT(1, 1) ~ POINT(1, 1), POINT(2, 2)
mbrintersects ~ POINT(1, 1), POINT(1, 1) ~ ST_GEOMFROMTEXT('LINESTRING(0 0,2 2)'), ST_GEOMFROMTEXT('LINESTRING(0 2,2 0)')
mbroverlaps ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))'), ST_GEOMFROMTEXT('POLYGON((1 1,1 3,3 3,3 1,1 1))') ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))'), ST_GEOMFROMTEXT('POLYGON((5 5,5 6,6 6,6 5,5 5))')
mbrtouches ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))'), ST_GEOMFROMTEXT('POLYGON((2 0,2 2,4 2,4 0,2 0))') ~ ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))'), ST_GEOMFROMTEXT('POLYGON((5 5,5 6,6 6,6 5,5 5))')
mbrwithin ~ POINT(2, 2), ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))') ~ POINT(1, 1), ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))') ~ POINT(9, 9), ST_GEOMFROMTEXT('POLYGON((0 0,0 2,2 2,2 0,0 0))')
format_bytes ~ 1024
format_pico_time ~ 3501
`;

const ROWS =
  "(SELECT 1 AS n, 'b' AS t UNION ALL SELECT 3, 'ä' UNION ALL SELECT NULL, 'B' UNION ALL SELECT 3, 'c') s";

const toSelect = (name, piece) => {
  if (piece.startsWith('@')) return `SELECT ${piece.slice(1)} AS v FROM ${ROWS} ORDER BY 1`;
  return `SELECT ${piece.startsWith('=') ? piece.slice(1) : `${name}(${piece})`} AS v`;
};

/** `{ name, selects }`: each select gives one column `v`. */
export const FUNCTION_SAMPLES = LINES.trim()
  .split('\n')
  .map((line) => {
    const [name = '', ...pieces] = line.split('~').map((piece) => piece.trim());
    return { name, selects: pieces.map((piece) => toSelect(name, piece)) };
  });
