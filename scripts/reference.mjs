import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ROOT, StepError, runAsScript, say } from './commands.mjs';

const FOLDER = join(ROOT, 'docs', 'reference');

const readJson = (...path) => JSON.parse(readFileSync(join(ROOT, ...path), 'utf8'));

const madeFrom = (source) => `\n---\n\nThis page is made from ${source} by \`node scripts/reference.mjs\`.\n`;

/** A text as one cell of a table. */
const cell = (text) => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');

/** Globs would be read as emphasis. */
const plain = (text) => cell(text).replaceAll(/(?<!`)([*<])/g, '\\$1');

const table = (titles, rows) =>
  [titles, titles.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** The node that a `$ref` leads to, with what is said beside the reference. */
const follow = (schema, { $ref, ...own }) =>
  $ref === undefined ? own : { ...follow(schema, schema.definitions[$ref.split('/').at(-1)]), ...own };

/** The forms that a value may have, apart from being a variable. */
const alternativesOf = (schema, node) => {
  const { anyOf = [], ...own } = follow(schema, node);
  if (anyOf.length === 0) return [own];
  return anyOf
    .filter(({ $ref }) => $ref !== '#/definitions/variable')
    .flatMap((alternative) => alternativesOf(schema, alternative));
};

const choicesOf = (schema, node) =>
  alternativesOf(schema, node).filter((form) => form.const !== undefined && form.description !== undefined);

const describeValue = (schema, node) =>
  alternativesOf(schema, node)
    .map((form) => {
      if (form.const !== undefined) return `\`${form.const}\``;
      if (form.type === 'boolean') return '`true`, `false`';
      if (form.type === 'integer')
        return form.maximum === undefined
          ? `whole number from ${form.minimum}`
          : `${form.minimum} to ${form.maximum}`;
      if (form.type === 'array') return 'list';
      return form.type === 'object' ? 'keys' : 'text';
    })
    .filter((text, index, all) => all.indexOf(text) === index)
    .join(choicesOf(schema, node).length > 0 ? ', ' : ' or ');

const describeKey = (schema, [key, node], required = []) => [
  `\`${key}\`${required.includes(key) ? ' (required)' : ''}`,
  describeValue(schema, node),
  [
    plain(follow(schema, node).description),
    ...choicesOf(schema, node).map((choice) => `\`${choice.const}\`: ${plain(choice.description)}`),
  ].join(' '),
];

