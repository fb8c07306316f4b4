import { expect, test } from 'vitest';
import type { ChangeSet, RefreshBase } from '../../src/core/change/change-set.js';
import { diffInventories } from '../../src/core/change/diff.js';
import type { DatabaseInventory } from '../../src/core/server/inventory.js';
import { toDatabaseName, toTableName } from '../../src/core/names.js';
import { STDIN_PLAN } from '../../src/core/plan/unsaved-plan.js';
import { fitLines } from '../../src/render/fit-lines.js';
import { renderChangeSet, renderNextSteps, renderNotes } from '../../src/render/change-set.js';
import { renderPlanLine, renderPlanMarkdown } from '../../src/render/plan-markdown.js';
import { printLines } from '../../src/render/print-lines.js';
import {
  aDatabase,
  aPlan,
  aProgram,
  aTable,
  anEndpoint,
  someFacts,
  NOTHING_LEFT,
  someRules,
} from '../support/inventory.js';

const GIB = 1024 ** 3;
const NOW = new Date('2026-11-01T12:00:00Z');
const TERMINAL = { isTerminal: true, hasColor: false, columns: 120 };
const PIPE = { isTerminal: false, hasColor: false, columns: 80 };

const crm = aDatabase('crm', [aTable('people', { dataBytes: 1.2 * GIB }), aTable('mail')]);
const shop = aDatabase('shop', [
  aTable('orders', { dataBytes: 9.8 * GIB, fingerprint: 'new' }),
  aTable('orders_2026'),
  aTable('audit'),
  aTable('log_web'),
]);
const shopNow = aDatabase(
  'shop',
  [
    aTable('orders', { dataBytes: 8.9 * GIB, updatedAt: '2026-11-01T10:00:00Z' }),
    aTable('audit'),
    aTable('tmp_import'),
    aTable('log_web'),
  ],
  {
    programs: [
      aProgram('procedure', 'clean_up'),
      aProgram('view', 'report_daily'),
      aProgram('event', 'report_nightly'),
    ],
  },
);
const legacy = aDatabase('legacy', [aTable('t')], {
  conversion: {
    notes: [],
    refusals: [
      { owner: { kind: 'database' }, place: 'database legacy', what: 'collation utf8mb4_uca1400_as_ci' },
    ],
  },
});
const analytics = aDatabase('analytics', [aTable('hits')]);

const rulesOf = ({ name }: DatabaseInventory) =>
  name === 'analytics'
    ? someRules({ onExisting: 'skip' })
    : name === 'shop'
      ? someRules({
          tables: {
            only: [],
            exclude: ['log_*'],
            structure_only: ['audit'],
            external: [],
            where: { orders: "created_at >= '2026-01-01'" },
            preserve: {},
          },
          programs: { exclude: ['report_*'] },
        })
      : someRules();

const changeSetOf = (source: readonly DatabaseInventory[], target: readonly DatabaseInventory[]): ChangeSet =>
  diffInventories(
    aPlan({ source: anEndpoint('source', 'prod', { user: 'sync_ro', tls: { mode: 'verify-identity' } }) }),
    source.map((database) => ({
      from: database.name,
      to: database.name === 'crm' ? toDatabaseName('crm_copy') : database.name,
      rules: rulesOf(database),
    })),
    {
      server: someFacts('a', { tlsVersion: 'TLSv1.3', flavor: { vendor: 'mariadb', version: [11, 8, 2] } }),
      databases: source,
    },
    { server: someFacts('b'), databases: target },
    NOTHING_LEFT,
  );

const everything = changeSetOf([crm, shop, legacy, analytics], [shopNow, analytics]);

test('a plan on a terminal', async () => {
  const lines = [
    ...renderChangeSet(everything, TERMINAL, {
      now: NOW,
      skipped: 'count',
      programs: 'count',
      objects: 'count',
    }),
    ...renderNextSteps(everything, undefined),
  ];
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('golden/plan-terminal.txt');
});

test('a plan on a narrow terminal, skipped databases listed', async () => {
  const lines = renderChangeSet(
    everything,
    { ...TERMINAL, columns: 60 },
    { now: NOW, skipped: 'list', programs: 'list', objects: 'count' },
  );
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('golden/plan-narrow.txt');
});

test('a plan in a pipe: one tab separated line a database, skipped ones included', async () => {
  const lines = renderChangeSet(everything, PIPE, {
    now: NOW,
    skipped: 'count',
    programs: 'count',
    objects: 'count',
  });
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('golden/plan-pipe.txt');
  expect(lines.every((line) => line.split('\t').length === 9)).toBe(true);
});

test('a plan for a pull request, and as one line', async () => {
  const lines = [...renderPlanMarkdown(everything), '', renderPlanLine(everything)];
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('golden/plan-markdown.md');
});

