import type { FlavorId } from '../support/flavors.js';

export type Engine = 'native' | 'dump';

/**
 * How a case must end. `same`: everything on the target is what the source has. `announced`: it is copied, the plan said
 * what changes, and nothing else differs. `refused`: the plan blocks a database, and its others are the same. `failed`: the
 * database fails, and the target is as it was.
 */
export type Ending =
  | 'same'
  | { readonly announced: RegExp; readonly differs: RegExp | null }
  | { readonly refused: RegExp }
  | { readonly failed: RegExp; readonly announced?: RegExp };

/** SQL that is run on one server before the apply, and after it. */
export interface Setting {
  readonly on: 'source' | 'target' | 'both';
  readonly before: string;
  readonly after: string;
}

export interface Case {
  /** A file of this folder, without `.sql`. */
  readonly file: string;
  readonly pairs: readonly (readonly [source: FlavorId, target: FlavorId])[];
  /** Native when absent. */
  readonly engines?: readonly Engine[];
  readonly ends: Ending;
  /** Under another name on the target. */
  readonly isRenamed?: true;
  /** SQL for the source before the file is loaded. */
  readonly first?: string;
  /** Cases with settings run alone, after all others. */
  readonly settings?: readonly Setting[];
  /** Command line options of a target of its own. */
  readonly targetOptions?: readonly string[];
  /** Statements that this vendor does not know are passed over. */
  readonly isForced?: true;
}

const same = (...flavors: readonly FlavorId[]): Case['pairs'] => flavors.map((id) => [id, id]);

const EACH_FLAVOR = same('mariadb-10.11', 'mariadb-10.5', 'mariadb-11.8', 'mysql-9.7');
const BETWEEN_VENDORS: Case['pairs'] = [
  ['mariadb-10.11', 'mysql-9.7'],
  ['mysql-9.7', 'mariadb-10.11'],
];
const BOTH_VENDORS = same('mariadb-10.11', 'mysql-9.7');
const MARIADB = same('mariadb-10.11', 'mariadb-11.8');
const EACH_ENGINE: readonly Engine[] = ['native', 'dump'];

/** The copy names itself where its source does. */
const OWN_NAMES: Ending = { announced: /OWN_NAME_CHANGED/, differs: null };

/** A time zone that only the source knows. */
const BRUSSELS = `INSERT INTO mysql.time_zone (Time_zone_id, Use_leap_seconds) VALUES (900, 'N');
  INSERT INTO mysql.time_zone_name VALUES ('Europe/Brussels', 900);
  INSERT INTO mysql.time_zone_transition_type VALUES (900, 0, 3600, 0, 'CET')`;

const SMALL_PACKETS: readonly Setting[] = [
  {
    on: 'target',
    before: 'SET GLOBAL max_allowed_packet = 1048576',
    after: 'SET GLOBAL max_allowed_packet = DEFAULT',
  },
];

const onlyKeyedTables = (variable: string): readonly Setting[] => [
  { on: 'target', before: `SET GLOBAL ${variable} = ON`, after: `SET GLOBAL ${variable} = OFF` },
];

/** Each of them is named, and no other. */
const REFUSED_VIEWS =
  /^(?![^]*(?:on_broken|hinted))(?=[^]*view no_column .*'x\.n')(?=[^]*view no_function .*case_20i\.f )(?=[^]*view no_partition .*'p1')/;

/** Each of them is named, and no other. */
const UNCALLABLE =
  /^(?![^]*calls_invoker)(?=[^]*view calls_missing calls function missing, .*does not exist)(?=[^]*view calls_denied calls function denied, .*may not execute)/;

