import { expect, test } from 'vitest';
import { sshArguments } from '../../../src/adapters/ssh/ssh-arguments.js';

const argumentsFor = (ssh: string, host = 'db', canPrompt = false): string =>
  sshArguments({ ssh, host, port: 3306 }, { canPrompt, timeoutSeconds: 10 }).join(' ');

test('the host comes last, after all options', () => {
  expect(argumentsFor('jump@bastion:2222')).toMatch(/-L \.\/s:db:3306 -l jump -p 2222 -- bastion$/);
});

test('an IPv6 address behind the host is in brackets', () => {
  expect(argumentsFor('bastion', 'fd00::1')).toContain('-L ./s:[fd00::1]:3306 ');
});

test('without a terminal ssh asks for nothing; host keys are left to the settings of the person', () => {
  expect(argumentsFor('bastion')).toContain('BatchMode=yes');
  expect(argumentsFor('bastion', 'db', true)).not.toContain('BatchMode');
  expect(argumentsFor('bastion', 'db', true)).not.toMatch(/StrictHostKeyChecking|UserKnownHosts/);
});

test('nothing that was not checked gets to ssh', () => {
  expect(() => argumentsFor('-oProxyCommand=id')).toThrow('not checked');
});