/** One section for each group of keys. What two paths share is written once. */
const describeKeys = (schema, node, path, seen = new Set()) => {
  const forms = alternativesOf(schema, node).map((form) =>
    form.type === 'array' ? { form: form.items, path: `${path}[]` } : { form, path },
  );
  return forms.flatMap(({ form, path: at }) =>
    alternativesOf(schema, form).flatMap(({ properties = {}, required, description }) => {
      const keys = Object.entries(properties);
      const identity = JSON.stringify(properties);
      if (keys.length === 0 || seen.has(identity)) return [];
      seen.add(identity);
      const rows = keys.map((entry) => describeKey(schema, entry, required));
      return [
        `## ${at === '' ? 'The file' : `\`${at}\``}\n\n${plain(description)}\n\n${table(['key', 'value', 'meaning'], rows)}`,
        ...keys.flatMap(([key, child]) =>
          describeKeys(schema, child, at === '' ? key : `${at}.${key}`, seen),
        ),
      ];
    }),
  );
};

const describeSchema = (title, name, lead) => {
  const schema = readJson('schemas', `${name}.schema.json`);
  const sections = describeKeys(schema, schema, '').join('\n\n');
  return `# ${title}\n\n${lead}\n\n${sections}\n${madeFrom(`[\`schemas/${name}.schema.json\`](../../schemas/${name}.schema.json)`)}`;
};

const isGlobal = ({ helpGroup }) => helpGroup === 'GLOBAL';

const describeFlag = ({
  name,
  char,
  type,
  allowNo,
  helpValue,
  options,
  multiple,
  default: value,
  ...flag
}) => {
  const words = options?.join('|') ?? helpValue ?? name.toUpperCase();
  const form = `--${allowNo ? '[no-]' : ''}${name}${type === 'option' ? ` ${words}` : ''}`;
  const isTold = type === 'option' && value !== undefined && !(Array.isArray(value) && value.length === 0);
  const notes = [multiple ? 'May be repeated.' : '', isTold ? `Default: ${value}.` : ''].filter(Boolean);
  return [
    `\`${cell(char ? `-${char}, ${form}` : form)}\``,
    [plain(flag.description ?? ''), ...notes].join(' '),
  ];
};

const describeCommand = ({ id, summary = '', description = '', args, flags, examples = [], aliases }) => {
  const words = id.replaceAll(':', ' ');
  const usage = Object.values(args).map(({ name, required, multiple }) => {
    const word = `${name.toUpperCase()}${multiple ? '...' : ''}`;
    return required ? word : `[${word}]`;
  });
  const own = Object.values(flags).filter((flag) => !isGlobal(flag));
  const rows = [
    ...Object.values(args).map(({ name, description: text }) => [`\`${name.toUpperCase()}\``, plain(text)]),
    ...own.map(describeFlag),
  ];
  return [
    `## ${words}`,
    `\`mysql-sync ${[words, ...usage, ...(own.length > 0 ? ['[flags]'] : [])].join(' ')}\``,
    summary,
    description.split('\n').map(plain).join('\n'),
    aliases.length > 0
      ? `Also: ${aliases.map((alias) => `\`${alias.replaceAll(':', ' ')}\``).join(', ')}`
      : '',
    rows.length > 0 ? table(['argument or flag', 'meaning'], rows) : '',
    examples.length > 0
      ? `\`\`\`sh\n${examples.join('\n').replaceAll('<%= config.bin %>', 'mysql-sync')}\n\`\`\``
      : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
};

const describeCommands = () => {
  const { commands } = readJson('oclif.manifest.json');
  const all = Object.values(commands).filter(({ hidden }) => !hidden);
  const globals = Object.values(all.find(({ id }) => id === 'plan').flags).filter(isGlobal);
  return `# Commands

Results go to stdout, everything else to stderr. What the exit codes mean: [exit codes](../exit-codes.md).

## Flags of every command

${table(['flag', 'meaning'], globals.map(describeFlag))}

${all.map(describeCommand).join('\n\n')}
${madeFrom('`oclif.manifest.json`, which `npm run build` makes of the commands,')}`;
};

const describeErrorCodes = async () => {
  const { ERROR_EXITS } = await import('../dist/core/errors.js');
  const { EXIT_CODES } = await import('../dist/core/exit-codes.js');
  const rows = Object.entries(ERROR_EXITS).map(([code, exit]) => [
    `\`${code}\``,
    String(EXIT_CODES[exit].code),
    EXIT_CODES[exit].meaning,
  ]);
  return `# Error codes

\`error[CODE]\` on stderr, \`error.code\` with \`--json\`. The list is closed: a script may compare with it. The message beside
the code tells what happened with the names of your own plan, and the lines below it what to do.

${table(['code', 'exit', 'which means'], rows)}

Two more are outside the list: \`USAGE\` (exit 64), a command line that is wrong, and \`BUG\` (exit 1), a fault of mysql-sync.
${madeFrom('`src/core/errors.ts` and `src/core/exit-codes.ts`')}`;
};

const describePages = async () => ({
  'plan-file.md': describeSchema(
    'The plan file',
    'sync-plan',
    'Keys that are not listed are errors, apart from those of the file that begin with `x-`. `target` has the keys of `source`. Samples: [plans/](../../plans/).',
  ),
  'config.md': describeSchema(
    'The config file',
    'config',
    '`mysql-sync config path` tells where it is, `mysql-sync config list --show-origin` what counts, and `mysql-sync config set KEY VALUE` writes it, the key as `section.key`. A flag wins over the environment, that over the plan, that over this file.',
  ),
  'commands.md': describeCommands(),
  'error-codes.md': await describeErrorCodes(),
});

/** Writes the pages of docs/reference; with `--check` it only says which of them are not as they would be. */
await runAsScript(import.meta.filename, async () => {
  const stale = [];
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of Object.entries(await describePages())) {
    const path = join(FOLDER, name);
    const page = await format(text, { ...(await resolveConfig(path)), parser: 'markdown' });
    if (existsSync(path) && readFileSync(path, 'utf8') === page) continue;
    stale.push(`docs/reference/${name}`);
    if (!process.argv.includes('--check')) writeFileSync(path, page);
  }
  if (!process.argv.includes('--check')) say(`wrote ${stale.join(', ') || 'nothing: all pages are current'}`);
  else if (stale.length > 0)
    throw new StepError(`${stale.join(', ')} not current; make them:  node scripts/reference.mjs`);
});
