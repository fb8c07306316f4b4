import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { UnsetVariables } from '../../../src/adapters/plan-file/check-plan.js';
import { type LocatedPlanFile, readSyncPlan } from '../../../src/adapters/plan-file/read-sync-plan.js';
import { InvalidFileError } from '../../../src/core/plan/diagnostic.js';
import { SyncError } from '../../../src/core/errors.js';
import type { Variables } from '../../../src/core/plan/interpolation.js';
import { renderDiagnostics } from '../../../src/render/diagnostics.js';

/** The plan that the documentation shows. */
const DOCUMENTED = `version: 1
name: nightly-staging-refresh
source: prod                             # a cached connection, or an inline one (below)
target: \${SYNC_TARGET:-staging}          # must have access: read-write
defaults:
  on_existing: overwrite                 # overwrite (default) | skip | fail
databases:
  - name: shop
    tables:
      exclude: ["log_*", sessions]       # left as they are on the target
      structure_only: [audit]            # created, not filled
      where: {orders: "created_at >= '2026-01-01'"}
  - name: crm
    as: crm_copy                         # another name on the target
  - match: "app_*"                       # glob, resolved against the source at plan time
    exclude: ["app_*_archive"]
    on_existing: skip
options:
  max_concurrent: 1                      # databases at once
  engine: auto                           # auto | native | dump
  parallel: 4                            # lanes of the native engine
  verify: digest                         # digest (default) | counts
hooks: {}
`;

const INLINE = `version: 1
source: {name: prod, host: db-prod-1, port: "\${PROD_PORT:-3306}", user: sync_ro, password: "\${PROD_PASSWORD:?set it in CI secrets}", tls: {mode: verify-identity, ca: ./ca.pem}}
target: {name: staging, access: read-write, host: "\${T}", user: root, protected: "\${PROTECTED:-false}"}
databases: [{match: "*"}]
options: {parallel: "\${LANES}", max_concurrent: "\${LANES}"}
`;

const read = (text: string, variables: Variables = {}, unset?: UnsetVariables): Promise<LocatedPlanFile> =>
  readSyncPlan('-', {
    variables,
    readStdin: () => Promise.resolve(Buffer.from(text)),
    ...(unset === undefined ? {} : { unset }),
  });

