import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { SyncError } from '../../core/errors.js';
import { type Flavor, type Vendor, VENDOR_LABELS, describeFlavor } from '../../core/flavor.js';
import { firstVersion, supports } from '../../core/server/features.js';
import { clientEnvironment } from './client-process.js';
import { NATIVE_HINT } from './native-hint.js';
import { type ClientTool, readClientFlavor, readOptionNames } from './client-tool.js';

const NAMES = {
  dump: { mariadb: 'mariadb-dump', mysql: 'mysqldump' },
  loader: { mariadb: 'mariadb', mysql: 'mysql' },
} as const satisfies Record<string, Record<Vendor, string>>;

export type ClientRole = keyof typeof NAMES;

/**
 * The usable client programs of a PATH, in its order, each once however many names lead to it. The name says nothing
 * about the vendor: `mysqldump` may be a link to MariaDB's.
 */
export const findClientTools = async (role: ClientRole, path: string): Promise<readonly ClientTool[]> => {
  const found = new Map<string, ClientTool>();
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    for (const name of Object.values(NAMES[role])) {
      const program = join(folder, name);
      const target = await realpath(program).catch(() => undefined);
      if (target === undefined || found.has(target) || !(await isProgram(target))) continue;
      const tool = await probeClientTool(program, path);
      if (tool) found.set(target, tool);
    }
  }
  return [...found.values()];
};

const isProgram = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
};

const PROBE_MILLISECONDS = 20_000;

/** `--no-defaults` comes first, or a broken option file of the person decides what the program says of itself. */
const probeClientTool = async (program: string, path: string): Promise<ClientTool | undefined> => {
  const ask = async (question: string): Promise<string> => {
    const answer = await promisify(execFile)(program, ['--no-defaults', question], {
      env: clientEnvironment(path),
      timeout: PROBE_MILLISECONDS,
      maxBuffer: 4 * 1024 * 1024,
    });
    return answer.stdout;
  };
  try {
    const [version, help] = [await ask('--version'), await ask('--help')];
    const flavor = readClientFlavor(version);
    return flavor && { path: program, flavor, options: readOptionNames(help) };
  } catch {
    return undefined;
  }
};

/**
 * The dump client must be of the source's vendor: another vendor's leaves out or writes what the server's own would
 * not, without a word. It must also know invisible columns where the server does, or `SELECT *` loses them.
 * @throws SyncError TOOL_MISSING
 */
export const chooseDumpClient = (found: readonly ClientTool[], source: Flavor): ClientTool => {
  const chosen = found.find(
    ({ flavor }) =>
      flavor.vendor === source.vendor && (hasInvisibleColumns(flavor) || !hasInvisibleColumns(source)),
  );
  if (chosen) return chosen;
  const what = hasInvisibleColumns(source)
    ? `${firstVersion('invisibleColumns', source.vendor)} or newer`
    : 'any version';
  throw toolMissing(
    'dump',
    found,
    source.vendor,
    `The source is ${describeFlavor(source)}: the dump engine needs`,
    what,
  );
};

/**
 * The loader of the target's vendor, else any: all it does is to send statements.
 * @throws SyncError TOOL_MISSING
 */
export const chooseLoader = (found: readonly ClientTool[], target: Flavor): ClientTool => {
  const chosen = found.find(({ flavor }) => flavor.vendor === target.vendor) ?? found[0];
  if (chosen) return chosen;
  throw toolMissing(
    'loader',
    found,
    target.vendor,
    `The target is ${describeFlavor(target)}: the dump engine needs`,
    'any version',
  );
};

const hasInvisibleColumns = (flavor: Flavor): boolean => supports(flavor, 'invisibleColumns');

const PACKAGES = {
  mariadb: [
    'Debian, Ubuntu:  apt install mariadb-client',
    'Fedora, RHEL:    dnf install mariadb',
    'macOS:           brew install mariadb',
  ],
  mysql: [
    'Ubuntu:          apt install mysql-client   (Debian: from the APT repository of MySQL)',
    'Fedora, RHEL:    dnf install mysql',
    'macOS:           brew install mysql-client   (then add its bin folder to PATH)',
  ],
} as const satisfies Record<Vendor, readonly string[]>;

const toolMissing = (
  role: ClientRole,
  found: readonly ClientTool[],
  vendor: Vendor,
  need: string,
  version: string,
): SyncError => {
  const program = NAMES[role][vendor];
  const list = found.map(({ path, flavor }) => `${path} is of ${describeFlavor(flavor)}`).join('; ');
  return new SyncError('TOOL_MISSING', {
    message: `${need} ${VENDOR_LABELS[vendor]}'s ${program} (${version}). ${list === '' ? `Neither ${Object.values(NAMES[role]).join(' nor ')} is in PATH` : `In PATH: ${list}`}.`,
    hints: [...PACKAGES[vendor], NATIVE_HINT],
  });
};
