import { expect, test } from 'vitest';
import { readHost } from '../../../src/core/server/host.js';

test.each([
  ['db-prod-1', 'db-prod-1'],
  ['db_prod.internal.', 'db_prod.internal.'],
  ['127.0.0.1', '127.0.0.1'],
  ['::1', '::1'],
  ['[::1]', '::1'],
  ['fe80::1%eth0', 'fe80::1%eth0'],
  ['[fe80::1%eth0]', 'fe80::1%eth0'],
  ['bücher.example', 'bücher.example'],
])('%j is the host %s', (text, host) => {
  expect(readHost(text)).toEqual({ host });
});

test.each([
  ['', 'empty'],
  ['  ', 'empty'],
  ['mysql://root@db:3306/shop', 'URL'],
  ['db\r', 'invisible'],
  ['db\n', 'invisible'],
  ['a b', 'blank'],
  ['\u200bdb', 'invisible'],
  ['db:3306', 'port'],
  ['[::1]:3306', 'port'],
  ['/run/mysqld.sock', 'socket'],
  ['root@db', 'neither'],
  ['db/shop', 'neither'],
  ['[::1', 'neither'],
  ['[]', 'neither'],
  ['db:', 'neither'],
  ['db:http', 'neither'],
])('%j is none: %s', (text, reason) => {
  const reading = readHost(text);
  expect('problem' in reading && reading.problem).toContain(reason);
});