const failureOf = async (attempt: Promise<unknown>): Promise<SyncError> => {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof SyncError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

const messagesOf = async (attempt: Promise<unknown>): Promise<readonly string[]> => {
  const error = await failureOf(attempt);
  return error instanceof InvalidFileError
    ? error.diagnostics.map(({ message }) => message)
    : [error.message];
};

describe('readSyncPlan', () => {
  test('takes the documented plan as written, with its variable replaced', async () => {
    const { plan, path, digest } = await read(DOCUMENTED);
    expect(path).toBe('<stdin>');
    expect(digest).toBe(createHash('sha256').update(DOCUMENTED).digest('hex'));
    expect(plan).toMatchObject({
      version: 1,
      source: 'prod',
      target: 'staging',
      databases: [
        {
          name: 'shop',
          tables: { exclude: ['log_*', 'sessions'], where: { orders: "created_at >= '2026-01-01'" } },
        },
        { name: 'crm', as: 'crm_copy' },
        { match: 'app_*', exclude: ['app_*_archive'], on_existing: 'skip' },
      ],
      options: { max_concurrent: 1, engine: 'auto', parallel: 4, verify: 'digest' },
    });
  });

  test('gives variables the type that the schema wants', async () => {
    const variables = { PROD_PASSWORD: '007', T: '10', LANES: '8', PROTECTED: 'true' };
    const { plan } = await read(INLINE, variables);
    expect(plan.source).toMatchObject({ port: 3306, password: '007' });
    expect(plan.target).toMatchObject({ host: '10', protected: true });
    expect(plan.options).toEqual({ parallel: 8, max_concurrent: 8 });
  });

  test.each([
    ['LANES', '0', 'parallel must be a whole number of 1 or more, not "${LANES}"'],
    ['LANES', '2.5', 'parallel must be a whole number of 1 or more, not "${LANES}"'],
    ['LANES', '', 'parallel must be a whole number of 1 or more, not ""'],
    ['PROD_PORT', '70000', 'port must be a whole number between 1 and 65535, not "${PROD_PORT:-3306}"'],
    ['PROTECTED', 'yes', 'protected must be true or false, not "${PROTECTED:-false}"'],
    ['T', '', 'host must be text that is not empty, not ""'],
  ])('the variable %s=%j is checked like a written value', async (name, value, message) => {
    const variables = { PROD_PASSWORD: 'x', T: 'db', LANES: '8', [name]: value };
    expect(await messagesOf(read(INLINE, variables))).toContain(message);
  });

  test('the value of a variable is not shown, wherever it was put: it may be a secret', async () => {
    const text =
      'version: 1\nsource: {name: a, host: h, user: u, port: "${DB_PASSWORD}"}\ntarget: t\ndatabases: [{name: a}]\n';
    expect(await messagesOf(read(text, { DB_PASSWORD: 'hunter2' }))).toEqual([
      'port must be a whole number between 1 and 65535, not "${DB_PASSWORD}"',
    ]);
  });

  test('accepts unset variables when asked to, and still sees every other problem', async () => {
    const { plan } = await read(INLINE, {}, 'accept');
    expect(plan.target).toMatchObject({ host: '${T}' });
    expect(await messagesOf(read(`${INLINE}optoins: {}\n`, {}, 'accept'))).toEqual(['unknown key "optoins"']);
    expect(await messagesOf(read(INLINE.replace('${T}', '${T'), {}, 'accept'))).toEqual([
      'this is not a variable',
    ]);
  });

  test('keys are not interpolated, free sections are not looked into, merge keys work', async () => {
    const { plan } = await read(
      'version: 1\nx-free: {a: "${NOPE}", b: [&rules {exclude: [a]}]}\nsource: s\ntarget: t\ndatabases:\n  - name: shop\n    tables: {<<: *rules, where: {"${T}": "a = \'$${b}\' AND c = \'$.d\'"}}\n',
    );
    expect(plan.databases[0]?.tables).toEqual({
      exclude: ['a'],
      where: { '${T}': "a = '${b}' AND c = '$.d'" },
    });
  });

  test.each(['"${A}${B}"', '"${A:-}"', '""', '${A:?set it}'])(
    'the password %s is none in the file',
    async (password) => {
      const text = `version: 1\nsource:\n  name: a\n  host: h\n  user: u\n  password: ${password}\ntarget: t\ndatabases: [{name: a}]\n`;
      expect((await read(text, { A: 'x', B: 'y' })).path).toBe('<stdin>');
    },
  );

  test.each(['hunter2', '"a${A}"', '$${A}', '"${A:-b}"', '5', 'true', '[a]', '{a: b}', '2026-01-01'])(
    'the password %s is written out',
    async (password) => {
      const text = `version: 1\nsource:\n  name: a\n  host: h\n  user: u\n  password: ${password}\ntarget: t\ndatabases: [{name: a}]\n`;
      const error = await failureOf(read(text, { A: 'x' }));
      expect([error.code, error.exitCode]).toEqual(['PLAN_LITERAL_SECRET', 5]);
    },
  );

  test('a place can be asked for later', async () => {
    const { locate } = await read(DOCUMENTED);
    const complaint = { code: 'CONN_UNKNOWN', path: ['target'], mark: 'value', message: 'unknown' } as const;
    expect(locate(complaint)).toMatchObject({ file: '<stdin>', line: 4, column: 9, length: 23 });
  });
});

describe('the file', () => {
  const home = process.cwd();
  let folder = '';
  const readStdin = (): Promise<Uint8Array> => Promise.reject(new Error('stdin was read'));
  const readFile = (path?: string): Promise<LocatedPlanFile> =>
    readSyncPlan(path, { variables: { T: 'db', LANES: '1', PROD_PASSWORD: 'x' }, readStdin });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mysql-sync-plan-'));
    process.chdir(folder);
  });
  afterEach(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });

  test('is mysql-sync.yaml, then mysql-sync.yml', async () => {
    writeFileSync('mysql-sync.yml', DOCUMENTED);
    expect((await readFile()).path).toBe('mysql-sync.yml');
    writeFileSync('mysql-sync.yaml', DOCUMENTED);
    expect((await readFile()).path).toBe('mysql-sync.yaml');
  });

  test('when there is none, says what was looked for and how to get one', async () => {
    const error = await failureOf(readFile());
    expect([error.code, error.exitCode, error.message]).toEqual([
      'PLAN_NOT_FOUND',
      5,
      'there is no plan file in this folder: looked for mysql-sync.yaml and mysql-sync.yml',
    ]);
    // Whichever command was typed: a hint with FILE in it would be typed as it stands.
    expect(error.hints).toEqual([
      'Write one:  mysql-sync init',
      'Or name the file of a plan after the command.',
    ]);
  });

  test('when it is misspelled, says what is there', async () => {
    mkdirSync('plans');
    writeFileSync('plans/nightly.yaml', DOCUMENTED);
    expect((await failureOf(readFile('plans/nigthly.yaml'))).message).toBe(
      'there is no file plans/nigthly.yaml; did you mean "nightly.yaml"?',
    );
    expect((await failureOf(readFile('nowhere/nightly.yaml'))).message).toBe(
      'there is no file nowhere/nightly.yaml',
    );
  });

  test.each<[string, Uint8Array | undefined, string, string]>([
    ['a folder', undefined, 'PLAN_NOT_FOUND', 'x.yaml is a folder, not a file'],
    ['Latin-1', Uint8Array.of(0x61, 0xe4), 'PLAN_SYNTAX', 'x.yaml is not text in UTF-8'],
    ['UTF-16', Buffer.from('\ufeffversion: 1', 'utf16le'), 'PLAN_SYNTAX', 'x.yaml is not text in UTF-8'],
    ['a dump', Buffer.alloc(1024 * 1024 + 1, 'x'), 'PLAN_NOT_FOUND', 'x.yaml is larger than 1024 KiB'],
  ])('that is %s is refused', async (_what, bytes, code, message) => {
    if (bytes) writeFileSync('x.yaml', bytes);
    else mkdirSync('x.yaml');
    const error = await failureOf(readFile('x.yaml'));
    expect([error.code, error.message]).toEqual([code, message]);
  });

  test('may begin with a byte order mark', async () => {
    writeFileSync('x.yaml', `\ufeff${DOCUMENTED}`);
    expect((await readFile('x.yaml')).plan.name).toBe('nightly-staging-refresh');
  });

  test('names its certificate authorities relative to itself', async () => {
    mkdirSync('plans');
    writeFileSync('plans/ci.yaml', INLINE);
    expect((await readFile('plans/ci.yaml')).plan.source).toMatchObject({
      tls: { ca: join(process.cwd(), 'plans/ca.pem') },
    });
  });
});

