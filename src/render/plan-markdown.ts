import {
  type ChangeSet,
  type DatabaseChange,
  type DatabaseSize,
  type Hazard,
  effectOf,
} from '../core/change/change-set.js';
import { makePrintable } from '../core/printable.js';
import { SIGNS, sizeText } from './change-set-layout.js';
import { hazardText, summarizeEffects } from './change-set.js';
import { listHooks } from './hooks.js';
import { listPreserve } from './preserve.js';
import { listRefresh } from './refresh-lines.js';
import { listMasks } from './mask-decisions.js';
import { escapeMarkdown, fencedBlock, nameCode } from './markdown.js';
import { listChanged } from './object-changes.js';
import { describeSameness } from './sameness.js';

/** One line for the log of a pipeline. */
export const renderPlanLine = (changeSet: ChangeSet): string =>
  makePrintable(
    `mysql-sync: plan ${changeSet.plan.name}: ${summarizeEffects(changeSet)} on ${changeSet.target.name}`,
  );

/** The diff as a comment of a pull request: a table of the databases, and folded below it what changes in each. */
export const renderPlanMarkdown = (changeSet: ChangeSet): readonly string[] => {
  const { plan, source, target, hazards, databases } = changeSet;
  return [
    `### mysql-sync: plan ${nameCode(plan.name)}`,
    '',
    `${nameCode(source.name)} to ${nameCode(target.name)}: **${escapeMarkdown(summarizeEffects(changeSet))}**`,
    ...fold('both servers', hazards.map(hazardLine)),
    ...(databases.length === 0
      ? []
      : ['', '| | database | action | source | target now |', '| --- | --- | --- | --- | --- |']),
    ...databases.map(tableRow),
    ...databases.flatMap((change) =>
      fold(nameCode(change.to), [
        ...change.hazards.map(hazardLine),
        ...objectLines(change),
        ...ownSqlLines(change),
      ]),
    ),
  ];
};

const tableRow = (change: DatabaseChange): string => {
  const { from, to, source, target } = change;
  const { sign, word } = SIGNS[effectOf(change)];
  const cells = [
    sign === '' ? '' : nameCode(sign),
    from === to ? nameCode(to) : `${nameCode(from)} to ${nameCode(to)}`,
    escapeMarkdown([word, ...noteOf(change)].join(': ')),
    escapeMarkdown(sizeText(source)),
    escapeMarkdown(targetText(target)),
  ];
  return `| ${cells.join(' | ')} |`;
};

const noteOf = ({ reason, sameness }: DatabaseChange): readonly string[] =>
  reason === null ? (sameness ? describeSameness(sameness, (time) => time) : []) : [reason];

const targetText = (target: DatabaseSize | null): string =>
  target
    ? [sizeText(target), ...(target.writtenAt === null ? [] : [`written ${target.writtenAt}`])].join(', ')
    : 'does not exist';

const hazardLine = (hazard: Hazard): string =>
  `${hazard.severity === 'note' ? '#' : '!'} ${hazardText(hazard)}`;

const objectLines = (change: DatabaseChange): readonly string[] =>
  listChanged(change)
    .filter(({ word }) => word !== 'keep')
    .flatMap(({ sign, kind, name, suffix, diff = [] }) => [
      `${sign} ${kind} ${makePrintable(name)}${suffix}`,
      ...diff.map(makePrintable),
    ]);

const ownSqlLines = (change: DatabaseChange): readonly string[] =>
  change.action === 'skip'
    ? []
    : [
        ...listRefresh(change, 'full'),
        ...listPreserve(change, 'full'),
        ...listMasks(change, 'full'),
        ...listHooks(change, 'full'),
      ].map((line) => `~ ${line}`);

const fold = (summary: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0
    ? []
    : ['', `<details><summary>${summary}</summary>`, '', ...fencedBlock('diff', lines), '', '</details>'];
