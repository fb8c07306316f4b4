import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import {
  loadSql,
  queryRows,
  scratchRoot,
  startThrowawayServer,
  stopServers,
} from '../scripts/throwaway-server.mjs';

const BIN = resolve(import.meta.dirname, '../bin/run.js');

export const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
};

/** Two private servers, MariaDB of PATH unless other programs are given, and a folder in memory, gone with the script. */
export const startPair = async (programs) => {
  const folder = mkdtempSync(join(scratchRoot(), 'mysql-sync-bench-'));
  process.once('exit', () => {
    stopServers();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  });
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  const source = await startThrowawayServer('source', join(folder, 'source'), programs);
  const target = await startThrowawayServer('target', join(folder, 'target'), programs);
  return { folder, source, target };
};

/** Waits for a shell command; rejects with its stderr when it fails. */
export const runShell = (command) =>
  new Promise((/** @type {(nothing?: undefined) => void} */ settle, reject) => {
    const child = spawn('bash', ['-o', 'pipefail', '-c', command], { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.once('close', (code) =>
      code === 0 ? settle() : reject(new Error(`${command} ended with ${code}\n${stderr}`)),
    );
  });

export const isInstalled = (program) => spawnSync('which', [program]).status === 0;

export const helpOf = (program) => spawnSync(program, ['--help'], { encoding: 'utf8' }).stdout;

/**
 * The child says on descriptor 3, when it ends, its processor time in µs and its highest resident size in KiB: as the system has
 * it of this program (VmHWM), because the highest size that `resourceUsage` tells begins with that of the parent.
 */
const REPORT = `import{readFileSync,writeSync}from'node:fs';process.on('exit',()=>{const r=process.resourceUsage();writeSync(3,r.userCPUTime+r.systemCPUTime+' '+/VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status','latin1'))[1])})`;

/** Runs `mysql-sync` with these words; `cpuSeconds` and `mebibytes` are of that process alone. */
export const runCli = (argv, { folder, variables = {} }) =>
  new Promise((settle, reject) => {
    const child = spawn(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(REPORT)}`, BIN, ...argv],
      {
        env: { PATH: process.env.PATH, MYSQL_SYNC_HOME: join(folder, 'home'), ...variables },
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      },
    );
    const texts = { stdout: '', stderr: '', report: '' };
    /** @type {[string, any][]} */
    const streams = [
      ['stdout', child.stdout],
      ['stderr', child.stderr],
      ['report', child.stdio[3]],
    ];
    for (const [name, stream] of streams)
      stream.setEncoding('utf8').on('data', (text) => (texts[name] += text));
    child.once('close', (code) => {
      if (code !== 0) return reject(new Error(`mysql-sync ${argv[0]} ended with ${code}\n${texts.stderr}`));
      const [microseconds, kibibytes] = texts.report.split(' ').map(Number);
      settle({ stdout: texts.stdout, cpuSeconds: microseconds / 1e6, mebibytes: kibibytes / 1024 });
    });
  });

/** Through its socket, or by the port of a link as an account that may come in there. */
const addressOf = ({ socket, link }) =>
  link === undefined ? `socket: ${socket}, user: root` : `host: 127.0.0.1, port: ${link.port}, user: far`;

/** Applies a plan of the databases of these names with these options (YAML). */
export const runApply = ({ folder, source, target }, names, options) => {
  const plan = join(folder, 'plan.yaml');
  writeFileSync(
    plan,
    `version: 1
source: {name: from, ${addressOf(source)}}
target: {name: to, ${addressOf(target)}, access: read-write}
databases: [${names.map((name) => `{name: ${name}}`).join(', ')}]
options: ${options}
`,
  );
  return runCli(['apply', plan, '--auto-approve', '--confirm-target', 'to', '--no-input', '--quiet'], {
    folder,
  });
};

/** Empties the target: every database that is not the server's own. */
export const dropDatabases = (server) => {
  const own = "('mysql', 'sys', 'information_schema', 'performance_schema')";
  const names = queryRows(server, `SHOW DATABASES WHERE \`Database\` NOT IN ${own}`);
  for (const [name] of names) loadSql(server, `DROP DATABASE \`${name}\``);
};

/** Makes the account of `writeFarPlan` on servers that links lead to. */
export const letFarIn = (servers) => {
  for (const server of servers)
    loadSql(
      server,
      "CREATE USER far@127.0.0.1 IDENTIFIED BY ''; GRANT ALL ON *.* TO far@127.0.0.1 WITH GRANT OPTION",
    );
};

/** A plan of these databases from the server behind one link to that behind the other. `options` is what stands in the braces. */
export const writeFarPlan = (file, { from, to }, names, options) =>
  writeFileSync(
    file,
    `version: 1
source: {name: from, host: 127.0.0.1, port: ${from.port}, user: far}
target: {name: to, host: 127.0.0.1, port: ${to.port}, user: far, access: read-write}
databases: [${names.map((name) => `{name: ${name}}`).join(', ')}]
options: {${options}}
`,
  );
