import {
  type ChangeSet,
  type DatabaseChange,
  type Hazard,
  type ServerSummary,
  countEffects,
  effectOf,
  isPending,
} from '../core/change/change-set.js';
import { isBlocked, suggestOthers } from '../core/change/consent.js';
import { type CopyConditions, describeConditions } from '../core/change/copy-conditions.js';
import { isRefreshing } from '../core/plan/refresh-rule.js';
import { describeFlavor } from '../core/flavor.js';
import { SIGNS, chooseLayout } from './change-set-layout.js';
import { makePrintable } from '../core/printable.js';
import { fitLines } from './fit-lines.js';
import { type Look, paint } from './paint.js';
import { listObjects, pipeObjects, summarizeObjects } from './object-changes.js';
import { pipeMasks } from './mask-decisions.js';
import { renderPrograms } from './programs.js';
import { renderRecovery } from './recovery.js';
import { formatRelativeTime } from './relative-time.js';
import { describeSameness } from './sameness.js';
import { type ScratchView, renderScratch } from './scratch.js';
import { mayUseUp, renderUsedUp } from './used-up.js';
import { renderTable, renderTableRows, widthOfTable } from './table.js';
import { renderVolume } from './volume.js';
import { suggestCommand } from '../core/shell-word.js';
import {
  NOT_SAVED,
  fileArgument,
  fileLikeArgument,
  isPlanFile,
  planArgument,
} from '../core/plan/unsaved-plan.js';

export interface ChangeSetView {
  readonly now: Date;
  readonly skipped: 'count' | 'list';
  readonly programs: 'count' | 'list';
  /** `list`: each table and program that changes, with the lines of its definition. */
  readonly objects: 'count' | 'list';
}

/**
 * The diff: for people with the servers, the changes and a summary; in a pipe one tab separated line a database, and
 * below it those of its objects when they are listed.
 */
export const renderChangeSet = (changeSet: ChangeSet, look: Look, view: ChangeSetView): readonly string[] =>
  look.isTerminal
    ? [
        ...renderServers(changeSet, look),
        ...(changeSet.databases.length > 0
          ? ['', `  ${legend(changeSet, look)}`, '', ...renderRows(changeSet, look, view)]
          : []),
        ...renderScratch(changeSet.scratch, look, scratchView(changeSet, view.now)),
        ...renderFirst(changeSet, look),
        '',
        ...renderSummary(changeSet, look),
      ]
    : changeSet.databases.flatMap((change) => [
        pipedRow(change).join('\t'),
        // Of what is blocked, what has to be decided.
        ...(view.objects === 'list' ? (isPending(change) ? pipeObjects(change) : pipeMasks(change)) : []),
      ]);

/** What the lines of a pipe have no column for. `notes` leaves out what blocks, where an error is to say it. */
export const renderNotes = (
  changeSet: ChangeSet,
  look: Look,
  which: 'notes' | 'every-hazard',
): readonly string[] => {
  const { hazards, databases, scratch } = changeSet;
  const isShown = ({ severity }: Hazard): boolean => which === 'every-hazard' || severity === 'note';
  return [
    ...hazards.filter(isShown).map((hazard) => hazardLine(hazard, look)),
    ...databases.flatMap(({ to, hazards: found }) =>
      found.filter(isShown).map((hazard) => `${makePrintable(to)}: ${hazardLine(hazard, look)}`),
    ),
    ...scratch.flatMap(({ database, doubt }) =>
      doubt === null ? [] : [makePrintable(`note ${database} is left as it is: ${doubt}`)],
    ),
    ...renderUsedUp(changeSet),
    ...renderFirst(changeSet, look),
  ];
};

/** An apply that has nothing to do puts nothing in order either. */
const renderFirst = ({ databases, recovery }: ChangeSet, look: Look): readonly string[] =>
  databases.some(isPending) ? renderRecovery(recovery, look) : [];

const scratchView = (changeSet: ChangeSet, now: Date): ScratchView => {
  const { plan, target, databases, recovery } = changeSet;
  const where = isPlanFile(plan.path) ? fileLikeArgument(plan.path) : target.name;
  return {
    now,
    planned: new Set(databases.map(({ to }) => to)),
    replaced: new Set(databases.filter(isPending).map(({ to }) => to)),
    dropped: new Set(recovery.map(({ database }) => database)),
    isStart: mayUseUp(changeSet),
    statusCommand: suggestCommand`status ${where}`,
  };
};