describe('whatever the file holds', () => {
  const render = (error: unknown): string => {
    if (error instanceof InvalidFileError)
      return (
        renderDiagnostics(error.diagnostics, { isTerminal: false, hasColor: false, columns: 80 }).join('\n') +
        JSON.stringify(error.diagnostics)
      );
    if (error instanceof SyncError) return error.message;
    throw error;
  };

  test('property: a damaged plan is a plan or a list of places inside the file', async () => {
    const damage = fc.record({
      at: fc.nat(DOCUMENTED.length),
      remove: fc.nat(12),
      insert: fc.constantFrom(
        '',
        ' ',
        '\t',
        '\n',
        ':',
        '- ',
        '"',
        "'",
        '{',
        '[',
        ']',
        '}',
        '*',
        '&',
        '!',
        '#',
        '|',
        '${',
        '\u0000',
        'ä',
        '\u{1F600}',
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
        const text = damages.reduce(
          (whole, { at, remove, insert }) => whole.slice(0, at) + insert + whole.slice(at + remove),
          DOCUMENTED,
        );
        const lines = text.split('\n');
        try {
          await read(text);
        } catch (error) {
          render(error);
          if (!(error instanceof InvalidFileError)) return;
          for (const { line, column } of error.diagnostics) {
            expect(line).toBeLessThanOrEqual(lines.length);
            expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
          }
        }
      }),
      { seed: 20261122, numRuns: 300 },
    );
  });

  test('property: a password in the file is in no message and no excerpt', async () => {
    const password = fc.string({
      minLength: 8,
      maxLength: 20,
      unit: fc.constantFrom(...Array.from(`QXZJ#:&*!?{}[]|>%@, $'"`)),
    });
    const shapes = [
      (text: string): string => `  password: ${JSON.stringify(text)}\n  prot: 1\n`,
      (text: string): string => `  password: ${JSON.stringify(text)}\n\thost: h\n`,
      (text: string): string => `  pasword: |-\n    ${text}\n  port: abc\n`,
      (text: string): string => `  password: ${text}\n  port: abc\n`,
      (text: string): string => `  password: #${text}\n  port: abc\n`,
    ];
    await fc.assert(
      fc.asyncProperty(password, fc.constantFrom(...shapes), async (secret, shape) => {
        const text = `version: 1\nsource:\n  name: a\n${shape(`QX${secret}QX`)}target: 5\n`;
        const shown = await read(text).then(
          () => '',
          (error: unknown) => render(error),
        );
        expect(shown).not.toMatch(/QX|XQ|ZJ|JZ/);
        expect(shown).not.toBe('');
      }),
      { seed: 20261122, numRuns: 400 },
    );
  });
});

