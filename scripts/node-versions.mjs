import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENVIRONMENT, ROOT, StepError, runAsScript, say } from './commands.mjs';

/** The Node versions that package.json promises. */
const MAJORS = [20, 22, 24, 26];

/** The script's exit code when a Node could not be had, which says nothing about mysql-sync. */
const NOT_AVAILABLE = 69;

const BIN = join(ROOT, 'bin', 'run.js');
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'mysql-sync', 'node');
const PLATFORM = `${process.platform}-${process.arch}`;

/** The program of a Node version: the one that runs this, one of an earlier call, or one from the npm registry. */
const provideNode = (major) => {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const path = join(CACHE, `${PLATFORM}-${major}`, 'node');
  if (!existsSync(path)) downloadNode(major, path);
  return path;
};

/** The npm package `node` only picks one of these by platform. */
const downloadNode = (major, path) => {
  const name = `node-${PLATFORM}`;
  say(`${name}@${major} from the npm registry, to ${path}`);
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'new-'));
  try {
    const argv = [
      'install',
      `${name}@${major}`,
      '--prefix',
      folder,
      '--ignore-scripts',
      '--fetch-retries=1',
      '--fetch-timeout=60000',
      '--no-audit',
      '--no-fund',
    ];
    const { status, stderr } = spawnSync('npm', argv, { encoding: 'utf8', env: ENVIRONMENT });
    if (status !== 0)
      throw new StepError(`Node ${major} cannot be had on ${PLATFORM}: ${lastLines(stderr)}`, NOT_AVAILABLE);
    const kept = join(folder, 'kept');
    mkdirSync(kept);
    cpSync(join(folder, 'node_modules', name, 'bin', 'node'), join(kept, 'node'));
    rmSync(join(path, '..'), { recursive: true, force: true });
    renameSync(kept, join(path, '..'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const lastLines = (text) => text.trim().split('\n').slice(-3).join('\n');

/** What is run with each version: the parser, the store, the secrets' cipher and the driver are all loaded. */
const STEPS = [
  { argv: ['--version'], code: 0, printed: (major) => ` node-v${major}.` },
  { argv: ['validate', 'plans/ci-inline.yaml', '--no-env'], code: 0, printed: () => 'is valid' },
  {
    argv: [
      'connections',
      'add',
      'here',
      '--host',
      '127.0.0.1',
      '--port',
      '1',
      '--user',
      'u',
      '--no-test',
      '--password-env',
      'SMOKE',
    ],
    code: 0,
    printed: () => 'kept encrypted',
  },
  { argv: ['connections', 'list'], code: 0, printed: () => 'here\tu@127.0.0.1:1' },
  { argv: ['connections', 'test', 'here'], code: 4, printed: () => 'error[CONN_REFUSED] here: ' },
];

const smoke = (major) => {
  const node = provideNode(major);
  const home = mkdtempSync(join(tmpdir(), 'mysql-sync-node-'));
  try {
    for (const { argv, code, printed } of STEPS) {
      const { status, stdout, stderr, error } = spawnSync(node, [BIN, ...argv], {
        cwd: ROOT,
        encoding: 'utf8',
        env: { PATH: ENVIRONMENT.PATH, HOME: home, MYSQL_SYNC_HOME: home, SMOKE: 'secret' },
      });
      const output = `${stdout}${stderr}`;
      if (status !== code || !output.includes(printed(major)) || /warning/i.test(output))
        throw new StepError(
          `Node ${major}: mysql-sync ${argv.join(' ')}: exit code ${status}, not ${code}, or not its words:\n${error ?? output}`,
        );
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  say(`Node ${major} runs mysql-sync`);
};

await runAsScript(import.meta.filename, () => {
  const wanted = process.argv.slice(2).map(Number);
  for (const major of wanted.length > 0 ? wanted : MAJORS) smoke(major);
});
