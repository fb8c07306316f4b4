import { fingerprintOf } from '../../../core/fingerprint.js';
import type { Vendor } from '../../../core/flavor.js';
import type { EventState } from '../../../core/sql/event-text.js';
import type { EventInventory, ProgramInventory } from '../../../core/server/inventory.js';
import { PROGRAM_KINDS } from '../../../core/program-kind.js';
import { toTableName } from '../../../core/names.js';
import { listCallsOfView, listTablesElsewhere } from '../../../core/server/view-order.js';
import type { Cell, Row } from './information-schema.js';
import {
  normalizeBody,
  normalizeCharacters,
  normalizeCharset,
  normalizeDataType,
  normalizeQuery,
  normalizeSqlMode,
  textOf,
} from './inspect-normal-form.js';
import { describePersonalTexts } from './personal-texts.js';
import { keyOfTable } from './inspect-read-tables.js';
import { compareText } from './inspect-columns.js';
import { toProgramKind } from '../facts/program-kind.js';

/** All that information_schema says about the programs of one database. */
export interface ProgramRows {
  readonly views: readonly Row<'VIEWS'>[];
  readonly triggers: readonly Row<'TRIGGERS'>[];
  readonly routines: readonly Row<'ROUTINES'>[];
  readonly parameters: readonly Row<'PARAMETERS'>[];
  readonly events: readonly Row<'EVENTS'>[];
}

/** Sorted by kind and name; triggers by table and then as they fire. */
export const toPrograms = (
  { views, triggers, routines, parameters, events }: ProgramRows,
  vendor: Vendor,
  faults: ReadonlyMap<string, string>,
): readonly ProgramInventory[] =>
  [
    ...views.map((view) => toView(view, faults.get(keyOfTable(view)))),
    ...[...triggers].sort(compareTriggers).map(toTrigger),
    ...routines.map((routine) =>
      toRoutine(
        routine,
        parameters.filter((parameter) => belongsTo(parameter, routine)),
        vendor,
      ),
    ),
    ...events.map(toEvent),
  ].sort(
    (a, b) =>
      PROGRAM_KINDS.indexOf(a.kind) - PROGRAM_KINDS.indexOf(b.kind) ||
      (a.kind === 'trigger' ? 0 : compareText(a.name, b.name)),
  );

/** The session in which a program was made decides what its text means, so it is part of the program. */
const describeSession = (row: {
  readonly CHARACTER_SET_CLIENT: Cell;
  readonly COLLATION_CONNECTION: Cell;
  readonly DATABASE_COLLATION?: Cell;
  readonly SQL_MODE?: Cell;
}): unknown => [
  normalizeCharset(row.CHARACTER_SET_CLIENT),
  normalizeCharset(row.COLLATION_CONNECTION),
  normalizeCharset(row.DATABASE_COLLATION ?? null),
  normalizeSqlMode(row.SQL_MODE ?? null),
];

/** MariaDB writes a role as `role@` in some places, and as `role` in others. */
const definerOf = ({ DEFINER }: { readonly DEFINER: Cell }): string =>
  textOf(DEFINER).replace(/^[^@]+$/, '$&@');

const describeSecurity = (row: {
  readonly DEFINER: Cell;
  readonly SECURITY_TYPE: Cell;
}): Pick<ProgramInventory, 'definer' | 'isInvoker'> => ({
  definer: definerOf(row),
  ...(textOf(row.SECURITY_TYPE) === 'INVOKER' ? { isInvoker: true } : {}),
});

/** Servers store a view with every name in full. */
const describeReading = (view: Row<'VIEWS'>): Pick<ProgramInventory, 'readsElsewhere' | 'calls'> => {
  const [query, own] = [textOf(view.VIEW_DEFINITION), textOf(view.TABLE_SCHEMA)];
  const [readsElsewhere, calls] = [listTablesElsewhere(query, own), listCallsOfView(query, own)];
  return { ...(readsElsewhere.length > 0 && { readsElsewhere }), ...(calls.length > 0 && { calls }) };
};

const toView = (view: Row<'VIEWS'>, fault: string | undefined): ProgramInventory => ({
  kind: 'view',
  name: textOf(view.TABLE_NAME),
  ...describeSecurity(view),
  ...describeReading(view),
  ...(fault !== undefined && { fault }),
  ...describePersonalTexts([[`view ${textOf(view.TABLE_NAME)}`, [view.VIEW_DEFINITION]]]),
  fingerprint: fingerprintOf([
    normalizeQuery(textOf(view.VIEW_DEFINITION), textOf(view.TABLE_SCHEMA)),
    view.CHECK_OPTION,
    view.DEFINER,
    view.SECURITY_TYPE,
    view.ALGORITHM ?? 'UNDEFINED',
    describeSession(view),
  ]),
});

