import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ENVIRONMENT, StepError, findProgram, runCommand, say } from './commands.mjs';

/**
 * Database servers out of the packages of any Debian release, unpacked into a folder and not installed: they run by the
 * dynamic loader and the libraries that came with them. No root, no chroot, no bind mount, no maintainer script.
 */

/** The programs that get a place in the prefix, as `bin/NAME` or `sbin/NAME`. Names that a release lacks are left out. */
const PROGRAMS = {
  mariadb: [
    'sbin/mariadbd',
    'sbin/mysqld',
    'bin/mariadb',
    'bin/mysql',
    'bin/mariadb-dump',
    'bin/mysqldump',
    'bin/my_print_defaults',
    'bin/resolveip',
  ],
  mysql: ['sbin/mysqld', 'bin/mysql', 'bin/mysqldump'],
};

const WITHOUT_FILES = ['bin/my_print_defaults', 'bin/resolveip'];

/** What the programs need of an unpacked release; the rest, a whole minimal system, is thrown away. */
const KEPT = ['lib', 'lib64', 'usr/lib', 'usr/lib64', 'usr/share/mysql', 'usr/share/mariadb'];

/**
 * Makes `prefix` (`bin`, `sbin`, `share`, and the release's files in `root`) from the packages of a Debian suite. The
 * prefix appears whole or not at all; `verify` looks at it before and throws when it is not what is wanted.
 */
export const buildPrefix = ({ prefix, suite, packages, vendor, verify }) => {
  const debootstrap = ensureDebootstrap();
  const mirror = findDebianMirror();
  mkdirSync(dirname(prefix), { recursive: true });
  removeAbandoned(dirname(prefix));
  const making = mkdtempSync(`${prefix}.making-${process.pid}-`);
  try {
    const downloaded = join(making, 'packages');
    download(debootstrap, { suite, packages, mirror, folder: downloaded });
    unpack(join(downloaded, 'var', 'cache', 'apt', 'archives'), join(making, 'all'));
    keepPrograms(join(making, 'all'), join(making, 'root'), vendor);
    writePrograms(making, vendor);
    for (const done of ['packages', 'all']) rmSync(join(making, done), { recursive: true, force: true });
    chmodSync(making, 0o755);
    verify(making);
    rmSync(prefix, { recursive: true, force: true });
    renameSync(making, prefix);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
};

/** Folders of runs that were cut off: the process whose id they carry is gone. */
const removeAbandoned = (folder) => {
  for (const name of readdirSync(folder)) {
    const pid = /\.making-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(folder, name), { recursive: true });
  }
};

const isRunning = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
};

const ensureDebootstrap = () => {
  if (!findProgram('debootstrap')) {
    const what = 'debootstrap, which finds and checks the packages of a Debian release,';
    if (process.getuid?.() !== 0 || !findProgram('apt-get'))
      throw new StepError(`${what} is not there. On Debian:  sudo apt-get install debootstrap`);
    say(`apt-get install debootstrap: ${what} is not there`);
    const environment = { ...ENVIRONMENT, DEBIAN_FRONTEND: 'noninteractive' };
    runCommand('apt-get', ['update', '-q'], environment);
    runCommand('apt-get', ['install', '-yq', '--no-install-recommends', 'debootstrap'], environment);
  }
  return findProgram('debootstrap');
};

/** Where this machine gets its own Debian packages from, as apt itself reads its configuration. */
const findDebianMirror = () => {
  const listed = listMirror();
  if (listed !== undefined) return listed;
  if (process.getuid?.() === 0 && findProgram('apt-get')) {
    say('apt-get update: apt has no package lists, and they say which source is Debian');
    runCommand('apt-get', ['update', '-q']);
  }
  const mirror = listMirror();
  if (mirror === undefined)
    throw new StepError('apt knows no Debian mirror (is this Debian, after apt-get update?)');
  return mirror;
};

const listMirror = () => {
  const format = ['--format', '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)'];
  const { stdout } = spawnSync('apt-get', ['indextargets', ...format, 'Created-By: Packages'], {
    encoding: 'utf8',
  });
  return (stdout ?? '')
    .split('\n')
    .map((line) => line.split('|'))
    .find(([origin, label, component]) => `${origin} ${label} ${component}` === 'Debian Debian main')?.[3];
};

/** Only downloads and checks signatures and sums; `debootstrap` needs root for what it does after that. */
const download = (debootstrap, { suite, packages, mirror, folder }) => {
  const options = ['--download-only', '--force-check-gpg', '--variant=minbase'];
  const argv = [...options, `--include=${packages.join(',')}`, suite, folder, mirror];
  runQuietly(debootstrap, argv, `packages of Debian ${suite}`, mirror);
};

