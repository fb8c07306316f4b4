import { sha256Hex } from '../core/fingerprint.js';
import type { DatabaseDefaults } from '../core/server/inventory.js';
import { PROGRAM_KINDS } from '../core/program-kind.js';
import {
  type DatabaseName,
  JOURNAL_TABLE,
  type RunId,
  type TableName,
  isScratchDatabase,
  isSystemDatabase,
  nameScratchDatabase,
  parseScratchName,
  toDatabaseName,
  toTableName,
} from '../core/names.js';
import { findProgramFault } from '../core/sql/program-statement.js';
import { MalformedError, toFields, toList, toText } from '../core/strict-json.js';
import type { Journal, JournalHeader, PlanMark } from './journal-form.js';
import { toKeyToStaying, toKeyToUnit, toOutsideKey } from './parse-journal-keys.js';
import type { ProgramDefinition } from './ports/server.js';
import type { DatabaseContent, StructureBefore, Swap } from './tasks/swap-definition.js';

/** A journal, or why what stands there is none. */
export type ParsedJournal =
  | { readonly journal: Journal; readonly fault: null }
  | { readonly journal: undefined; readonly fault: string };

/**
 * Reads the journal that stands in the scratch database `home`. Everything that follows from the run and the live
 * name is worked out again and compared, so that nothing but the live database and the run's own scratch databases
 * can be touched, whatever the text says; what would run as SQL has to be what servers print of such an object.
 */
export const parseJournal = (text: string, home: DatabaseName): ParsedJournal => {
  try {
    return { journal: toJournal(JSON.parse(text) as unknown, home), fault: null };
  } catch (error) {
    const fault = error instanceof MalformedError ? error.message : 'it is no JSON';
    return { journal: undefined, fault };
  }
};

/** Of names and everything that servers keep short. */
const SHORT = 1024;
const MEGABYTE = 1024 * 1024;

const toJournal = (value: unknown, home: DatabaseName): Journal => {
  if ((value as { format?: unknown } | null)?.format !== 1)
    throw new MalformedError('it is of a format that this version does not know');
  const fields = toFields(
    value,
    'it',
    ['format', 'run', 'live', 'staging', 'retired', 'startedAt', 'plan', 'phase'],
    ['savedPlan', 'swap', 'together'],
  );
  const header = toHeader(fields, home);
  const phase = fields['phase'];
  if (phase === 'staging' && fields['swap'] === undefined) return { ...header, phase };
  if (phase !== 'swapping' && phase !== 'kept') throw new MalformedError('its phase is unknown');
  return { ...header, phase, swap: toSwap(fields['swap'], header) };
};

const toHeader = (fields: Readonly<Record<string, unknown>>, home: DatabaseName): JournalHeader => {
  const live = toLive(fields['live'], 'live');
  const named = parseScratchName(home);
  if (named === undefined || fields['run'] !== named.run)
    throw new MalformedError('it belongs to a different run than the database it is in');
  const { run } = named;
  const retired = nameScratchDatabase('old', run, sha256Hex(live));
  if (home !== retired || fields['retired'] !== retired)
    throw new MalformedError('it belongs in a different database than the one it is in');
  const startedAt = toText(fields['startedAt'], 'startedAt', SHORT);
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(startedAt)) throw new MalformedError('startedAt is no time');
  const savedPlan =
    fields['savedPlan'] === undefined ? undefined : toText(fields['savedPlan'], 'savedPlan', SHORT);
  return {
    format: 1,
    run,
    live,
    staging: toStaging(fields['staging'], run, live),
    retired,
    startedAt,
    plan: toPlanMark(fields['plan']),
    ...(savedPlan === undefined ? {} : { savedPlan }),
    ...(fields['together'] === undefined
      ? {}
      : { together: toList(fields['together'], 'together', (name) => toSibling(name, live)) }),
  };
};

const toLive = (value: unknown, what: string): DatabaseName => {
  const name = toDatabaseName(toText(value, what, SHORT));
  if (name === '' || isSystemDatabase(name) || isScratchDatabase(name))
    throw new MalformedError(`${what} is not a database that can be synced`);
  return name;
};

const toSibling = (value: unknown, live: DatabaseName): DatabaseName => {
  const sibling = toLive(value, 'together');
  if (sibling === live) throw new MalformedError('together names its own database');
  return sibling;
};

const toPlanMark = (value: unknown): PlanMark => {
  const fields = toFields(value, 'plan', ['name', 'digest']);
  return {
    name: toText(fields['name'], 'name of the plan', 64 * SHORT),
    digest: toText(fields['digest'], 'digest of the plan', SHORT),
  };
};

/** The one of this run, or, for a rollback, what another run retired of the same database. */
const toStaging = (value: unknown, run: RunId, live: DatabaseName): DatabaseName => {
  const staging = toDatabaseName(toText(value, 'staging', SHORT));
  const hash = sha256Hex(live);
  const named = parseScratchName(staging);
  const isOfRollback =
    named !== undefined && named.run !== run && staging === nameScratchDatabase('old', named.run, hash);
  if (!isOfRollback && staging !== nameScratchDatabase('new', run, hash))
    throw new MalformedError('staging is not a database of this run');
  return staging;
};

