import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, dirname, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ENGINE_NAMES } from '../src/core/plan/row-engines.js';

const SRC = resolve(import.meta.dirname, '../src');

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly isTypeOnly: boolean;
  readonly isDynamic: boolean;
}

const STATIC = /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'([^']+)'/g;

const texts: readonly (readonly [path: string, text: string])[] = readdirSync(SRC, {
  recursive: true,
  encoding: 'utf8',
})
  .filter((path) => path.endsWith('.ts'))
  .map((path) => [path, readFileSync(join(SRC, path), 'utf8')]);

const imports: readonly Import[] = texts.flatMap(([path, text]) => {
  const statics = [...text.matchAll(STATIC)].map((match) => ({
    specifier: match[2] ?? '',
    isTypeOnly: !!match[1],
    isDynamic: false,
  }));
  const dynamics = [...text.matchAll(DYNAMIC)].map((match) => ({
    specifier: match[1] ?? '',
    isTypeOnly: false,
    isDynamic: true,
  }));
  return [...statics, ...dynamics].map((found) => ({ ...found, file: path }));
});

const filesWith = (pattern: RegExp): readonly string[] =>
  texts
    .filter(([, text]) => pattern.test(text))
    .map(([path]) => path)
    .sort();

/** `core`, `adapters/mysql`, `engine/ports/server.ts`: what an import within src points at. */
const targetOf = ({ file, specifier }: Import): string | undefined =>
  specifier.startsWith('.')
    ? relative(SRC, join(SRC, dirname(file), specifier)).replace(/\.js$/, '.ts')
    : undefined;

const folderOf = (path: string): string => {
  const [first = '', second = ''] = path.split('/');
  return first === 'adapters' ? `${first}/${second}` : first;
};

const mayImport = (found: Import): boolean => {
  const from = folderOf(found.file);
  const target = targetOf(found);
  const { specifier } = found;
  const isWithin = (...folders: string[]): boolean =>
    target !== undefined && folders.includes(folderOf(target));
  const isNode = specifier.startsWith('node:');
  if (from === 'core') return isWithin('core') || specifier === 'node:crypto';
  if (from === 'render')
    return isWithin('core', 'render') || ['node:util', 'get-east-asian-width'].includes(specifier);
  if (from === 'engine') return isWithin('core', 'engine');
  if (from.startsWith('adapters/')) {
    if (target === undefined) return true;
    return (
      isWithin('core', from) ||
      target.startsWith('engine/ports/') ||
      (['adapters/terminal', 'adapters/log'].includes(from) && isWithin('render'))
    );
  }
  if (from === 'cli') {
    const isAdapter = target?.startsWith('adapters/') ?? false;
    return !isAdapter || found.isTypeOnly || (found.file.startsWith('cli/services/') && found.isDynamic);
  }
  if (from === 'commands')
    return (
      isWithin('cli', 'render') ||
      (isWithin('core') && found.isTypeOnly) ||
      specifier === '@oclif/core' ||
      isNode
    );
  return false;
};

test('every import follows the table in docs/architecture.md', () => {
  const broken = imports
    .filter((found) => !mayImport(found))
    .map(({ file, specifier }) => `${file} -> ${specifier}`);
  expect(imports.length).toBeGreaterThan(10);
  expect(broken).toEqual([]);
});

/** Rooms, lowest first: what stands in one imports its own room and those before it. */
const ROOMS: readonly (readonly string[])[] = [
  [
    'core',
    'core/sql',
    'core/server',
    'core/session',
    'core/run',
    'core/conversion',
    'core/mask',
    'core/plan',
    'core/change',
  ],
  [
    'adapters/mysql/protocol',
    'adapters/mysql/connection',
    'adapters/mysql/facts',
    'adapters/mysql/definitions',
    'adapters/mysql/inventory',
    'adapters/mysql/rows',
    'adapters/mysql/locks',
    'adapters/mysql/staging',
    'adapters/mysql/programs',
    'adapters/mysql/swap',
    'adapters/mysql/journal',
    'adapters/mysql',
    'adapters/mysql/native/wire',
    'adapters/mysql/native/lanes',
    'adapters/mysql/native/statements',
    'adapters/mysql/native/read',
    'adapters/mysql/native/write',
    'adapters/mysql/native/tables',
    'adapters/mysql/native',
  ],
  [
    'cli/frame',
    'cli/services',
    'cli/completion',
    'cli',
    'cli/questions',
    'cli/connections',
    'cli/plan',
    'cli/run',
    'cli/history',
    'cli/init',
  ],
];