/** One line for each file, or more where servers or engines end otherwise. */
export const CASES: readonly Case[] = [
  // The same vendor and version.
  { file: '03-sequence-of-another-database', pairs: MARIADB, ends: 'same' },
  {
    file: '03c-sequence-that-is-missing',
    pairs: MARIADB,
    ends: { refused: /case_03c_elsewhere\.ids \(table bill\)/ },
  },
  { file: '04-circle-of-views', pairs: BOTH_VENDORS, engines: EACH_ENGINE, ends: 'same' },
  { file: '04b-circle-with-a-key', pairs: BOTH_VENDORS, ends: 'same' },
  {
    file: '04c-circle-of-sequences',
    pairs: same('mariadb-10.11'),
    ends: { refused: /case_04c_[ab]\.ids \(table bill\)/ },
  },
  {
    file: '04d-circle-with-a-failing-view',
    pairs: BOTH_VENDORS,
    ends: {
      announced: /READ_EACH_OTHER: .*case_04d_crm and case_04d_shop/,
      failed: /view case_04d_shop\.w /,
    },
  },
  {
    file: '05-lenient-definitions',
    pairs: BOTH_VENDORS,
    ends: 'same',
  },
  {
    file: '05-lenient-definitions',
    pairs: BOTH_VENDORS,
    engines: ['dump'],
    ends: { failed: /the rows of table repeated are not the same/ },
  },
  { file: '06-json-types', pairs: same('mysql-9.7'), ends: 'same' },
  {
    file: '06-json-types',
    pairs: same('mysql-9.7'),
    engines: ['dump'],
    ends: {
      failed:
        /the rows of table (?:keyed are .* value at \$\."total" of column doc, row shop = a, id = 7 is|bare are .* value at \$\[1\] of column doc is) of type (?:DECIMAL|DATE), .* engine: native/,
    },
  },
  {
    file: '10-emoji-in-definitions',
    pairs: same('mariadb-10.11', 'mariadb-10.5', 'mysql-9.7'),
    engines: EACH_ENGINE,
    ends: 'same',
  },
  { file: '10b-emoji-enum-in-rows', pairs: EACH_FLAVOR, engines: EACH_ENGINE, ends: 'same' },
  { file: '10b-emoji-enum-in-rows', pairs: BETWEEN_VENDORS, ends: 'same' },
  { file: '10c-emoji-enum-unused', pairs: EACH_FLAVOR, ends: 'same' },
  { file: '10d-emoji-generated-check', pairs: EACH_FLAVOR, ends: 'same' },
  {
    file: '10g-members-of-bytes',
    pairs: [...MARIADB, ['mysql-9.7', 'mysql-9.7']],
    engines: EACH_ENGINE,
    ends: 'same',
  },
  {
    file: '10d-emoji-generated-check',
    pairs: [['mariadb-11.8', 'mariadb-10.5']],
    ends: { refused: /WIDE_TEXT.*gen/ },
  },
  { file: '10e-expressions-of-latin1-text', pairs: same('mysql-9.7'), ends: 'same' },
  {
    file: '10f-default-expression',
    pairs: same('mariadb-10.11', 'mariadb-11.8', 'mysql-9.7'),
    ends: 'same',
  },
  // It keeps a ? in the expression, and the character in the value.
  { file: '10f-default-expression', pairs: same('mariadb-10.5'), ends: { refused: /LOST_TEXT: .* de\.d$/m } },
  {
    // What a default gives is compared too.
    file: '10h-default-of-columns',
    pairs: EACH_FLAVOR,
    ends: { announced: /^/, differs: /^texts of du: / },
  },
  { file: '11-generated-over-dirty-data', pairs: BOTH_VENDORS, engines: EACH_ENGINE, ends: 'same' },
  { file: '11b-generated-date', pairs: BOTH_VENDORS, engines: EACH_ENGINE, ends: 'same' },
  { file: '13-names-of-a-latin1-client', pairs: BOTH_VENDORS, ends: 'same' },
  { file: '13b-latin1-client-bytes', pairs: BOTH_VENDORS, ends: 'same' },
  { file: '20a-broken-view', pairs: BOTH_VENDORS, ends: 'same' },
  { file: '20d-broken-view', pairs: BOTH_VENDORS, ends: { refused: /view broken .*case_20d_gone\.t/ } },
  { file: '20f-broken-view', pairs: EACH_FLAVOR, ends: 'same' },
  { file: '20h-broken-view', pairs: EACH_FLAVOR, ends: { refused: /view broken .*'k'/ } },
  { file: '20i-broken-views', pairs: BOTH_VENDORS, ends: { refused: REFUSED_VIEWS } },
  {
    file: '20j-stand-ins-with-keys',
    pairs: same('mysql-9.7'),
    ends: 'same',
    settings: onlyKeyedTables('sql_require_primary_key'),
  },
  {
    file: '20j-stand-ins-with-keys',
    pairs: same('mariadb-10.11', 'mariadb-10.5'),
    ends: 'same',
    settings: onlyKeyedTables('innodb_force_primary_key'),
  },
  { file: '29-versioned-partitions', pairs: MARIADB, ends: 'same' },
  { file: '30-computed-values', pairs: BOTH_VENDORS, ends: 'same' },
  {
    file: '30c-computed-in-a-time-zone',
    pairs: BOTH_VENDORS,
    ends: 'same',
    settings: [
      {
        on: 'source',
        before: "SET GLOBAL time_zone = '+02:00'",
        after: "SET GLOBAL time_zone = 'SYSTEM'",
      },
    ],
  },
  {
    file: '30c-computed-in-a-time-zone',
    pairs: same('mariadb-10.11'),
    ends: { failed: /its rows differ from the source: stored values of day .* time zone/ },
    settings: [{ on: 'source', before: 'DO 1', after: 'DO 1' }],
  },
  {
    file: '32b-event-past-once',
    pairs: BOTH_VENDORS,
    ends: { announced: /once/, differs: /^event (once|soon_over)/ },
  },
  {
    file: '38b-binary-default',
    pairs: same('mariadb-10.11', 'mariadb-10.5', 'mariadb-11.8', 'mysql-9.7'),
    engines: EACH_ENGINE,
    ends: 'same',
  },
  { file: '38c-archive-auto-increment', pairs: same('mysql-9.7'), engines: EACH_ENGINE, ends: 'same' },
  { file: '38d-aria-plain', pairs: MARIADB, engines: EACH_ENGINE, ends: 'same' },
  { file: '38e-except-all', pairs: BOTH_VENDORS, ends: 'same' },
  { file: '38f-intersect', pairs: same('mysql-9.7'), engines: EACH_ENGINE, ends: 'same' },
  { file: '39-two-sequence-defaults', pairs: MARIADB, ends: 'same' },
  {
    file: '40c-rows',
    pairs: BOTH_VENDORS,
    engines: EACH_ENGINE,
    ends: 'same',
    settings: [
      {
        on: 'both',
        before: 'SET GLOBAL sql_select_limit = 1000',
        after: 'SET GLOBAL sql_select_limit = DEFAULT',
      },
    ],
  },
  {
    file: '41-gipk-hidden',
    pairs: same('mysql-9.7'),
    engines: EACH_ENGINE,
    ends: 'same',
    settings: [
      {
        on: 'source',
        before: 'SET GLOBAL show_gipk_in_create_table_and_information_schema = OFF',
        after: 'SET GLOBAL show_gipk_in_create_table_and_information_schema = ON',
      },
    ],
  },
  { file: '42-database-options', pairs: same('mysql-9.7'), ends: { announced: /ENCRYPTION/, differs: null } },
  {
    file: '42b-database-read-only',
    pairs: same('mysql-9.7'),
    ends: { announced: /READ ONLY/, differs: null },
  },
  { file: '55-data-directory', pairs: same('mariadb-10.11'), ends: { refused: /DATA DIRECTORY/ } },
  { file: '55b-data-directory-myisam', pairs: same('mariadb-10.11'), ends: { refused: /DATA DIRECTORY/ } },
  { file: '56-merge', pairs: BOTH_VENDORS, ends: { refused: /MERGE|MRG_MyISAM/i } },
  { file: '57-programs', pairs: BOTH_VENDORS, ends: 'same', isForced: true },
  { file: '57b-ansi-trigger', pairs: BOTH_VENDORS, ends: 'same' },
  { file: '57c-ansi-trigger-qualified', pairs: BOTH_VENDORS, ends: 'same' },
  { file: '58-renamed', pairs: BOTH_VENDORS, ends: OWN_NAMES, isRenamed: true },
  { file: '58c-renamed-qualified-function', pairs: BOTH_VENDORS, ends: OWN_NAMES, isRenamed: true },
  {
    file: '61-role-as-definer',
    pairs: MARIADB,
    ends: { refused: /roles that do not exist .*: case_role \(/ },
  },
  {
    file: '61-role-as-definer',
    pairs: MARIADB,
    ends: 'same',
    settings: [
      {
        on: 'target',
        before: 'CREATE ROLE case_role; GRANT ALL ON case_61.* TO case_role',
        // Without the role MariaDB prints its views in another way.
        after: 'DO 1',
      },
    ],
  },
  { file: '61b-uncallable-functions', pairs: BOTH_VENDORS, ends: { refused: UNCALLABLE } },
  { file: '62-definer-of-one-database', pairs: BOTH_VENDORS, ends: 'same' },
  { file: '62b-definer-functions', pairs: BOTH_VENDORS, ends: 'same' },
  { file: '63-event-zone', pairs: same('mariadb-10.11'), first: BRUSSELS, ends: { refused: /time zone/ } },
  {
    file: '65-memory-too-big',
    pairs: BOTH_VENDORS,
    ends: { failed: /max_heap_table_size/, announced: /max_heap_table_size.*: m$/m },
    settings: [
      {
        on: 'target',
        before: 'SET GLOBAL max_heap_table_size = 65536',
        after: 'SET GLOBAL max_heap_table_size = DEFAULT',
      },
    ],
  },
  // MariaDB takes the row all the same.
  { file: '66-packet', pairs: same('mariadb-10.11'), ends: 'same', settings: SMALL_PACKETS },
  {
    file: '66-packet',
    pairs: same('mysql-9.7'),
    ends: { failed: /max_allowed_packet/ },
    settings: SMALL_PACKETS,
  },
  {
    file: '66-packet',
    pairs: BOTH_VENDORS,
    ends: 'same',
    settings: [
      { on: 'target', before: "SET GLOBAL lc_messages = 'de_DE'", after: "SET GLOBAL lc_messages = 'en_US'" },
    ],
  },
  {
    file: '67-page-size',
    pairs: same('mariadb-10.11'),
    targetOptions: ['--innodb-page-size=4k'],
    ends: { failed: /pages of 4096 bytes/, announced: /pages of 4096 bytes, and of the source 16384/ },
  },
  // Between versions and vendors.
  {
    file: 'b01-tinyint1-unsigned',
    pairs: [
      ['mariadb-10.11', 'mysql-9.7'],
      ['mysql-9.7', 'mariadb-10.11'],
    ],
    ends: 'same',
  },
  {
    file: 'b02b-defaults-of-bytes',
    pairs: [
      ...BETWEEN_VENDORS,
      ['mysql-9.7', 'mariadb-10.5'],
      ['mariadb-11.8', 'mysql-9.7'],
      ['mysql-9.7', 'mariadb-11.8'],
    ],
    ends: 'same',
  },
  {
    // The same bytes, printed in another way.
    file: 'b02b-defaults-of-bytes',
    pairs: [['mariadb-10.11', 'mariadb-11.8']],
    ends: { announced: /^/, differs: /^table t: / },
  },
  {
    // The `?` of c may be a character that 10.5 does not tell.
    file: 'b02b-defaults-of-bytes',
    pairs: [['mariadb-10.5', 'mariadb-11.8']],
    ends: { refused: /LOST_TEXT: .* t\.c$/m },
  },
  {
    file: 'b02-binary-default-nul',
    pairs: [
      ['mysql-9.7', 'mariadb-11.8'],
      ['mariadb-11.8', 'mysql-9.7'],
    ],
    ends: 'same',
  },
  {
    file: 'b03-charset-binary-on-10.5',
    pairs: [
      ['mariadb-10.5', 'mariadb-10.5'],
      ['mariadb-11.8', 'mariadb-10.5'],
      ['mysql-9.7', 'mariadb-10.5'],
    ],
    ends: 'same',
  },
  {
    file: 'b04-desc-index-older-mariadb',
    pairs: [
      ['mariadb-11.8', 'mariadb-10.5'],
      ['mysql-9.7', 'mariadb-10.5'],
    ],
    ends: { announced: /ascending/, differs: /^(?:table|keys) visit/ },
  },
  {
    file: 'b05-uca1400-to-older-mariadb',
    pairs: [['mariadb-11.8', 'mariadb-10.5']],
    engines: EACH_ENGINE,
    ends: { announced: /collation utf8mb4_uca1400_ai_ci becomes utf8mb4_unicode_520_ci/, differs: null },
  },
  {
    file: 'b05b-uca1400-in-all-places',
    pairs: [['mariadb-11.8', 'mariadb-10.5']],
    engines: EACH_ENGINE,
    ends: {
      announced: /utf8mb4_uca1400_swedish_ai_ci becomes utf8mb4_swedish_ci: word.swedish/,
      differs: /^(?:view|function) bare_/,
    },
  },
  {
    file: 'b06-program-names-own-database',
    pairs: BOTH_VENDORS,
    ends: OWN_NAMES,
    isRenamed: true,
  },
  {
    file: 'b06-program-names-own-database',
    pairs: [['mariadb-10.11', 'mysql-9.7']],
    ends: OWN_NAMES,
    isRenamed: true,
  },
  { file: 'b07-myisam-key-over-1000', pairs: [['mariadb-10.11', 'mysql-9.7']], ends: { refused: /1000/ } },
  { file: 'b08-trigger-text', pairs: [['mariadb-10.11', 'mysql-9.7']], ends: 'same' },
  {
    file: 'b15-storage-and-types-of-mariadb',
    pairs: [['mariadb-10.11', 'mysql-9.7']],
    ends: { announced: /UUID becomes CHAR\(36\)/, differs: /^texts of visit: $/ },
  },
  {
    file: 'b15b-clauses-of-mysql',
    pairs: [['mysql-9.7', 'mariadb-10.11']],
    ends: {
      announced: /an invisible generated column/,
      differs: /^(?:columns|keys|rows of) person:|^checks of all tables: 1$/,
    },
  },
  { file: 'b21-common-functions', pairs: [['mysql-9.7', 'mariadb-11.8']], ends: 'same' },
  {
    file: 'b21b-functions-both-have',
    pairs: [['mysql-9.7', 'mariadb-10.11']],
    ends: {
      announced: /ST_CONTAINS\(\) becomes the same function, which counts points on an edge/,
      differs: /^routine matches:/,
    },
  },
];

/** Faults that are still there. */
export const PENDING = new Set<string>();
