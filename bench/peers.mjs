import { dirname, join } from 'node:path';
import { helpOf, isInstalled, runShell } from './measure.mjs';

// Other programs that copy databases, as `bench/*.mjs` run them on servers that are reached over TCP as an account without a
// password. `from` and `to` have a `port`.

const login = ({ port }, user) => `--no-defaults -h127.0.0.1 -P${port} -u${user}`;

// What mysqldump prints without it switches the binary log off, and is refused by a server that has written to its own.
const gtids = (vendor) => (vendor === 'mysql' ? ' --set-gtid-purged=OFF' : '');

/** The client programs that came with the server, with a pipe between them. */
export const runPipe = ({ programs: { client, vendor } }, { names, user, from, to }) => {
  const dump = join(dirname(client), vendor === 'mysql' ? 'mysqldump' : 'mariadb-dump');
  return runShell(
    `${dump} ${login(from, user)} --single-transaction --quick${gtids(vendor)} --databases ${names.join(' ')} | ${client} ${login(to, user)}`,
  );
};

/** Over files in `folder`; tables that are there are dropped first. */
export const runMydumper = async (folder, { names, user, from, to }) => {
  const at = ({ port }) => `-h 127.0.0.1 -P ${port} -u ${user} -t 4`;
  const files = join(folder, 'mydumper');
  await runShell(`rm -rf ${files}`);
  const snapshot = helpOf('mydumper').includes('--trx-tables') ? '--trx-tables' : '--trx-consistency-only';
  await runShell(`mydumper ${at(from)} --regex '^(${names.join('|')})\\.' ${snapshot} -o ${files}`);
  await runShell(`myloader ${at(to)} -d ${files} -o`);
};

/** Patches the live tables of the target. It ends with 2 when it has changed something. */
export const runTableSync = ({ names, user, from, to }) => {
  const at = ({ port }) => `h=127.0.0.1,P=${port},u=${user}`;
  return runShell(
    `pt-table-sync --execute --databases ${names.join(',')} ${at(from)} ${at(to)} || test $? -eq 2`,
  );
};

/** Whether it is in PATH and knows this vendor: mydumper 0.10 of Debian 12 knows no MySQL 8 and newer. */
export const canRun = (peer, vendor) => {
  if (peer === 'mydumper') return vendor === 'mariadb' && isInstalled('mydumper');
  return peer === 'pipe' || isInstalled(peer);
};
