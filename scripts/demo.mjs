import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { styleText } from 'node:util';
import { build } from './build.mjs';
import { ENVIRONMENT, ROOT, StepError, runAsScript, say } from './commands.mjs';
import { compareServers, listDatabases, summarise } from './demo-checks.mjs';
import { ensureNpmPackages, ensureServers } from './setup.mjs';
import { loadSql, scratchRoot, startThrowawayServer, stopServers } from './throwaway-server.mjs';

const PLAN_FILE = 'staging.yaml';
const PLAN = `\
# yaml-language-server: $schema=${join(ROOT, 'schemas', 'sync-plan.schema.json')}
version: 1
name: refresh-staging
source: prod
target: staging
databases:
  - name: shop
  - name: crm
  - name: billing
  - match: "analytic*"
`;
const COPIED = ['shop', 'crm', 'billing', 'analytics'];
const UNTOUCHED = 'playground';
/** Where an apply keeps the key of its journals. */
const KEY = 'mysqlsync';
const ONLY_ON_TARGET = 'tmp_import';

const BIN = join(ROOT, 'bin', 'run.js');
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

/** The demo's folder with everything that it makes, the home of mysql-sync included. */
const makeFolder = () => {
  const folder = mkdtempSync(join(scratchRoot(), 'mysql-sync-demo-'));
  mkdirSync(join(folder, 'home'), { mode: 0o700 });
  writeFileSync(join(folder, PLAN_FILE), PLAN);
  return folder;
};

/** From here on the servers end with this script, however it ends. */
const cleanOnExit = (folder) => {
  const clean = () => {
    stopServers();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  };
  process.once('exit', clean);
  for (const [signal, number] of Object.entries(SIGNALS))
    process.once(signal, () => {
      say(`${signal}: the servers are stopped and their folders removed`);
      process.exit(128 + number);
    });
  return { keep: () => process.off('exit', clean) };
};

/** Two servers with their data and an account each. Returns them with the accounts' passwords. */
const prepareServers = async (folder) => {
  say(`two throwaway MariaDB servers in ${folder}: prod with sample data, staging with older data`);
  const prod = await startThrowawayServer('prod', join(folder, 'prod'));
  const staging = await startThrowawayServer('staging', join(folder, 'staging'));
  const passwords = { prod: newPassword(), staging: newPassword() };
  loadSql(
    prod,
    `${readSample('production.sql')}
    CREATE USER sync_ro@127.0.0.1 IDENTIFIED BY '${passwords.prod}';
    GRANT SELECT, SHOW VIEW, TRIGGER, EVENT, PROCESS ON *.* TO sync_ro@127.0.0.1;`,
  );
  loadSql(
    staging,
    `${readSample('staging.sql')}
    CREATE USER sync_rw@127.0.0.1 IDENTIFIED BY '${passwords.staging}';
    GRANT ALL ON *.* TO sync_rw@127.0.0.1;`,
  );
  return { prod, staging, passwords };
};

const newPassword = () => randomBytes(18).toString('base64url');

/** Views and routines keep their definer, so the account must be on both servers. */
const readSample = (file) => `
  CREATE USER shop_owner@localhost;
  GRANT ALL ON *.* TO shop_owner@localhost;
  ${readFileSync(join(import.meta.dirname, 'sample-data', file), 'utf8')}`;

/**
 * A home of its own, and no setting of the person's that would change what the demo shows. A pipeline may show it too:
 * the passwords that are saved are those of its own servers, and go with its folder.
 */
const commandEnvironment = (folder) => ({
  ...Object.fromEntries(
    Object.entries(ENVIRONMENT).filter(([name]) => name !== 'CI' && !name.startsWith('MYSQL_SYNC_')),
  ),
  MYSQL_SYNC_HOME: join(folder, 'home'),
});

