import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Conversation, ENTER, converse } from './conversation.js';
import type { TestServer } from './servers.js';
import type { Painted } from './terminal-picture.js';

const ROOT = resolve(import.meta.dirname, '../..');
const PASSWORD = 'secret';
/** As wide as the picture. */
export const COLUMNS = 100;

/** The quick start of the README: lines of shell in their order, and the plan. */
export const readQuickStart = (): {
  readonly installs: readonly string[];
  readonly calls: readonly string[];
  readonly plan: string;
} => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, section = ''] = /\n## Quick start\n([^]*?)\n## /.exec(readme) ?? [];
  const blocks = [...section.matchAll(/```(sh|yaml)\n([^]*?)```/g)];
  const lines = blocks
    .filter(([, language]) => language === 'sh')
    .flatMap(([, , block = '']) => block.split('\n'))
    .map((line) => line.replace(/\s+#\s.*$/, '').trim())
    .filter((line) => line !== '');
  return {
    installs: lines.filter((line) => line.startsWith('npm ')),
    calls: lines.filter((line) => line.startsWith('mysql-sync ')),
    plan: blocks.find(([, language]) => language === 'yaml')?.[2] ?? '',
  };
};

/** What a person answers to what the calls ask. */
const ANSWERS: readonly (readonly [RegExp, string, string])[] = [
  [/ connections add /, 'Password', PASSWORD],
  [/ apply nightly\.yaml$/, "Type the target's name", 'staging'],
  [/ (rollback|copy) /, "Type the target's name", 'staging'],
];

const APPS = 'CREATE DATABASE app_blog; CREATE TABLE app_blog.posts (id INT PRIMARY KEY, title VARCHAR(80));';

/** The accounts of the quick start, and the databases that its plan names. */
export const prepareQuickStart = ({
  prod,
  staging,
}: Readonly<Record<'prod' | 'staging', TestServer>>): void => {
  for (const [server, file, user] of [
    [prod, 'production.sql', 'sync_ro'],
    [staging, 'staging.sql', 'sync_rw'],
  ] as const)
    server.load(
      `CREATE USER shop_owner@localhost; GRANT ALL ON *.* TO shop_owner@localhost;
       ${readFileSync(join(ROOT, 'scripts/sample-data', file), 'utf8')}
       ${server === prod ? APPS : ''}
       CREATE USER ${user}@127.0.0.1 IDENTIFIED BY '${PASSWORD}'; GRANT ALL ON *.* TO ${user}@127.0.0.1;`,
      'mysql',
    );
};

export interface QuickStartCall {
  readonly call: string;
  readonly code: number;
  readonly lines: readonly Painted[];
}

/** Types a call of the quick start as it stands, but for where the example's servers are, and answers what it asks. */
export const typeCall = async (
  call: string,
  home: string,
  command: string,
  ports: Readonly<Record<'prod' | 'staging', number>>,
): Promise<QuickStartCall> => {
  const port = String(call.includes('add prod') ? ports.prod : ports.staging);
  const typed = call.replace(/--host \S+/, `--host 127.0.0.1 --port ${port}`).replaceAll(/ +/g, ' ');
  const conversation: Conversation = converse(typed.split(' ').slice(1), {
    home,
    columns: COLUMNS,
    command,
    // As on a new machine: nothing but where the person lives.
    env: { MYSQL_SYNC_HOME: '' },
  });
  const [, question, answer] = ANSWERS.find(([pattern]) => pattern.test(call)) ?? [];
  if (question !== undefined) await conversation.answers(question, `${String(answer)}${ENTER}`);
  const { code, painted } = await conversation.ends();
  const last = painted.findLastIndex((line) => line.length > 0);
  return { call: typed, code, lines: [[{ text: `$ ${typed}`, codes: '1' }], ...painted.slice(0, last + 1)] };
};

/** A home in which nothing is but the plan of the quick start. */
export const makeQuickStartHome = (home: string): void => {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'nightly.yaml'), readQuickStart().plan);
};
