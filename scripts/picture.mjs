import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import ts from 'typescript';
import { ENVIRONMENT, ROOT, StepError, runAsScript, runCommand, say } from './commands.mjs';
import { loadSql, scratchRoot, startThrowawayServer, stopServers } from './throwaway-server.mjs';

/** Records docs/terminal.svg: a real apply of the built command line, in a terminal, between two throwaway servers. */

const COLUMNS = 100;
const PICTURE = join(ROOT, 'docs', 'terminal.svg');
const BIN = join(ROOT, 'bin', 'run.js');
const PASSWORD = 'secret';
const PLAN = `\
version: 1
source: prod
target: staging
databases:
  - name: shop
  - name: crm
  - match: "analytic*"
`;

const readSample = (file, user) => `
  CREATE USER shop_owner@localhost;
  GRANT ALL ON *.* TO shop_owner@localhost;
  ${readFileSync(join(import.meta.dirname, 'sample-data', file), 'utf8')}
  CREATE USER ${user}@127.0.0.1 IDENTIFIED BY '${PASSWORD}';
  GRANT ALL ON *.* TO ${user}@127.0.0.1;`;

/** The tests' screen, which is TypeScript. */
const loadScreen = async () => {
  const source = readFileSync(join(ROOT, 'test', 'support', 'vt-screen.ts'), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  return (await import(`data:text/javascript,${encodeURIComponent(outputText)}`)).VtScreen;
};

const environmentOf = (folder) => ({
  PATH: ENVIRONMENT.PATH,
  HOME: folder,
  MYSQL_SYNC_HOME: join(folder, 'home'),
  TERM: 'xterm-256color',
  LANG: 'C.UTF-8',
});

const addConnection = (folder, { name, port }, user, ...flags) => {
  const address = ['--host', '127.0.0.1', '--port', String(port), '--user', user];
  runCommand(
    process.execPath,
    [BIN, 'connections', 'add', name, ...address, ...flags, '--password-env', 'PICTURE'],
    {
      ...environmentOf(folder),
      PICTURE: PASSWORD,
    },
  );
};

/** Runs the command line in a pseudo-terminal, answers its one question, and returns the last screen. */
const record = async (folder, argv, question, answer) => {
  const VtScreen = await loadScreen();
  const screen = new VtScreen(COLUMNS);
  screen.write(`\u001b[1m$ mysql-sync ${argv.join(' ')}\u001b[22m\r\n`);
  const terminal = spawn(process.execPath, [BIN, ...argv], {
    cols: COLUMNS,
    rows: 60,
    cwd: folder,
    env: environmentOf(folder),
  });
  let isAnswered = false;
  terminal.onData((text) => {
    screen.write(text);
    if (isAnswered || !screen.text.includes(question)) return;
    isAnswered = true;
    terminal.write(`${answer}\r`);
  });
  const code = await new Promise((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
  if (code !== 0) throw new StepError(`mysql-sync ${argv.join(' ')} ended with ${code}:\n${screen.text}`);
  return screen.painted;
};

const COLORS = { 31: '#ff7b72', 32: '#7ee787', 33: '#f2cc60', 34: '#79c0ff', 36: '#76e3ea', 90: '#8b949e' };
const WIDTH = 8.4;
const HEIGHT = 18;
const MARGIN = 16;

const escapeXml = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const styleOf = (codes) => {
  const parts = codes.split(';');
  const color = parts.map((code) => COLORS[code]).find(Boolean);
  return [
    color ? ` fill="${color}"` : '',
    parts.includes('1') ? ' font-weight="bold"' : '',
    parts.includes('2') ? ' fill-opacity="0.6"' : '',
  ].join('');
};

/** Each piece has its own place, so that columns stand below each other in any monospaced font. */
const renderLine = (pieces, row) => {
  let column = 0;
  const spans = pieces.map(({ text, codes }) => {
    const width = Array.from(text).length;
    const span = text.trim()
      ? `<tspan x="${(MARGIN + column * WIDTH).toFixed(1)}" textLength="${(width * WIDTH).toFixed(1)}"${styleOf(codes)}>${escapeXml(text)}</tspan>`
      : '';
    column += width;
    return span;
  });
  return `<text y="${MARGIN + (row + 1) * HEIGHT - 5}" xml:space="preserve">${spans.join('')}</text>`;
};

const renderPicture = (lines) => {
  const width = Math.ceil(COLUMNS * WIDTH + 2 * MARGIN);
  const height = lines.length * HEIGHT + 2 * MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="mysql-sync apply in a terminal: the plan, the question, the recap">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#e6edf3">
${lines.map(renderLine).join('\n')}
</g>
</svg>
`;
};

await runAsScript(import.meta.filename, async () => {
  const folder = mkdtempSync(join(scratchRoot(), 'mysql-sync-picture-'));
  process.once('exit', () => {
    stopServers();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  });
  mkdirSync(join(folder, 'home'), { mode: 0o700 });
  writeFileSync(join(folder, 'nightly.yaml'), PLAN);
  const prod = await startThrowawayServer('prod', join(folder, 'prod'));
  const staging = await startThrowawayServer('staging', join(folder, 'staging'));
  loadSql(prod, readSample('production.sql', 'sync_ro'));
  loadSql(staging, readSample('staging.sql', 'sync_rw'));
  addConnection(folder, prod, 'sync_ro');
  addConnection(folder, staging, 'sync_rw', '--access', 'read-write');
  const lines = await record(folder, ['apply', 'nightly.yaml'], "Type the target's name", 'staging');
  writeFileSync(PICTURE, renderPicture(lines));
  say(`wrote ${PICTURE}`);
});
