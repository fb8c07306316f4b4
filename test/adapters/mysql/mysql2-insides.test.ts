import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { Duplex } from 'node:stream';
import mysql from 'mysql2';
import { expect, test } from 'vitest';
import { sendAhead } from '../../../src/adapters/mysql/protocol/send-ahead.js';
import { guardReplies } from '../../../src/adapters/mysql/protocol/reply-guard.js';

/** docs/decisions/0006-native-engine.md says which insides of mysql2 are used: another version may not have them. */

const ROOT = resolve(import.meta.dirname, '../../..');

interface Package {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}
const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const ours = readJson(resolve(ROOT, 'package.json')) as Package;
const lock = readJson(resolve(ROOT, 'package-lock.json')) as { packages: Readonly<Record<string, Package>> };

test('the version of mysql2 whose insides are used is pinned, locked and installed', () => {
  const installed = readJson(createRequire(import.meta.url).resolve('mysql2/package.json')) as Package;
  expect(ours.dependencies['mysql2']).toBe(installed.version);
  expect(lock.packages['node_modules/mysql2']?.version).toBe(installed.version);
});

test('package-lock.json is that of package.json, as npm ci demands', () => {
  const { dependencies, devDependencies, optionalDependencies } = ours;
  expect(lock.packages['']).toMatchObject({ dependencies, devDependencies, optionalDependencies });
});

/** A connection whose server says nothing. */
const connectToNobody = (): mysql.Connection =>
  mysql.createConnection({
    stream: () => new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() }) as never,
    connectTimeout: 0,
  });

test('the insides are there: socket, parser, packets, their number, and commands by name', () => {
  const connection = connectToNobody();
  const { stream, packetParser, handlePacket, sequenceId, _command } = connection as unknown as Readonly<
    Record<string, unknown>
  >;
  expect({ stream, packetParser, handlePacket, sequenceId, _command }).toMatchObject({
    stream: expect.any(Duplex) as unknown,
    packetParser: { execute: expect.any(Function) as unknown },
    handlePacket: expect.any(Function) as unknown,
    sequenceId: 0,
    _command: { mariadbExtendedClientFlags: 0, handshake: null },
  });
  const nameOf = (command: unknown): string => (command as object).constructor.name;
  expect(nameOf(_command)).toBe('ClientHandshake');
  expect(nameOf(connection.query('SELECT 1', () => undefined))).toBe('Query');
  expect(nameOf(connection.prepare('SELECT 1', () => undefined))).toBe('Prepare');
  connection.destroy();
});

test('the insides are there: the queue of statements, and what starts one', () => {
  const connection = connectToNobody();
  const { _commands, addCommand } = connection as unknown as Readonly<Record<string, unknown>>;
  expect(_commands).toMatchObject({ length: 0 });
  expect(addCommand).toEqual(expect.any(Function));
  const statement = connection.query('SELECT 1', () => undefined) as unknown as Record<string, unknown>;
  expect(statement).toMatchObject({ start: expect.any(Function) as unknown, next: null });
  expect(_commands).toMatchObject({ length: 1 });
  connection.destroy();
});

test.each(['addCommand', '_commands', 'sequenceId'])('without %s nothing is sent ahead', (inside) => {
  const connection = connectToNobody();
  Object.assign(connection, { [inside]: undefined });
  expect(() => sendAhead(connection)).toThrow('this version of mysql2 queues statements in another way');
});

test.each(['packetParser', 'handlePacket', 'sequenceId', '_command'])(
  'a connection without %s is not used unguarded',
  (inside) => {
    const connection = connectToNobody();
    Object.assign(connection, { [inside]: undefined });
    expect(() => guardReplies(connection)).toThrow('this version of mysql2 reads packets in another way');
  },
);
