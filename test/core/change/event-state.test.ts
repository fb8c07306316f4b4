import { expect, test } from 'vitest';
import { decideEventState, isOver } from '../../../src/core/change/event-state.js';
import type { EventState } from '../../../src/core/sql/event-text.js';
import type { EventInventory } from '../../../src/core/server/inventory.js';
import type { EventRule } from '../../../src/core/plan/sync-plan.js';

const clocks = new Map([
  ['SYSTEM', '2030-01-01 12:00:00'],
  ['+05:30', '2030-01-01 17:30:00'],
]);

const event = (overrides: Partial<EventInventory> = {}): EventInventory => ({
  state: 'enabled',
  schedule: 'EVERY 1 DAY',
  timeZone: 'SYSTEM',
  isPreserved: false,
  ...overrides,
});

test.each([
  [true, { lastTime: '2030-01-01 11:59:59' }],
  [false, { lastTime: '2030-01-01 12:00:00' }],
  [true, { lastTime: '2030-01-01 17:29:59', timeZone: '+05:30' }],
  [false, { lastTime: '2030-01-01 17:30:01', timeZone: '+05:30' }],
  [false, { lastTime: '2001-01-01 00:00:00', timeZone: 'Europe/Brussels' }],
  [false, {}],
])('is over: %s, %j', (expected, overrides) => {
  expect(isOver(event(overrides), clocks)).toBe(expected);
});

const past = { lastTime: '2001-01-01 00:00:00' };

test.each<[string, EventState | undefined, EventRule, Partial<EventInventory>, EventState | undefined]>([
  ['is as on the source', 'enabled', 'as_source', {}, 'disabled'],
  ['is as on the source', 'disabled', 'as_source', { state: 'disabled' }, 'enabled'],
  ['is new and comes switched off', 'disabled', 'disabled', {}, undefined],
  ['stays on where it is on', 'enabled', 'disabled', { state: 'disabled' }, 'enabled'],
  ['stays off where it is off', 'disabled', 'disabled', {}, 'disabled'],
  ['stays what a replica made of it', 'disabled-on-replica', 'disabled', {}, 'disabled-on-replica'],
  [
    'comes as a replica has it',
    'disabled-on-replica',
    'disabled',
    { state: 'disabled-on-replica' },
    undefined,
  ],
  ['would be dropped', undefined, 'as_source', past, undefined],
  ['would be dropped, also switched off', undefined, 'disabled', { ...past, state: 'disabled' }, 'disabled'],
  ['would be switched off', 'disabled', 'as_source', { ...past, isPreserved: true }, undefined],
])('an event that %s: %s', (_, expected, rule, overrides, live) => {
  expect(decideEventState(event(overrides), { rule, live, clocks })).toBe(expected);
});