/** Columns: action, from, to, source tables, source bytes, target tables, target bytes, target written at, reason. */
const pipedRow = (change: DatabaseChange): readonly string[] => {
  const { from, to, source, target, reason, sameness } = change;
  return [
    effectOf(change),
    from,
    to,
    String(source.tables),
    String(source.bytes),
    String(target?.tables ?? ''),
    String(target?.bytes ?? ''),
    target?.writtenAt ?? '',
    reason ?? (sameness ? describeSameness(sameness, (time) => time).join('; ') : ''),
  ].map(makePrintable);
};

/** Nobody has to learn a sign that is not there, and most plans have nothing that is unchanged. */
const legend = ({ databases }: ChangeSet, look: Look): string =>
  (['create', 'overwrite', 'unchanged', 'blocked'] as const)
    .filter((effect) => effect !== 'unchanged' || databases.some((change) => effectOf(change) === effect))
    .map((effect) => `${paint(look, SIGNS[effect].color, SIGNS[effect].sign)}  ${SIGNS[effect].word}`)
    .join('    ');

/** One line a server, or two where the terminal is too narrow for one. */
const renderServers = ({ source, target, copy, hazards }: ChangeSet, look: Look): readonly string[] => {
  const rows = [
    ['Source', ...serverCells(source), ''],
    ['Target', ...serverCells(target), `${target.access}${target.isProtected ? ', protected' : ''}`],
  ];
  const columns = rows[0]?.map(() => ({ title: '' })) ?? [];
  const isWide = widthOfTable(columns, rows) <= look.columns;
  return [
    ...(isWide ? renderTable(columns, rows, look).slice(1) : rows.flatMap(stackServer)),
    ...renderConditions(copy, look),
    ...hazards.map((hazard) => `  ${hazardLine(hazard, look)}`),
  ];
};

/** One line, or several where the terminal is too narrow for one. */
const renderConditions = (copy: CopyConditions, look: Look): readonly string[] => {
  const title = 'Rows    ';
  const parts = describeConditions(copy);
  const room = { ...look, columns: look.columns - title.length };
  const whole = parts.join('; ');
  const lines = whole.length <= room.columns ? [whole] : fitLines(parts, room);
  return lines.map((line, index) => (index === 0 ? title : ' '.repeat(title.length)) + line);
};

const stackServer = ([
  side = '',
  name = '',
  address = '',
  ...facts
]: readonly string[]): readonly string[] => [
  `${side}  ${makePrintable(name)}  ${makePrintable(address)}`,
  `        ${facts.filter((fact) => fact !== '').join(', ')}`,
];

const serverCells = ({ name, address, flavor, tls }: ServerSummary): readonly string[] => [
  name,
  address,
  describeFlavor(flavor),
  tls.version === null ? `no TLS${tls.isLocal ? ' (local)' : ''}` : `TLS ${tls.mode}`,
];

/** Columns of a terminal from which on details stand under the name. */
const INDENTED_FROM = 60;

const renderRows = (
  { databases }: ChangeSet,
  look: Look,
  { now, skipped, programs, objects }: ChangeSetView,
): readonly string[] => {
  const hidden = skipped === 'list' ? [] : databases.filter(({ action }) => action === 'skip');
  const shown = databases.filter((change) => !hidden.includes(change));
  const layout = chooseLayout(shown, now, look.columns);
  const [titles = [], ...rows] = renderTableRows(layout.columns, layout.rows, look);
  const indent = ' '.repeat(look.columns < INDENTED_FROM ? 6 : 12);
  const names = hidden.map(({ from }) => makePrintable(from)).join(', ');
  return [
    ...titles,
    ...rows.flatMap((lines, index) => {
      const change = shown[index];
      const details = change
        ? [...(layout.details[index] ?? []), ...detailLines(change, look, { now, programs, objects })]
        : [];
      return [...lines, ...details.map((detail) => `${indent}${detail}`)];
    }),
    ...(hidden.length > 0
      ? [`        (${String(hidden.length)} skipped: ${names}. --show-skipped to list)`]
      : []),
  ];
};