const unpack = (archives, folder) => {
  mkdirSync(folder);
  for (const name of readdirSync(archives).filter((file) => file.endsWith('.deb')))
    runQuietly('dpkg-deb', ['--extract', join(archives, name), folder], name);
};

/** Output is shown when it explains a failure, and then without the mirror's address, which may hold a password. */
const runQuietly = (program, argv, what, secret) => {
  const { status, stdout, stderr, error } = spawnSync(program, argv, {
    env: ENVIRONMENT,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status === 0) return;
  const tail = `${stdout ?? ''}${stderr ?? ''}`.trim().split('\n').slice(-8).join('\n');
  const shown = secret === undefined ? tail : tail.replaceAll(secret.replace(/\/$/, ''), '(mirror)');
  throw new StepError(`${what}: ${error?.message ?? shown}`);
};

const keepPrograms = (all, root, vendor) => {
  const wanted = [...KEPT, ...PROGRAMS[vendor].map((path) => `usr/${path}`), 'usr/bin/mariadb-install-db'];
  for (const path of wanted.filter((name) => isThere(join(all, name)))) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    renameSync(join(all, path), join(root, path));
  }
};

/** Also true for a link that leads nowhere: links are unpacked in any order. */
const isThere = (path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

const writePrograms = (prefix, vendor) => {
  const root = join(prefix, 'root');
  for (const folder of ['bin', 'sbin']) mkdirSync(join(prefix, folder));
  symlinkSync('root/usr/share', join(prefix, 'share'));
  const launcher = makeLauncher(root);
  for (const path of PROGRAMS[vendor].filter((name) => isThere(join(root, 'usr', name)))) {
    const original = join(root, 'usr', path);
    const isLink = lstatSync(original).isSymbolicLink();
    if (isLink) symlinkSync(readlinkSync(original), join(prefix, path));
    else writeScript(join(prefix, path), launcher(path));
  }
  if (vendor === 'mariadb') writeScript(join(prefix, 'bin', 'mariadb-install-db'), INSTALL_SCRIPT);
};

const writeScript = (path, lines) => writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o755 });

/** The text of a script that starts one program. `exec` keeps process id and open descriptors. */
const makeLauncher = (root) => {
  const folders = ['usr/lib', 'lib'].flatMap((lib) =>
    listTriplets(root, lib).map((name) => `${lib}/${name}`),
  );
  const loader = folders.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => /^ld-linux.*\.so\.\d+$/.test(name))
      .map((name) => `${folder}/${name}`),
  )[0];
  if (loader === undefined) throw new StepError('the packages hold no dynamic loader');
  const libraries = folders.map((folder) => `$root/${folder}`).join(':');
  return (path) => [
    '#!/bin/sh',
    'root=$(cd "${0%/*}/../root" && pwd) || exit',
    ...locateFiles(root, folders[0], path),
    `exec "$root/${loader}" --inhibit-cache --library-path "${libraries}" \\`,
    `  "$root/usr/${dirname(path)}/\${0##*/}" "$@"`,
  ];
};

/** The places are compiled in: without this the files of another release would be read, or none. */
const locateFiles = (root, libraries, path) => {
  if (path.startsWith('sbin/')) return insertOption('--basedir="$root/usr"');
  if (WITHOUT_FILES.includes(path)) return [];
  const share = ['mariadb', 'mysql'].find((name) => existsSync(join(root, 'usr', 'share', name, 'charsets')));
  return [
    'export LIBMYSQL_PLUGIN_DIR="$root/usr/lib/mysql/plugin"',
    `export MARIADB_PLUGIN_DIR="$root/${libraries}/libmariadb3/plugin"`,
    ...insertOption(`--character-sets-dir="$root/usr/share/${share}/charsets"`),
  ];
};

/** Behind the options about option files, which count only in front, and before a `--`, after which none counts. */
const insertOption = (option) => [
  'total=$# leading=0 moved=0',
  'for argument; do',
  '  case $argument in --*defaults*|--*login-path*) leading=$((leading + 1)) ;; *) break ;; esac',
  'done',
  'while [ $moved -lt $leading ]; do set -- "$@" "$1"; shift; moved=$((moved + 1)); done',
  `set -- "$@" ${option}`,
  'while [ $moved -lt $total ]; do set -- "$@" "$1"; shift; moved=$((moved + 1)); done',
];

/** For example `x86_64-linux-gnu`. */
const listTriplets = (root, folder) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder)).filter((name) => name.includes('-linux-gnu'))
    : [];

const INSTALL_SCRIPT = [
  '#!/bin/sh',
  'prefix=$(cd "${0%/*}/.." && pwd) || exit',
  'exec /bin/sh "$prefix/root/usr/bin/mariadb-install-db" "$@" --basedir="$prefix"',
];
