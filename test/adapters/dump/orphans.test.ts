import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { CopyJob } from '../../../src/engine/ports/row-engine.js';
import { type CopyRig, startCopyRig } from '../../contracts/copy-rig.js';
import { ROOT } from '../../support/servers.js';
import { type FakeClients, fakeClients } from './fake-clients.js';

const SRC = resolve(import.meta.dirname, '../../../src');

let rig: CopyRig;
let folder: string;
let clients: FakeClients | undefined;
let tool: ChildProcess | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mysql-sync-orphans-'));
  compileEngine(folder);
  rig = await startCopyRig();
  await rig.source.query(
    `CREATE DATABASE shop; USE shop; CREATE TABLE a (id INT PRIMARY KEY, x CHAR(200));
     INSERT INTO a SELECT seq, REPEAT('a', 200) FROM numbers.n WHERE seq <= 200000`,
  );
});
afterEach(() => {
  tool?.kill('SIGKILL');
  clients?.remove();
});
afterAll(async () => {
  await rig.stop();
  rmSync(folder, { recursive: true });
});

/** The engine has to run in a process of its own, which is to be killed; that process has no TypeScript. */
const compileEngine = (into: string): void => {
  for (const part of ['core', 'adapters/dump'])
    for (const file of readdirSync(join(SRC, part), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      const path = join(into, part, file.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(path), { recursive: true });
      const { outputText } = ts.transpileModule(readFileSync(join(SRC, part, file), 'utf8'), {
        compilerOptions: {
          target: ts.ScriptTarget.ES2022,
          module: ts.ModuleKind.ESNext,
          verbatimModuleSyntax: true,
        },
      });
      writeFileSync(path, outputText);
    }
  writeFileSync(join(into, 'package.json'), '{"type": "module"}');
  writeFileSync(
    join(into, 'tool.js'),
    `import { createDumpEngine } from './adapters/dump/dump-engine.js';
import { Secret } from './core/secret.js';
const { job, path, password } = JSON.parse(process.argv[2]);
for (const endpoint of [job.source, job.target]) endpoint.password = new Secret(password);
job.pace = { admit: () => undefined };
await createDumpEngine({ path, temporaryFolder: import.meta.dirname }).copy(
  job,
  ({ bytes }) => console.log(bytes),
  new AbortController().signal,
);
`,
  );
};

/** Resolves when the tool has relayed this many bytes. */
const runTool = async (job: CopyJob, path: string, bytes: number): Promise<ChildProcess> => {
  const child = spawn(
    process.execPath,
    [join(folder, 'tool.js'), JSON.stringify({ job, path, password: ROOT.password })],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await new Promise<void>((done, fail) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (text.split('\n').some((line) => Number(line) >= bytes)) done();
    });
    child.once('exit', () => fail(new Error('the tool ended before it could be killed')));
  });
  return child;
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A zombie that waits for its new parent has ended.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

const recordPid = (role: string): string => `echo $$ > "$FOLDER/${role}"; exec "$REAL" "$@"`;

test.each([
  ['while rows flow', undefined],
  ['while the target is silent', 'target'],
  ['while the source is silent', 'source'],
] as const)('both clients are gone when the tool is killed %s', async (_, frozen) => {
  clients = fakeClients({ dump: recordPid('dump'), loader: recordPid('loader') });
  const job = await rig.stage('shop');
  const running = runTool(job, clients.path, frozen === undefined ? 1 : 300_000);
  tool = await running;
  if (frozen) rig[frozen].kill('SIGSTOP');
  try {
    const pids = ['dump', 'loader'].map((role) => Number(clients?.read(role)));
    expect(pids.map(isAlive)).toEqual([true, true]);
    tool.kill('SIGKILL');
    await expect.poll(() => pids.map(isAlive), { timeout: 5_000 }).toEqual([false, false]);
  } finally {
    if (frozen) rig[frozen].kill('SIGCONT');
  }
});