describe('masks', () => {
  const MASKED = `version: 1
source: prod
target: staging
databases: [{ name: shop }]
mask:
  key: \${KEY:?openssl rand -hex 32}
  columns:
    users.zip: keep
    '*.1': keep
    b: { date: year }
    a: null
`;
  const KEY = 'canary-key-0123456789';

  test('keep their order', async () => {
    const { plan } = await read(MASKED, { KEY });
    expect(plan.mask?.key).toBe(KEY);
    expect(Object.keys(plan.mask?.columns ?? {})).toEqual(['users.zip', '*.1', 'b', 'a']);
  });

  test('are checked where the key is not set, and then need none', async () => {
    const { plan } = await read(MASKED, {}, 'accept');
    expect(plan.mask?.columns).toHaveProperty('a', null);
    const error = await failureOf(read(MASKED));
    expect(JSON.stringify(error)).toContain('KEY is not set: openssl rand -hex 32');
  });

  test.each(['${KEY:-canary-default-0123456789}', 'canary-literal-0123456789', 'x${KEY}', '${KEY}${KEY}'])(
    'take no key written as %s',
    async (written) => {
      const error = await failureOf(read(MASKED.replace(/key: .*/, `key: "${written}"`), { KEY }));
      expect(error.code).toBe('PLAN_LITERAL_SECRET');
      expect(JSON.stringify(error)).not.toContain('canary');
    },
  );

  test('take no short key, and do not show it', async () => {
    const error = await failureOf(read(MASKED, { KEY: 'canary' }));
    expect(JSON.stringify(error)).toContain('shorter than 16 characters');
    expect(JSON.stringify(error)).not.toContain('canary');
  });

  test('show no key of a file that is not YAML', async () => {
    const error = await failureOf(
      read(`${MASKED.replace(/key: .*/, 'key: canary-literal-0123456789')}  :: [`),
    );
    expect(JSON.stringify(error)).not.toContain('canary');
  });
});