test('names of a server end no cell, tag, code or block of the Markdown, and mention nobody', () => {
  const hostile = '</code>|`@team`[x](y)<img src=x>';
  const lines = renderPlanMarkdown(
    changeSetOf(
      [aDatabase(hostile, [aTable('a'), aTable('```')])],
      [aDatabase(hostile, [aTable('a'), aTable('``` </details>')])],
    ),
  );
  const open = lines.indexOf('````diff');
  const end = lines.indexOf('````', open);
  expect(lines.slice(open, end)).toEqual(expect.arrayContaining(['+ table ```']));
  const outside = [...lines.slice(0, open), ...lines.slice(end + 1)]
    .join('\n')
    .replace(/```diff[^]*?```/, '');
  expect(outside).not.toMatch(/[@`]|<img|\]\(/);
  const rows = outside.split('\n').filter((line) => line.startsWith('|'));
  expect(rows.map((row) => row.split('|').length)).toEqual([7, 7, 7]);
});

const SAMENESS = {
  verdict: 'unwritten',
  reasons: [],
  copiedAt: '2026-11-01T10:00:00Z',
  rows: null,
} as const;
const compared = (table: string, target: number) => ({
  table: toTableName(table),
  isSame: target === 500,
  source: 500,
  target,
});

/** One database for each of what can be known of it. */
const standings = changeSetOf([shop], [shopNow]).databases.flatMap((change) =>
  (
    [
      SAMENESS,
      { ...SAMENESS, verdict: 'same', rows: [compared('orders', 500)] },
      { ...SAMENESS, verdict: 'written', reasons: ['on the source orders', 'on the target audit'] },
      { ...SAMENESS, verdict: 'not-compared', reasons: ['no earlier copy by this machine is known'] },
      { ...SAMENESS, verdict: 'different', reasons: ['view large differs'] },
      { ...SAMENESS, verdict: 'different', rows: [compared('orders', 501), compared('audit', 500)] },
    ] as const
  ).map((sameness) => ({ ...change, tables: [], programs: [], hazards: [], sameness })),
);

test.each([40, 120])('what is known of databases that exist, in %i columns', async (columns) => {
  const changeSet = { ...everything, hazards: [], databases: standings };
  const look = { ...TERMINAL, columns };
  const lines = [
    ...renderChangeSet(changeSet, look, { now: NOW, skipped: 'count', programs: 'count', objects: 'count' }),
    ...renderNextSteps(changeSet, undefined),
  ];
  await expect(`${fitLines(lines, look).join('\n')}\n`).toMatchFileSnapshot(
    `golden/plan-standings-${String(columns)}.txt`,
  );
});

test('a plan that changes nothing ends with what apply does all the same', () => {
  const changeSet = { ...everything, hazards: [], databases: standings.slice(0, 2) };
  const view = { now: NOW, skipped: 'count', programs: 'count', objects: 'count' } as const;
  expect(renderChangeSet(changeSet, TERMINAL, view)).toContain(
    'Plan: 2 unchanged. apply copies them all the same.',
  );
  expect(renderNextSteps(changeSet, undefined)).toEqual([]);
  expect(renderChangeSet(changeSet, PIPE, view)[0]).toMatch(
    /^unchanged\tshop\t.*\tno change as far as the servers tell: neither side was written since the copy 2026-11-01T10:00:00Z$/,
  );
});

test('no changes is a calm sentence', () => {
  const changeSet = changeSetOf([analytics], [analytics]);
  expect(
    renderChangeSet(changeSet, TERMINAL, {
      now: NOW,
      skipped: 'count',
      programs: 'count',
      objects: 'count',
    }).at(-1),
  ).toBe('Nothing to do: the target has every selected database, and the plan skips those.');
  expect(renderNextSteps(changeSet, undefined)).toEqual([]);
});

const withHazard = (message: string, databases = everything.databases): ChangeSet => ({
  ...everything,
  hazards: [{ code: 'TARGET_READ_ONLY', severity: 'blocks', message, hint: 'Use another.' }],
  databases,
});

test('what a person does next: apply, the saved plan, or what is not blocked', () => {
  const open = {
    ...everything,
    databases: everything.databases.filter(({ action }) => action !== 'blocked'),
  };
  expect(renderNextSteps(open, undefined)).toEqual([
    'To apply exactly this later:  mysql-sync plan nightly.yaml --out FILE',
    'To apply now (plans again):   mysql-sync apply nightly.yaml',
  ]);
  expect(renderNextSteps(open, 'p.json')).toEqual([
    'Saved to p.json, good once for 24 hours. To apply exactly this:  mysql-sync apply p.json',
  ]);
  expect(renderNextSteps(everything, 'p.json')).toEqual([
    'Saved to p.json, and apply refuses it: something is blocked.',
    'Apply the others:  mysql-sync apply nightly.yaml --exclude legacy',
  ]);
  const ofStdin = { ...open, plan: { ...open.plan, path: STDIN_PLAN } };
  expect(renderNextSteps(ofStdin, undefined)).toEqual([
    'To apply exactly this later, write the plan to a file:  mysql-sync plan PLAN.yaml --out FILE',
    'To apply now (plans again):   mysql-sync apply -',
  ]);
  // No database of that server can be applied.
  expect(renderNextSteps(withHazard('it is read-only'), undefined)).toEqual([]);
});

test('a pipe hears of everything that blocks, also of the server as a whole', () => {
  const shown = renderNotes(withHazard('is it read-only?', []), PIPE, 'every-hazard');
  expect(shown[0]).toBe('! [TARGET_READ_ONLY] is it read-only? Use another.');
  expect(renderNotes(withHazard('it is read-only', []), PIPE, 'notes')).toEqual([]);
});

test('a name that would move the cursor is shown as text', () => {
  const changeSet = changeSetOf([aDatabase('a\u001b[2Jb\n', [])], []);
  expect(
    renderChangeSet(changeSet, TERMINAL, {
      now: NOW,
      skipped: 'count',
      programs: 'count',
      objects: 'count',
    }).join(''),
  ).toContain('a\\x1b[2Jb\\n');
});

test('what a light background would hide is not painted so: what is replaced is bold, and notes are plain', () => {
  const look = { ...TERMINAL, hasColor: true };
  const lines = renderChangeSet(everything, look, {
    now: NOW,
    skipped: 'count',
    programs: 'count',
    objects: 'count',
  });
  const printed = printLines(lines, look);
  expect(printed).toContain('\u001b[1mREPLACES 8.9 GiB in 3 tables on staging.\u001b[22m');
  expect(printed).toContain('\n  note [NOT_ENCRYPTED]');
  const codes = new Set(Array.from(printed.matchAll(/\[(\d+)m/g), ([, code]) => code));
  // Bold, dim (titles), red, green and magenta, and their ends.
  expect([...codes].sort()).toEqual(['1', '2', '22', '31', '32', '35', '39']);
});

/** Of a plan with `refresh: auto`: what was found of its tables when it was made. */
const refreshed = (found: Readonly<Record<string, RefreshBase>>): ChangeSet => {
  const tables = [
    aTable('orders', { dataBytes: 8 * GIB }),
    aTable('logs', { dataBytes: 2 * GIB }),
    aTable('tags', { dataBytes: GIB }),
  ];
  const changeSet = changeSetOf([aDatabase('blog', tables)], [aDatabase('blog', tables)]);
  return {
    ...changeSet,
    options: { ...changeSet.options, refresh: 'auto' },
    databases: changeSet.databases.map((change) => ({
      ...change,
      tables: change.tables.map((table) => ({ ...table, refresh: found[table.name] ?? { base: 'live' } })),
    })),
  };
};
const COPY = { base: 'live', would: 'copy', reason: 'its rows differ' } as const;
const KEEP = { base: 'live', would: 'keep' } as const;
const PATCH = { base: 'previous', would: 'patch', insert: 1, change: 0, delete: 0 } as const;

test.each([
  [
    'nothing was compared',
    {},
    "Copies at most ~11.0 GiB. REPLACES at most 11.0 GiB in 3 tables on staging; tables whose rows are the source's stay. Needs at most ~11.0 GiB free on the target.",
  ],
  [
    'a table is copied in any case',
    { orders: { base: 'none', reason: 'its structure differs' } },
    "Copies at most ~11.0 GiB. REPLACES at most 11.0 GiB in 3 tables on staging; tables whose rows are the source's stay. Needs at most ~11.0 GiB free on the target.",
  ],
  [
    'rows were compared',
    { orders: KEEP, logs: COPY, tags: COPY },
    'Copies ~3.0 GiB. REPLACES 3.0 GiB in 2 tables on staging. Needs ~3.0 GiB free on the target.',
  ],
  [
    'one goes on from an unfinished copy',
    { orders: { base: 'unfinished', would: 'patch' }, logs: KEEP, tags: COPY },
    'Copies at most ~9.0 GiB. REPLACES 9.0 GiB in 2 tables on staging. Needs at most ~9.0 GiB free on the target.',
  ],
  [
    'one is patched, which is replaced as well',
    { orders: PATCH, logs: KEEP, tags: COPY },
    'Copies at most ~9.0 GiB. REPLACES 9.0 GiB in 2 tables on staging. Needs at most ~9.0 GiB free on the target.',
  ],
  [
    'all of it stays',
    { orders: KEEP, logs: KEEP, tags: KEEP },
    "Copies no table: the rows are the source's.",
  ],
] as const)('what a refresh replaces: %s', (_, found, line) => {
  const view = { now: NOW, skipped: 'count', programs: 'count', objects: 'count' } as const;
  expect(renderChangeSet(refreshed(found), { ...TERMINAL, columns: 200 }, view).at(-1)).toBe(line);
});

test('what is unchanged is compared once more by a refresh', () => {
  const changeSet = refreshed({});
  const databases = changeSet.databases.map((change) => ({ ...change, sameness: SAMENESS }));
  const view = { now: NOW, skipped: 'count', programs: 'count', objects: 'count' } as const;
  expect(renderChangeSet({ ...changeSet, databases }, TERMINAL, view)).toContain(
    'Plan: 1 unchanged. apply compares it once more, and copies what differs then.',
  );
});
