import { type Flavor, isAtLeast } from '../flavor.js';

/**
 * Functions that both vendors have and that give the same there. What one of them lacks, or means otherwise by
 * (`PASSWORD`, `REGEXP_REPLACE`, `JSON_TYPE`), is not among them.
 */
const COMMON_FUNCTIONS: ReadonlySet<string> = new Set(
  [
    'abs acos asin atan atan2 ceil ceiling conv cos cot crc32 degrees exp floor greatest least ln log log10 log2',
    'mod pi pow power radians rand round sign sin sqrt tan truncate bit_count',
    'ascii bin bit_length char char_length character_length concat concat_ws elt export_set field find_in_set format',
    'hex insert instr lcase left length lower lpad ltrim make_set mid oct octet_length ord position quote repeat',
    'replace reverse right rpad rtrim locate soundex space strcmp substr substring substring_index trim ucase unhex upper',
    'to_base64 from_base64 adddate addtime convert_tz curdate current_date curtime current_time current_timestamp',
    'date date_add date_format date_sub datediff day dayname dayofmonth dayofweek dayofyear extract from_days',
    'from_unixtime get_format hour last_day localtime localtimestamp makedate maketime microsecond minute month',
    'monthname now period_add period_diff quarter sec_to_time second str_to_date subdate subtime sysdate time',
    'time_format time_to_sec timediff timestamp timestampadd timestampdiff to_days to_seconds unix_timestamp utc_date',
    'utc_time utc_timestamp week weekday weekofyear year yearweek',
    'if ifnull nullif coalesce isnull interval cast convert binary',
    'json_array json_array_append json_array_insert json_contains json_contains_path json_extract json_insert',
    'json_keys json_length json_merge_patch json_merge_preserve json_object json_quote json_remove json_replace',
    'json_set json_unquote json_valid json_value json_arrayagg json_objectagg',
    'count sum avg min max group_concat std stddev stddev_pop stddev_samp var_pop var_samp variance bit_and bit_or',
    'bit_xor row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value',
    'database schema user current_user session_user system_user connection_id last_insert_id row_count found_rows',
    'uuid uuid_short sleep benchmark get_lock release_lock is_free_lock is_used_lock values match charset collation',
    'coercibility version sha2 aes_encrypt aes_decrypt compress uncompress inet_aton inet_ntoa inet6_aton inet6_ntoa',
    'md5 sha sha1 json_search regexp_instr regexp_replace regexp_substr',
    'is_ipv4 is_ipv6 st_geomfromtext st_astext st_x st_y st_asbinary st_aswkb st_geomfromwkb',
  ].flatMap((line) => line.split(' ')),
);

/** Since MySQL 9.6 a component has to be installed for these. */
const NOT_IN_NEW_MYSQL = new Set(['md5', 'sha', 'sha1']);

/** Does the server have it, with the same meaning? `name` in lower case. */
export const knowsFunction = (flavor: Flavor, name: string): boolean =>
  hasFunction(name) && !(NOT_IN_NEW_MYSQL.has(name) && isAtLeast(flavor, 'mysql', 9, 6));

/** `name` in lower case. */
export const hasFunction = (name: string): boolean => COMMON_FUNCTIONS.has(name);