const detailLines = (
  change: DatabaseChange,
  look: Look,
  { now, programs, objects }: Omit<ChangeSetView, 'skipped'>,
): readonly string[] => [
  ...(change.sameness
    ? describeSameness(change.sameness, (time) => formatRelativeTime(time, now)).map(makePrintable)
    : []),
  ...(change.action === 'skip'
    ? []
    : [
        ...(objects === 'list' ? listObjects(change, look) : summarizeObjects(change)),
        ...renderPrograms(change.programs, programs),
      ]),
  ...change.hazards.map((hazard) => hazardLine(hazard, look)),
];

const hazardLine = (hazard: Hazard, look: Look): string =>
  hazard.severity === 'note' ? `note ${hazardText(hazard)}` : paint(look, 'red', `! ${hazardText(hazard)}`);

export const hazardText = ({ code, message, hint }: Hazard): string =>
  `[${code}] ${makePrintable(message)}${message.endsWith('?') ? '' : '.'} ${makePrintable(hint)}`;

/** How many databases are what: `1 to create, 2 unchanged`. */
export const summarizeEffects = (changeSet: ChangeSet): string => {
  const { create, overwrite, unchanged, skip, blocked } = countEffects(changeSet);
  const parts = [
    create > 0 ? `${String(create)} to create` : '',
    overwrite > 0 ? `${String(overwrite)} to overwrite` : '',
    unchanged > 0 ? `${String(unchanged)} unchanged` : '',
    skip > 0 ? `${String(skip)} to skip` : '',
    blocked > 0 ? `${String(blocked)} blocked` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'nothing to do' : parts.join(', ');
};

const renderSummary = (changeSet: ChangeSet, look: Look): readonly string[] => {
  const { create, overwrite, unchanged, blocked } = countEffects(changeSet);
  if (changeSet.databases.length === 0) return ['Nothing to do: no database is selected.'];
  if (create + overwrite + unchanged + blocked === 0)
    return ['Nothing to do: the target has every selected database, and the plan skips those.'];
  return [
    `Plan: ${summarizeEffects(changeSet)}.${unchanged > 0 ? ` ${describeUnchanged(changeSet, unchanged === 1 ? 'it' : 'them')}` : ''}`,
    ...renderVolume(changeSet, look),
  ];
};

const describeUnchanged = ({ options }: ChangeSet, them: string): string =>
  isRefreshing(options.refresh)
    ? `apply compares ${them} once more, and copies what differs then.`
    : `apply copies ${them} all the same.`;

/** What to type next; `savedTo` is where `--out` wrote the plan. */
export const renderNextSteps = (changeSet: ChangeSet, savedTo: string | undefined): readonly string[] => {
  const { plan, databases, target } = changeSet;
  if (isBlocked(changeSet)) {
    const others = suggestOthers(changeSet);
    return [
      ...(savedTo === undefined ? [] : [`Saved to ${savedTo}, and apply refuses it: something is blocked.`]),
      ...(others === undefined ? [] : [others]),
    ];
  }
  if (!databases.some(isPending)) return [];
  if (savedTo !== undefined)
    return [
      `Saved to ${savedTo}, good once for 24 hours. To apply exactly this:  ${suggestCommand`apply ${planArgument(savedTo)}`}`,
    ];
  // Only copy shows a plan that is in no file.
  if (plan.path === NOT_SAVED) return ['To copy now, leave --plan-only out; --save FILE writes the plan.'];
  const now = `To apply now (plans again):   ${suggestCommand`apply ${planArgument(plan.path)}`}`;
  const pending = databases.filter(isPending);
  if (pending.every((change) => effectOf(change) === 'unchanged')) return [];
  const isUnread = pending.some(({ sameness }) => sameness?.verdict === 'not-compared');
  const compare = isUnread
    ? [`To compare the rows, too:     ${suggestCommand`plan ${planArgument(plan.path)} --rows`}`]
    : [];
  const first = isPlanFile(plan.path) ? '' : ', write the plan to a file';
  const later = `To apply exactly this later${first}:  ${suggestCommand`plan ${fileArgument(plan.path)} --out FILE`}`;
  return [...compare, later, ...(target.isProtected ? [] : [now])];
};
