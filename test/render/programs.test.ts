import { expect, test } from 'vitest';
import type { ProgramChange } from '../../src/core/change/change-set.js';
import { renderPrograms } from '../../src/render/programs.js';

const view = (name: string): ProgramChange => ({ kind: 'view', name, action: 'create', definer: 'app@%' });
const EVENT: ProgramChange = {
  kind: 'event',
  name: 'nightly\u001b[2J',
  action: 'replace',
  definer: 'root@localhost',
  event: { schedule: 'EVERY 1 DAY', timeZone: 'SYSTEM', state: 'enabled' },
};

test('programs that come are counted and named, those that go or stay are not', () => {
  expect(renderPrograms([], 'count')).toEqual([]);
  expect(
    renderPrograms(
      [
        view('a'),
        { kind: 'package body', name: 'p', action: 'create' },
        { kind: 'event', name: 'x', action: 'drop' },
      ],
      'count',
    ),
  ).toEqual(['programs: 1 view, 1 package body (view a, package body p)']);
  expect(renderPrograms(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(view), 'count')).toEqual([
    'programs: 8 views (view a, view b, view c, view d, view e, view f and 2 more, --show-programs lists them)',
  ]);
});

test('--show-programs: each with its definer, events with what they do', () => {
  expect(renderPrograms([view('a'), EVENT], 'list')).toEqual([
    'programs: 1 view, 1 event',
    '  + view a, as app@%',
    '  -/+ event nightly\\x1b[2J, as root@localhost, EVERY 1 DAY (SYSTEM), enabled',
  ]);
});
