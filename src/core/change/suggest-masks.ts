import { DETECTED } from '../mask/detector.js';
import type { MaskRule } from '../mask/mask-rule.js';
import type { PackName } from '../mask/packs/index.js';
import type { SampledColumn } from '../mask/sample.js';
import {
  suggestByComment,
  suggestBySample,
  suggestByTable,
  suggestByType,
  suggestRule,
} from '../mask/suggest-rule.js';
import type { ResolvedMask } from '../mask/resolved-mask.js';
import { isColumnMatch, parseColumnPattern } from '../plan/column-pattern.js';
import type { DatabaseInventory } from '../server/inventory.js';
import { PACKS } from '../mask/packs/index.js';
import { type ClassifiedColumn, keyOf, namesOf, patternOf } from './classified-column.js';
import { type RecognisedPack, recognisePacks } from './recognise-packs.js';

export interface SuggestedMask {
  /** `shop.users.email`: names it, and is a pattern of it alone. */
  readonly column: string;
  /** Undefined where something was found in it, and a person has to see where: in documents. */
  readonly rule: MaskRule | undefined;
  /** For people, a clause each. */
  readonly why: readonly string[];
}

export interface MaskSuggestions {
  readonly packs: readonly RecognisedPack[];
  readonly columns: readonly SuggestedMask[];
  /** Columns without a decision of which nothing is known. */
  readonly others: number;
}

/** For columns without a decision; `samples` by `keyOf` of the columns that were looked at. */
export const suggestMasks = (
  mask: Pick<ResolvedMask, 'columns'>,
  columns: readonly ClassifiedColumn[],
  databases: readonly DatabaseInventory[],
  samples: ReadonlyMap<string, SampledColumn>,
): MaskSuggestions => {
  const used = new Set(mask.columns.flatMap(({ pack }) => pack ?? []));
  const packs = recognisePacks(columns).filter(({ pack }) => !used.has(pack));
  const isOfPack = matcherOf(packs.map(({ pack }) => pack));
  const comments = new Map(
    databases.flatMap(({ name, tables }) =>
      tables.map(({ name: table, comment = '' }) => [JSON.stringify([name, table]), comment] as const),
    ),
  );
  const undecided = columns.filter((column) => column.decided === undefined && !isOfPack(column));
  const suggested = undecided.flatMap((column) => {
    const one = suggestOne(
      column,
      comments.get(JSON.stringify([column.database, column.table])) ?? '',
      samples.get(keyOf(column)),
    );
    return one ? [one] : [];
  });
  return { packs, columns: suggested, others: undecided.length - suggested.length };
};

/** What a pack decides needs no rule of its own. */
const matcherOf = (packs: readonly PackName[]): ((column: ClassifiedColumn) => boolean) => {
  const patterns = packs.flatMap((pack) =>
    PACKS[pack].rules.flatMap(({ pattern }) => parseColumnPattern(pattern) ?? []),
  );
  return (column) => patterns.some((pattern) => isColumnMatch(pattern, namesOf(column)));
};

/** Name, comments and type say what a column is meant for; a sample what is in it. */
const suggestOne = (
  one: ClassifiedColumn,
  tableComment: string,
  sample: SampledColumn | undefined,
): SuggestedMask | undefined => {
  const { column } = one;
  const reasons: readonly (readonly [string, MaskRule | undefined])[] = [
    ['its name', suggestRule(column, one)],
    ['its comment', suggestByComment(column.comment ?? '', column, one)],
    ['its type', suggestByType(column, one)],
    ...(sample
      ? describeSample(sample).map((why) => [why, suggestBySample(sample, column, one)] as const)
      : []),
    ['the comment of its table', suggestByTable(tableComment, column, one)],
  ];
  const told = reasons.filter(([, rule]) => rule !== undefined);
  const why = told.map(([reason]) => reason);
  if (why.length > 0) return { column: patternOf(one), rule: told[0]?.[1], why };
  const found = sample ? describeSample(sample) : [];
  return found.length > 0 ? { column: patternOf(one), rule: undefined, why: found } : undefined;
};

/** `5 of 200 sampled values hold an e-mail address` */
const describeSample = ({ values, found }: SampledColumn): readonly string[] =>
  found.map(
    ({ kind, rows }) =>
      `${rows} of ${values} sampled values ${rows === 1 ? 'holds' : 'hold'} ${DETECTED[kind]}`,
  );