/** Shows a command line and runs it in this terminal; anything but exit code 0 ends the demo. Returns its seconds. */
const runCommandLine = async (folder, argv, input) => {
  const line = `$ mysql-sync ${argv.join(' ')}${input ? '  < password' : ''}`;
  console.log(`\n${styleText('cyan', line)}`);
  const start = performance.now();
  const child = spawn(process.execPath, [BIN, ...argv], {
    cwd: folder,
    env: commandEnvironment(folder),
    stdio: [input ? 'pipe' : 'ignore', 'inherit', 'inherit'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.stdin?.end(input);
  const exitCode = await new Promise((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  );
  process.off('exit', kill);
  if (exitCode !== 0) throw new StepError(`mysql-sync ${argv[0]} ended with ${exitCode}, not 0`);
  return (performance.now() - start) / 1000;
};

const addConnection = (folder, { name, port }, user, password, ...options) => {
  const address = ['--host', '127.0.0.1', '--port', String(port), '--user', user];
  return runCommandLine(
    folder,
    ['connections', 'add', name, ...address, ...options, '--password-stdin'],
    password,
  );
};

/** What is not as it should be after the apply, one line each. */
const findProblems = (staging, compared, untouchedBefore) => {
  const problems = [...compared.problems];
  const databases = listDatabases(staging).filter((name) => !name.startsWith('mysql_sync_old_'));
  const expected = [...COPIED, UNTOUCHED, KEY].sort();
  if (databases.join() !== expected.join())
    problems.push(`staging holds ${databases.join(', ')} and not ${expected.join(', ')}`);
  if (summarise(staging, UNTOUCHED) !== untouchedBefore) problems.push(`${UNTOUCHED} on staging was changed`);
  return problems;
};

const format = (count) => count.toLocaleString('en');

const summariseDemo = ({ tables, rows, programs }, seconds) => `
${styleText('bold', 'What was done')}
apply copied ${COPIED.length} databases from prod to staging in ${seconds.toFixed(1)} s: ${tables} tables with ${format(rows)} rows.
The mariadb client then counted and checksummed each table on both servers: all are equal, and so are the columns,
indexes and foreign keys and the ${programs} views, triggers, procedures, functions and events.
shop on staging was replaced in one step, ${ONLY_ON_TARGET} (only there) included; ${UNTOUCHED}, which the plan does not
mention, is as it was. What staging held before is kept there for \`mysql-sync rollback\`.`;

const describeKept = (folder, servers) => `
${styleText('bold', 'The servers stay up. To try more:')}
  cd ${folder}
  export MYSQL_SYNC_HOME=${join(folder, 'home')}
  alias mysql-sync='${process.execPath} ${BIN}'
  mysql-sync plan ${PLAN_FILE}
  mysql-sync apply ${PLAN_FILE}
  mysql-sync connections
  mysql-sync history
${servers.map(({ name, socket }) => `  mariadb -uroot -S${socket}   # ${name}`).join('\n')}
${styleText('bold', 'To stop them and remove everything:')}
  kill -9 ${servers.map(({ pid }) => pid).join(' ')}; rm -rf ${folder}`;

await runAsScript(import.meta.filename, async () => {
  const wantsToKeep = process.argv.slice(2).includes('--keep');
  ensureNpmPackages();
  ensureServers();
  say('build: compile src to dist');
  await build();
  const folder = makeFolder();
  const cleaning = cleanOnExit(folder);
  const { prod, staging, passwords } = await prepareServers(folder);
  const untouchedBefore = summarise(staging, UNTOUCHED);

  await addConnection(folder, prod, 'sync_ro', passwords.prod);
  await addConnection(folder, staging, 'sync_rw', passwords.staging, '--access', 'read-write');
  console.log(`\n${styleText('cyan', `$ cat ${PLAN_FILE}`)}\n${PLAN.trimEnd()}`);
  await runCommandLine(folder, ['plan', PLAN_FILE]);
  const seconds = await runCommandLine(folder, ['apply', PLAN_FILE, '--confirm-target', 'staging']);
  await runCommandLine(folder, ['plan', PLAN_FILE]);
  await runCommandLine(folder, ['history']);

  console.log();
  say('compare both servers with the mariadb client: every row, every definition');
  const compared = compareServers(prod, staging, COPIED);
  const problems = findProblems(staging, compared, untouchedBefore);
  if (problems.length > 0)
    throw new StepError(`the target is not as it should be:\n  ${problems.join('\n  ')}`);
  console.log(summariseDemo(compared, seconds));
  if (wantsToKeep) {
    cleaning.keep();
    console.log(describeKept(folder, [prod, staging]));
  }
});