const toTrigger = (trigger: Row<'TRIGGERS'>): ProgramInventory => ({
  kind: 'trigger',
  name: textOf(trigger.TRIGGER_NAME),
  table: toTableName(textOf(trigger.EVENT_OBJECT_TABLE)),
  definer: definerOf(trigger),
  ...describePersonalTexts([[`trigger ${textOf(trigger.TRIGGER_NAME)}`, [trigger.ACTION_STATEMENT]]]),
  fingerprint: fingerprintOf([
    trigger.EVENT_OBJECT_TABLE,
    trigger.ACTION_TIMING,
    trigger.EVENT_MANIPULATION,
    Number(trigger.ACTION_ORDER),
    normalizeBody(trigger.ACTION_STATEMENT),
    trigger.DEFINER,
    describeSession(trigger),
  ]),
});

const compareTriggers = (a: Row<'TRIGGERS'>, b: Row<'TRIGGERS'>): number =>
  compareText(placeOf(a), placeOf(b)) || Number(a.ACTION_ORDER) - Number(b.ACTION_ORDER);

const placeOf = (trigger: Row<'TRIGGERS'>): string =>
  JSON.stringify([trigger.EVENT_OBJECT_TABLE, trigger.ACTION_TIMING, trigger.EVENT_MANIPULATION]);

const toRoutine = (
  routine: Row<'ROUTINES'>,
  parameters: readonly Row<'PARAMETERS'>[],
  vendor: Vendor,
): ProgramInventory => ({
  kind: toProgramKind(textOf(routine.ROUTINE_TYPE), textOf(routine.ROUTINE_NAME)),
  name: textOf(routine.ROUTINE_NAME),
  comment: textOf(routine.ROUTINE_COMMENT),
  ...describeSecurity(routine),
  ...describePersonalTexts([
    [
      `${textOf(routine.ROUTINE_TYPE).toLowerCase()} ${textOf(routine.ROUTINE_NAME)}`,
      [routine.ROUTINE_DEFINITION, routine.ROUTINE_COMMENT],
    ],
  ]),
  fingerprint: fingerprintOf([
    routine.ROUTINE_TYPE,
    normalizeDataType(vendor, routine.DTD_IDENTIFIER),
    normalizeBody(routine.ROUTINE_DEFINITION),
    routine.EXTERNAL_LANGUAGE ?? 'SQL',
    routine.IS_DETERMINISTIC,
    routine.SQL_DATA_ACCESS,
    routine.SECURITY_TYPE,
    routine.ROUTINE_COMMENT,
    routine.DEFINER,
    describeSession(routine),
    parameters.map((parameter) => describeParameter(parameter, vendor)).sort(compareText),
  ]),
});

const belongsTo = (parameter: Row<'PARAMETERS'>, routine: Row<'ROUTINES'>): boolean =>
  parameter.SPECIFIC_NAME === routine.ROUTINE_NAME && parameter.ROUTINE_TYPE === routine.ROUTINE_TYPE;

const describeParameter = (parameter: Row<'PARAMETERS'>, vendor: Vendor): string =>
  JSON.stringify([
    Number(parameter.ORDINAL_POSITION),
    parameter.PARAMETER_MODE,
    parameter.PARAMETER_NAME,
    normalizeDataType(vendor, parameter.DTD_IDENTIFIER),
    ...normalizeCharacters(vendor, parameter),
  ]);

/** MySQL 8.2 has another word for the state that replicas give. */
const EVENT_STATES: Readonly<Record<string, EventState>> = { ENABLED: 'enabled', DISABLED: 'disabled' };

const describeEvent = (event: Row<'EVENTS'>): EventInventory => {
  const [at, every, unit, starts, ends] = [
    event.EXECUTE_AT,
    event.INTERVAL_VALUE,
    event.INTERVAL_FIELD,
    event.STARTS,
    event.ENDS,
  ].map(textOf);
  const isOnce = textOf(event.EVENT_TYPE) === 'ONE TIME';
  const recurring = `EVERY ${every ?? ''} ${unit ?? ''}${starts ? ` STARTS ${starts}` : ''}${ends ? ` ENDS ${ends}` : ''}`;
  const lastTime = isOnce ? at : ends;
  return {
    state: EVENT_STATES[textOf(event.STATUS)] ?? 'disabled-on-replica',
    schedule: isOnce ? `AT ${at ?? ''}` : recurring,
    timeZone: textOf(event.TIME_ZONE),
    ...(lastTime ? { lastTime } : {}),
    isPreserved: textOf(event.ON_COMPLETION) === 'PRESERVE',
  };
};

const toEvent = (event: Row<'EVENTS'>): ProgramInventory => ({
  kind: 'event',
  name: textOf(event.EVENT_NAME),
  comment: textOf(event.EVENT_COMMENT),
  definer: definerOf(event),
  event: describeEvent(event),
  ...describePersonalTexts([
    [`event ${textOf(event.EVENT_NAME)}`, [event.EVENT_DEFINITION, event.EVENT_COMMENT]],
  ]),
  fingerprint: fingerprintOf([
    normalizeBody(event.EVENT_DEFINITION),
    event.TIME_ZONE,
    event.EVENT_TYPE,
    event.EXECUTE_AT,
    event.INTERVAL_VALUE,
    event.INTERVAL_FIELD,
    event.STARTS,
    event.ENDS,
    event.STATUS,
    event.ON_COMPLETION,
    event.EVENT_COMMENT,
    event.DEFINER,
    describeSession(event),
  ]),
});