/** Hazards are rules about a change set, which lists them; packs are rules of masks, which name them. */
const roomOf = (path: string): string =>
  dirname(path).replace(/^core\/(?:(change)\/hazards|(mask)\/packs)$/, 'core/$1$2');

test('rooms import downwards, and every folder of core, adapters/mysql and cli is one of them', () => {
  const known = new Set(ROOMS.flat());
  const folders = new Set(imports.map(({ file }) => roomOf(file)));
  expect(
    [...folders].filter((room) => /^(?:core|adapters\/mysql|cli)\b/.test(room) && !known.has(room)),
  ).toEqual([]);
  const upwards = imports.flatMap((found) => {
    const target = targetOf(found);
    if (target === undefined) return [];
    const [from, to] = [roomOf(found.file), roomOf(target)];
    const house = ROOMS.find((rooms) => rooms.includes(from) && rooms.includes(to)) ?? [];
    return house.indexOf(to) > house.indexOf(from) ? [`${found.file} -> ${target}`] : [];
  });
  expect(upwards).toEqual([]);
});

test('no file imports itself by way of others, not even for a type', () => {
  const graph = new Map<string, string[]>();
  for (const found of imports) {
    const target = targetOf(found);
    if (target !== undefined && !found.isDynamic)
      graph.set(found.file, [...(graph.get(found.file) ?? []), target]);
  }
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (done.has(file)) return;
    done.add(file);
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
  };
  for (const file of graph.keys()) visit(file, []);
  expect(circles).toEqual([]);
});

/** What an engine does is a trait in the table of engines; who compares names forgets the next engine. */
test('no name of a row engine is compared, only asked for its traits', () => {
  const named = ENGINE_NAMES.join('|');
  const comparison = new RegExp(`(?:[=!]==? *|case )'(?:${named})'|'(?:${named})' *[=!]==?`);
  expect(comparison.test("if (options.engine !== 'native')")).toBe(true);
  const comparing = [...new Set(imports.map(({ file }) => file))].filter((file) =>
    comparison.test(readFileSync(join(SRC, file), 'utf8')),
  );
  expect(comparing).toEqual([]);
});

test('each npm package is imported by exactly one folder', () => {
  const folders = new Map<string, Set<string>>();
  for (const { file, specifier, isTypeOnly } of imports) {
    if (
      isTypeOnly ||
      specifier.startsWith('.') ||
      specifier.startsWith('node:') ||
      specifier === '@oclif/core'
    )
      continue;
    const name = specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/');
    folders.set(name, (folders.get(name) ?? new Set()).add(folderOf(file)));
  }
  const shared = [...folders]
    .filter(([, users]) => users.size > 1)
    .map(([name, users]) => `${name}: ${[...users].join(', ')}`);
  expect(shared).toEqual([]);
});

test('what depends on the version of a server is asked of a table', () => {
  expect(filesWith(/\bisAtLeast\b/)).toEqual([
    'core/conversion/common-functions.ts',
    'core/flavor.ts',
    'core/server/features.ts',
    'core/sql/column-types.ts',
  ]);
});

/** Where the vendor itself is the subject, and no ability of its servers. */
const OF_VENDORS = [
  // MariaDB's flags of the protocol, and how each vendor's programs log in.
  'adapters/dump/option-file.ts',
  // How each vendor prints the same thing.
  'adapters/mysql/inventory/inspect-normal-form.ts',
  'adapters/mysql/native/lanes/lane-login.ts',
  // From one vendor to the other.
  'core/conversion/collations.ts',
  'core/conversion/convert-program.ts',
  'core/conversion/convert-table.ts',
  'core/conversion/find-foreign-syntax.ts',
  // Comments that only one of them reads.
  'core/sql/printed-sql.ts',
];

test('what a vendor can do is asked by name', () => {
  expect(filesWith(/[=!]== '(?:mysql|mariadb)'/)).toEqual(OF_VENDORS);
});

test('types of columns are listed in one table', () => {
  expect(filesWith(/tinyint|mediumint|varbinary|mediumtext|longblob|linestring/)).toEqual([
    // TINYINT(1), whose width is printed, is a width and no list.
    'adapters/mysql/inventory/inspect-normal-form.ts',
    // The columns of the tool's own table.
    'adapters/mysql/journal/journal-table.ts',
    // Functions.
    'core/conversion/measured-functions.ts',
    'core/conversion/read-column.ts',
    'core/sql/column-types.ts',
  ]);
});
