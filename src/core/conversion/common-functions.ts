import { type Flavor, type Since, isAtLeast } from '../flavor.js';
import { supports } from '../server/features.js';
import { MEASURED_FUNCTIONS } from './measured-functions.js';

/** Both have them, and what they give is another thing each time, or depends on the session, or is no value of their own. */
const WITHOUT_MEASURE =
  'uuid uuid_short sleep sysdate benchmark get_lock release_lock is_free_lock is_used_lock values match database schema user \
current_user session_user system_user connection_id last_insert_id row_count found_rows version coercibility'.split(
    ' ',
  );

/** Since MySQL 9.6 a component has to be installed for these. */
const NOT_IN_NEW_MYSQL = 'md5 sha sha1'.split(' ');

const EDGES = 'counts points on an edge as inside in MariaDB, and as outside in MySQL';
const SHAPE = 'gives the same shape, whose points may come in another order';
const DIGITS = 'has fewer digits in MariaDB';

/** Both have them, and they mean the same but for what is said here. */
const NEARLY_THE_SAME: ReadonlyMap<string, string> = new Map([
  ...'st_contains st_within mbrcontains'.split(' ').map((name) => [name, EDGES] as const),
  ...'st_convexhull st_difference st_intersection st_symdifference st_union'
    .split(' ')
    .map((name) => [name, SHAPE] as const),
  ...'std stddev stddev_pop stddev_samp var_pop var_samp variance percent_rank cume_dist'
    .split(' ')
    .map((name) => [name, DIGITS] as const),
  ...'json_arrayagg json_objectagg'
    .split(' ')
    .map((name) => [name, 'has no spaces in its JSON in MariaDB'] as const),
  ['json_pretty', 'indents its JSON otherwise'],
  ['regexp_substr', 'gives NULL in MySQL and an empty text in MariaDB where nothing matches'],
  ['is_ipv4', 'gives NULL in MySQL and 0 in MariaDB for NULL'],
  ['localtime', 'gives a time without the date in MariaDB 11.8'],
  ['st_envelope', 'gives a polygon in MariaDB for a point'],
  ['st_centroid', 'gives NULL in MariaDB for what is no polygon'],
  ['st_astext', 'has no parentheses around the points of a MULTIPOINT in MariaDB'],
  ['st_asgeojson', 'writes 1.0 in MySQL and 1 in MariaDB'],
]);

const OLDEST = '10.5';

const SINCE = new Map(
  Object.entries(MEASURED_FUNCTIONS).flatMap(([version, names]) => {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    // What the oldest measured one has, older ones have too, or refuse by themselves.
    const since: Since = { mysql: 'always', mariadb: version === OLDEST ? 'always' : [major, minor] };
    return names.map((name) => [name, since] as const);
  }),
);

/** Does the server have it, with the same meaning? `name` in lower case. */
export const knowsFunction = (flavor: Flavor, name: string): boolean => {
  if (NOT_IN_NEW_MYSQL.includes(name)) return !supports(flavor, 'weakHashesApart');
  const since = SINCE.get(name);
  return since ? isAtLeast(flavor, since) : hasFunction(name);
};

/** `name` in lower case. */
export const hasFunction = (name: string): boolean =>
  SINCE.has(name) ||
  NEARLY_THE_SAME.has(name) ||
  WITHOUT_MEASURE.includes(name) ||
  NOT_IN_NEW_MYSQL.includes(name);

/** What is not the same about a function that both vendors have; `name` in lower case. */
export const differenceOfFunction = (name: string): string | undefined => NEARLY_THE_SAME.get(name);
