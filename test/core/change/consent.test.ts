import { describe, expect, test } from 'vitest';
import type { Action, ChangeSet } from '../../../src/core/change/change-set.js';
import { exitOfBlocked, refuseBlocked, requireConsent } from '../../../src/core/change/consent.js';
import { diffInventories } from '../../../src/core/change/diff.js';
import { SyncError } from '../../../src/core/errors.js';
import {
  NOTHING_LEFT,
  aDatabase,
  aPlan,
  anEndpoint,
  aTable,
  someFacts,
  someRules,
} from '../../support/inventory.js';

const changeSetOf = (actions: readonly Action[], isProtected = false): ChangeSet => {
  const names = actions.map((_, index) => `db${String(index)}`);
  const source = names.map((name) => aDatabase(name, [aTable('t')]));
  const isThere = (action: Action | undefined): boolean => action !== 'create';
  return diffInventories(
    aPlan({ target: anEndpoint('target', 'staging', { isProtected }) }),
    source.map(({ name }, index) => ({
      from: name,
      to: name,
      rules: someRules({
        onExisting: actions[index] === 'skip' ? 'skip' : actions[index] === 'blocked' ? 'fail' : 'overwrite',
      }),
    })),
    { server: someFacts('a'), databases: source },
    { server: someFacts('b'), databases: source.filter((_, index) => isThere(actions[index])) },
    NOTHING_LEFT,
  );
};

describe('the approval matrix', () => {
  const yes = { kind: 'yes', flag: '--auto-approve' };
  const name = { kind: 'target-name', flag: '--confirm-target staging' };
  test.each<[string, Action[], 'sync-plan' | 'saved-plan', boolean, boolean, object]>([
    ['nothing pending', ['skip'], 'sync-plan', true, false, { kind: 'none' }],
    ['creates, YAML', ['create'], 'sync-plan', true, false, yes],
    ['creates, saved', ['create'], 'saved-plan', true, false, { kind: 'none' }],
    ['overwrites, YAML', ['create', 'overwrite'], 'sync-plan', true, false, name],
    ['overwrites, saved', ['overwrite'], 'saved-plan', true, false, name],
    ['protected, YAML', ['create'], 'sync-plan', true, true, { kind: 'saved-plan' }],
    ['protected, saved', ['overwrite'], 'saved-plan', true, true, name],
    ['protected, saved, creates', ['create'], 'saved-plan', true, true, name],
    ['relaxed, overwrites', ['overwrite'], 'sync-plan', false, false, yes],
    ['relaxed, protected, YAML', ['overwrite'], 'sync-plan', false, true, { kind: 'saved-plan' }],
    ['relaxed, protected, saved', ['overwrite'], 'saved-plan', false, true, name],
  ])('%s', (_case, actions, origin, confirmDestructive, isProtected, consent) => {
    expect(requireConsent(changeSetOf(actions, isProtected), { origin, confirmDestructive })).toEqual(
      consent,
    );
  });
});

describe('blocked databases', () => {
  test('none: nothing is thrown', () => {
    expect(() => refuseBlocked(changeSetOf(['create', 'skip']))).not.toThrow();
  });

  test('one of two: named, with the command that applies the other', () => {
    const error = captureError(() => refuseBlocked(changeSetOf(['create', 'blocked'])));
    expect(error.code).toBe('DATABASE_BLOCKED');
    expect(error.exitCode).toBe(9);
    expect(error.message).toContain('db1: db1 exists on the target');
    expect(error.hints.join('\n')).toContain('mysql-sync apply nightly.yaml --exclude db1');
  });

  test('the code of the hazard is the code of the error', () => {
    const database = aDatabase('shop', [aTable('t')]);
    const changeSet = diffInventories(
      aPlan(),
      [{ from: database.name, to: database.name, rules: someRules() }],
      { server: someFacts('same'), databases: [database] },
      { server: someFacts('same'), databases: [database] },
      NOTHING_LEFT,
    );
    expect(captureError(() => refuseBlocked(changeSet)).code).toBe('SAME_DATABASE');
  });

  test('a plan ends as the apply of it would', () => {
    const lacking = { code: 'PRIVILEGE_MISSING', severity: 'blocks', message: 'm', hint: 'h' } as const;
    expect(exitOfBlocked(changeSetOf(['create', 'skip']))).toBeUndefined();
    expect(exitOfBlocked(changeSetOf(['create', 'blocked']))).toBe('refusedByPolicy');
    expect(exitOfBlocked({ ...changeSetOf(['create']), hazards: [lacking] })).toBe('cannotConnect');
  });
});

const captureError = (work: () => void): SyncError => {
  try {
    work();
  } catch (error) {
    if (error instanceof SyncError) return error;
  }
  throw new Error('no SyncError was thrown');
};
