import { describe, expect, test } from 'vitest';
import { describeAddress, isSameAddress, isThisMachine } from '../../../src/core/server/connection.js';
import { readSshHost } from '../../../src/core/server/ssh-host.js';

test.each([
  ['bastion', { host: 'bastion' }],
  ['bastion.example', { host: 'bastion.example' }],
  ['jump@bastion.example:2222', { host: 'bastion.example', user: 'jump', port: '2222' }],
  ['ann@corp.example@bastion', { host: 'bastion', user: 'ann@corp.example' }],
  ['[fd00::1]:22', { host: 'fd00::1', port: '22' }],
  ['10.0.0.1', { host: '10.0.0.1' }],
])('%s', (text, expected) => {
  expect(readSshHost(text)).toEqual(expected);
});

describe('what is no SSH host', () => {
  test.each([
    '',
    '-oProxyCommand=id',
    '-l@bastion',
    'user@-oProxyCommand=id',
    'bastion -oProxyCommand=id',
    'bastion\n',
    'bastion\u001B[2J',
    'bas\u0000tion',
    '$(id)@bastion',
    '`id`@bastion',
    'a;id@bastion',
    '%r@bastion',
    'bastion:0',
    'bastion:65536',
    'bastion:22:22',
    'ssh://bastion',
    '/bin/sh',
    'a'.repeat(256),
  ])('%j', (text) => {
    expect(readSshHost(text)).toHaveProperty('problem');
  });
});

test('127.0.0.1 behind one SSH host is neither this machine nor 127.0.0.1 behind another', () => {
  const behind = (ssh?: string) =>
    ({ kind: 'tcp', host: '127.0.0.1', port: 3306, ...(ssh !== undefined && { ssh }) }) as const;
  expect(isThisMachine(behind())).toBe(true);
  expect(isThisMachine(behind('one'))).toBe(false);
  expect(isSameAddress(behind('one'), behind('two'))).toBe(false);
  expect(isSameAddress(behind('one'), behind())).toBe(false);
  expect(isSameAddress(behind('one'), behind('one'))).toBe(true);
  expect(describeAddress({ user: 'ro', address: behind('one') })).toBe('ro@127.0.0.1:3306 through one');
});
