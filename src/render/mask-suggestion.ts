import type { RecognisedPack } from '../core/change/recognise-packs.js';
import type { WrittenDecision } from '../core/mask/mask-lock.js';
import { SAMPLE } from '../core/mask/sample.js';
import { fileArgument } from '../core/plan/unsaved-plan.js';
import { makePrintable, toPrintableJson } from '../core/printable.js';
import { suggestCommand } from '../core/shell-word.js';
import { formatPlural } from './units.js';

export interface Suggestion {
  readonly plan: string;
  readonly packs: readonly RecognisedPack[];
  readonly columns: readonly {
    readonly column: string;
    readonly mask: WrittenDecision;
    readonly why: readonly string[];
  }[];
  /** Columns of documents, whose paths a person has to choose. */
  readonly findings: readonly { readonly column: string; readonly why: readonly string[] }[];
  /** Null where no row was read. */
  readonly sampled: { readonly tables: number; readonly passedOver: readonly string[] } | null;
  /** Columns of which nothing is known. */
  readonly undecided: number;
}

/** YAML to paste, with what is to be known of it as comments. */
export const renderSuggestion = ({
  plan,
  packs,
  columns,
  findings,
  sampled,
  undecided,
}: Suggestion): readonly string[] => [
  ...(packs.length + columns.length === 0 ? [] : ['mask:']),
  ...(packs.length === 0
    ? []
    : [
        `  rules: [${packs.map(({ pack }) => pack).join(', ')}] # by tables that are there: ${packs
          .map(({ pack, columns: count }) => `${pack} decides ${formatPlural(count, 'column')}`)
          .join(', ')}`,
      ]),
  ...(columns.length === 0 ? [] : ['  columns:']),
  ...columns.map(
    ({ column, mask, why }) =>
      `    ${toPrintableJson(column)}: ${toPrintableJson(mask)} # ${makePrintable(why.join('; '))}`,
  ),
  ...findings.map(({ column, why }) =>
    makePrintable(
      `# ${column}: ${why.join('; ')}, in documents. Mask their paths by json, or all of it by value.`,
    ),
  ),
  ...(sampled ? describeSample(sampled) : []),
  ...(undecided === 0
    ? []
    : [
        makePrintable(
          `# ${formatPlural(undecided, 'column')} more without a decision; keep all of them:  ${suggestCommand`mask accept ${fileArgument(plan)}`} --all`,
        ),
      ]),
];

const MOST_NAMED = 5;

const describeSample = ({ tables, passedOver }: NonNullable<Suggestion['sampled']>): readonly string[] => {
  const rest = passedOver.length - MOST_NAMED;
  const named = `${passedOver.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? ` and ${formatPlural(rest, 'table')} more` : ''}`;
  return [
    `# Looked at no more than ${formatPlural(SAMPLE.rows, 'row')}, the first and the last, of ${formatPlural(tables, 'table')}.`,
    ...(passedOver.length > 0
      ? [
          makePrintable(
            `# Not looked at, as time ran out, the account may not read them or their rows are elsewhere: ${named}.`,
          ),
        ]
      : []),
  ];
};
