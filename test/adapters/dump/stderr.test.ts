import { describe, expect, test } from 'vitest';
import { isCleanEnd, readClientError } from '../../../src/adapters/dump/stderr.js';

const endWith = (stderr: string, code: number | null = 0): Parameters<typeof isCleanEnd>[0] => ({
  code,
  signal: code === null ? 'SIGKILL' : null,
  stderr,
});

describe('a clean end', () => {
  test.each([
    '',
    '\n',
    "mysqldump: Deprecated program name. It will be removed in a future release, use '/usr/bin/mariadb-dump' instead\n",
    'WARNING: option --ssl-verify-server-cert is disabled, because of an insecure passwordless login.\n',
    'mysqldump: [Warning] Using a password on the command line interface can be insecure.\n',
  ])('is one with %j', (stderr) => {
    expect(isCleanEnd(endWith(stderr))).toBe(true);
    expect(isCleanEnd(endWith(stderr, 2))).toBe(false);
    expect(isCleanEnd(endWith(stderr, null))).toBe(false);
  });

  test.each([
    "mysqldump: Error: 'Access denied; you need (at least one of) the PROCESS privilege(s) for this operation' when trying to dump tablespaces",
    "mysqldump: Couldn't read keys from table `t`;",
    "Error: Couldn't read status information for table t ()",
    'mysqldump: root@localhost has insufficient privileges to SHOW CREATE FUNCTION `f`!',
    'Error: Server has GTIDs disabled.',
    'anything else',
  ])('is none with %j, even with exit code 0', (line) => {
    expect(isCleanEnd(endWith(`${line}\n`))).toBe(false);
  });
});

describe('the error of a client', () => {
  test.each([
    [
      "ERROR 1062 (23000) at line 25: Duplicate entry '5' for key 'id'\n",
      { text: "Duplicate entry '5' for key 'id' (error 1062)", number: 1062, line: 25 },
    ],
    [
      "--------------\nINSERT INTO `a` VALUES\n(1)\n--------------\n\nERROR 1146 (42S02) at line 30: Table 's.a' doesn't exist\n",
      { text: "Table 's.a' doesn't exist (error 1146)", number: 1146, line: 30 },
    ],
    [
      "ERROR 1064 (42000) at line 5: You have an error near 'sele\nct 3' at line 1\n",
      { text: "You have an error near 'sele ct 3' at line 1 (error 1064)", number: 1064, line: 5 },
    ],
    [
      "ERROR 1045 (28000): Access denied for user 'x'@'localhost' (using password: YES)\n",
      {
        text: "Access denied for user 'x'@'localhost' (using password: YES) (error 1045)",
        number: 1045,
        line: undefined,
      },
    ],
    [
      "ERROR at line 1: Unknown command '\\-'.\n",
      { text: "ERROR at line 1: Unknown command '\\-'.", number: undefined, line: undefined },
    ],
    [
      "mariadb-dump: Got error: 1045: \"Access denied for user 'x'@'h'\" when trying to connect\n",
      {
        text: "Got error: 1045: \"Access denied for user 'x'@'h'\" when trying to connect",
        number: 1045,
        line: undefined,
      },
    ],
    [
      'mysqldump: Error 2013: Lost connection to MySQL server during query when dumping table `t` at row: 7\n',
      {
        text: 'Error 2013: Lost connection to MySQL server during query when dumping table `t` at row: 7',
        number: 2013,
        line: undefined,
      },
    ],
    [
      "mysqldump: Couldn't execute 'show fields from `v`': View 's.v' references invalid table(s) (1356)\nmore\n",
      {
        text: "Couldn't execute 'show fields from `v`': View 's.v' references invalid table(s) (1356)",
        number: 1356,
        line: undefined,
      },
    ],
    [
      "mariadb-dump: unknown option '--x'\n",
      { text: "unknown option '--x'", number: undefined, line: undefined },
    ],
  ])('%#: %j', (stderr, expected) => {
    expect(readClientError(stderr)).toEqual(expected);
  });

  test('there is none when it only warns', () => {
    expect(
      readClientError('mysql: [Warning] Using a password on the command line interface can be insecure.\n'),
    ).toBeUndefined();
  });
});

test('a client that floods its stderr does not flood the message', () => {
  const error = readClientError(`mysqldump: ${'x'.repeat(16_000)}\n`);
  expect(error?.text.length).toBeLessThan(1100);
  expect(error?.text).toMatch(/^x+\.\.\.$/);
});