const toSwap = (value: unknown, header: JournalHeader): Swap => {
  const { live, staging, retired } = header;
  const fields = toFields(value, 'swap', [
    'live',
    'staging',
    'retired',
    'incoming',
    'outgoing',
    'outsideKeys',
    'before',
  ]);
  if (fields['live'] !== live || fields['staging'] !== staging || fields['retired'] !== retired)
    throw new MalformedError('swap is of other databases');
  return {
    live,
    staging,
    retired,
    incoming: fields['incoming'] === null ? null : toContent(fields['incoming'], header),
    outgoing: fields['outgoing'] === null ? null : toContent(fields['outgoing'], header),
    outsideKeys: toList(fields['outsideKeys'], 'outsideKeys', (key) => toOutsideKey(key, live)),
    before: toList(fields['before'], 'before', toStructure),
  };
};

const toContent = (value: unknown, header: JournalHeader): DatabaseContent => {
  const fields = toFields(
    value,
    'content',
    ['tables', 'programs', 'defaults', 'printedAs'],
    ['keysToUnit', 'keysToStaying'],
  );
  const printedAs = toDatabaseName(toText(fields['printedAs'], 'printedAs', SHORT));
  const tables = toList(fields['tables'], 'tables', toMovedTable);
  return {
    tables,
    programs: toList(fields['programs'], 'programs', (program) => toProgram(program, printedAs)),
    defaults: toDefaults(fields['defaults']),
    printedAs,
    ...(fields['keysToUnit'] === undefined
      ? {}
      : { keysToUnit: toList(fields['keysToUnit'], 'keysToUnit', (key) => toKeyToUnit(key, header)) }),
    ...(fields['keysToStaying'] === undefined
      ? {}
      : {
          keysToStaying: toList(fields['keysToStaying'], 'keysToStaying', (key) =>
            toKeyToStaying(key, header, tables),
          ),
        }),
  };
};

const toMovedTable = (value: unknown): TableName => {
  const table = toText(value, 'table', SHORT);
  if (table === '' || table === JOURNAL_TABLE) throw new MalformedError('a table has no name that is moved');
  return toTableName(table);
};

const toStructure = (value: unknown): StructureBefore => {
  const fields = toFields(value, 'structure', ['name', 'fingerprint'], ['marks']);
  return {
    name: toMovedTable(fields['name']),
    fingerprint: toText(fields['fingerprint'], 'fingerprint', SHORT),
    ...(fields['marks'] === undefined ? {} : { marks: toText(fields['marks'], 'marks', MEGABYTE) }),
  };
};

const toDefaults = (value: unknown): DatabaseDefaults => {
  const fields = toFields(value, 'defaults', ['charset', 'collation', 'comment'], ['isEncrypted']);
  if (fields['isEncrypted'] !== undefined && fields['isEncrypted'] !== true)
    throw new MalformedError('isEncrypted is not true');
  return {
    charset: toWord(fields['charset'], 'charset'),
    collation: toWord(fields['collation'], 'collation'),
    comment: toText(fields['comment'], 'comment', 64 * SHORT),
    ...(fields['isEncrypted'] === true ? { isEncrypted: true } : {}),
  };
};

/** Names of character sets and collations go into SQL as they are. */
const toWord = (value: unknown, what: string): string => {
  const text = toText(value, what, SHORT);
  if (!/^\w+$/.test(text)) throw new MalformedError(`${what} is no name of one`);
  return text;
};

const toProgram = (value: unknown, database: DatabaseName): ProgramDefinition => {
  const fields = toFields(
    value,
    'program',
    ['kind', 'name', 'statement', 'sqlMode', 'charsetClient', 'collationConnection'],
    ['table', 'databaseCollation', 'timeZone'],
  );
  const kind = PROGRAM_KINDS.find((known) => known === fields['kind']);
  if (kind === undefined) throw new MalformedError('a program is of an unknown kind');
  const text = (key: string): string => toText(fields[key], key, SHORT);
  const [name, sqlMode] = [text('name'), text('sqlMode')];
  const statement = toText(fields['statement'], 'statement', 64 * MEGABYTE);
  const fault = findProgramFault(statement, { kind, name, sqlMode, database });
  if (fault !== undefined) throw new MalformedError(`the statement of ${kind} ${name} ${fault}`);
  return {
    kind,
    name,
    statement,
    sqlMode,
    charsetClient: toWord(fields['charsetClient'], 'charsetClient'),
    collationConnection: toWord(fields['collationConnection'], 'collationConnection'),
    ...(fields['databaseCollation'] === undefined
      ? {}
      : { databaseCollation: toWord(fields['databaseCollation'], 'databaseCollation') }),
    ...(fields['timeZone'] === undefined ? {} : { timeZone: text('timeZone') }),
    ...(fields['table'] === undefined ? {} : { table: toTableName(text('table')) }),
  };
};
