import type { Connection } from '../core/server/connection.js';
import {
  type DraftConnection,
  type DraftEntry,
  type PlanDraft,
  nameOfDraftConnection,
} from '../core/plan/plan-draft.js';
import { type PlanOptions, toInlineTls } from '../core/plan/sync-plan.js';
import { quoteYamlKey, quoteYamlText } from './yaml-text.js';
import { makePrintable } from '../core/printable.js';
import { suggestCommand } from '../core/shell-word.js';
import { NOT_SAVED, planArgument } from '../core/plan/unsaved-plan.js';

export interface DraftPlace {
  /** The file, as the person names it; undefined when the plan goes to stdout. */
  readonly path: string | undefined;
  /** Path or URL of the JSON Schema, for editors; undefined when there is none to name. */
  readonly schema: string | undefined;
}

/** The YAML of a new plan: commented, without passwords, ending with a line break. */
export const renderPlanDraft = (draft: PlanDraft, { path, schema }: DraftPlace): string => {
  const { source, target, databases, onExisting, options } = draft;
  const file = planArgument(path ?? NOT_SAVED);
  const names = [source, target].map(nameOfDraftConnection);
  return [
    ...(schema === undefined ? [] : [`# yaml-language-server: $schema=${makePrintable(schema)}`]),
    `# Copies databases from ${makePrintable(names.join(' to '))}.`,
    '#',
    `#   ${suggestCommand`plan ${file}`}     shows what would happen, and writes nothing`,
    `#   ${suggestCommand`apply ${file}`}    shows it, asks, copies, verifies and swaps`,
    'version: 1',
    '',
    ...connectionLines('source', source),
    ...(source.kind === 'used-once' || target.kind === 'used-once' ? [''] : []),
    ...connectionLines('target', target),
    '',
    'defaults:',
    `  on_existing: ${onExisting} # when the target has the database: overwrite, skip or fail`,
    '',
    "# In this order. A glob takes every database that the source has then:  - match: 'app_*'",
    'databases:',
    ...databases.flatMap(entryLines),
    '',
    ...optionLines(options),
    '',
  ].join('\n');
};

const entryLines = (entry: DraftEntry): readonly string[] => {
  const { only = [], where = {} } = entry.tables ?? {};
  const conditions = Object.entries(where);
  return [
    ...('name' in entry ? nameLines(entry) : matchLines(entry)),
    ...(only.length + conditions.length > 0 ? ['    tables:'] : []),
    ...(only.length > 0 ? [`      only: ${listLine(only)}`] : []),
    ...(conditions.length > 0 ? ['      where:'] : []),
    ...conditions.map(([table, condition]) => `        ${quoteYamlKey(table)}: ${quoteYamlText(condition)}`),
  ];
};

const nameLines = ({ name, as }: Extract<DraftEntry, { name: string }>): readonly string[] => [
  `  - name: ${quoteYamlText(name)}`,
  ...(as === undefined ? [] : [`    as: ${quoteYamlText(as)}`]),
];

const matchLines = ({ match, exclude = [] }: Extract<DraftEntry, { match: string }>): readonly string[] => [
  `  - match: ${quoteYamlText(match)}`,
  ...(exclude.length > 0 ? [`    exclude: ${listLine(exclude)}`] : []),
];

const listLine = (texts: readonly string[]): string => `[${texts.map(quoteYamlText).join(', ')}]`;

const connectionLines = (role: 'source' | 'target', written: DraftConnection): readonly string[] => {
  const use = role === 'source' ? 'is read' : 'is written';
  if (written.kind === 'saved')
    return [`${role}: ${quoteYamlText(written.name)} # ${use}: a saved connection`];
  const { connection, passwordVariable } = written;
  const hint =
    passwordVariable === undefined ? '' : ` Set ${passwordVariable} to its password before plan and apply.`;
  return [
    `# The server that ${use}.${hint}`,
    `${role}:`,
    ...inlineLines(connection, passwordVariable, role).map((line) => `  ${line}`),
  ];
};

const inlineLines = (
  { name, address, user, tls, isProtected }: Connection,
  passwordVariable: string | undefined,
  role: 'source' | 'target',
): readonly string[] => [
  `name: ${quoteYamlText(name)}`,
  ...(address.kind === 'tcp'
    ? [
        `host: ${quoteYamlText(address.host)}`,
        `port: ${String(address.port)}`,
        ...(address.ssh === undefined ? [] : [`ssh: ${quoteYamlText(address.ssh)}`]),
      ]
    : [`socket: ${quoteYamlText(address.path)}`]),
  `user: ${quoteYamlText(user)}`,
  ...(passwordVariable === undefined ? [] : [`password: \${${passwordVariable}}`]),
  'tls:',
  ...Object.entries<string>({ ...toInlineTls(tls) }).map(
    ([key, value]) => `  ${key}: ${quoteYamlText(value)}`,
  ),
  ...(role === 'target' ? ['access: read-write # a target must permit it'] : []),
  ...(role === 'target' && isProtected ? ['protected: true # only a saved plan replaces data here'] : []),
];

const optionLines = (options: PlanOptions): readonly string[] => {
  const written = Object.entries(options).map(([key, value]) => `  ${key}: ${String(value)}`);
  if (written.length > 0) return ['options:', ...written];
  return [
    '# options:',
    '#   max_concurrent: 1 # databases at once',
    '#   engine: auto # how rows travel: auto, native or dump',
    '#   verify: digest # how the copy is compared before it goes live: digest or counts',
  ];
};

/** What to type next. A protected target takes a saved plan only. */
export const renderPlanSteps = (
  { source, target }: PlanDraft,
  path: string,
  guard: 'protected' | 'open',
): readonly string[] => {
  const file = planArgument(path);
  const variables = [source, target].flatMap((written) =>
    written.kind === 'used-once' && written.passwordVariable !== undefined
      ? [
          `Set ${written.passwordVariable} first: the plan takes the password of ${written.connection.name} from it.`,
        ]
      : [],
  );
  return guard === 'protected'
    ? [
        ...variables,
        `See what it would do:  ${suggestCommand`plan ${file} --out SAVED`}`,
        'Then do exactly that:  mysql-sync apply SAVED',
      ]
    : [
        ...variables,
        `See what it would do:  ${suggestCommand`plan ${file}`}`,
        `Then do it:            ${suggestCommand`apply ${file}`}`,
      ];
};
