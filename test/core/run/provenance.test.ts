import { expect, test } from 'vitest';
import { toDatabaseName, toRunId } from '../../../src/core/names.js';
import {
  type LiveRecord,
  type Origin,
  type ProvenanceRecord,
  parseProvenance,
  writeProvenance,
} from '../../../src/core/run/provenance.js';

/** Anybody with rights on the table may have written it. */

const ORIGIN: Origin = {
  run: toRunId('bbbbbb'),
  plan: { name: 'nightly', digest: '00' },
  source: { name: 'prod', identity: 'x', server: 'MySQL 8.4.3', database: toDatabaseName('shop') },
  asOf: '2026-11-01T10:00:00.000Z',
  positions: [{ kind: 'file', text: 'bin.000001:4', isExact: false }],
  engine: 'native',
  verification: { digested: 3, counted: 3, moved: 0 },
  preserved: 0,
  masks: { columns: 3, scan: 'full', fingerprint: 'ab12', searched: 'ab'.repeat(32) },
  hooks: { count: 2, fingerprint: null },
  by: 'me@here',
};
const LIVE: LiveRecord = {
  phase: 'live',
  run: toRunId('bbbbbb'),
  kind: 'apply',
  startedAt: '2026-11-01T10:00:00.000Z',
  liveAt: null,
  content: ORIGIN,
  previous: null,
};

test.each<ProvenanceRecord>([
  LIVE,
  { ...LIVE, kind: 'rollback', content: null, previous: { ...ORIGIN, positions: [], hooks: null } },
  {
    phase: 'swapping',
    run: toRunId('cccccc'),
    before: LIVE,
    next: { ...LIVE, liveAt: '2026-11-01T10:00:00Z' },
  },
  { phase: 'swapping', run: toRunId('cccccc'), before: null, next: null },
])('what is written is read', (record) => {
  expect(parseProvenance(writeProvenance(record))).toEqual({ record, fault: null });
});

const live = (facts: object): string => JSON.stringify({ format: 1, ...LIVE, ...facts });
const content = (facts: object): string => live({ content: { ...ORIGIN, ...facts } });

test.each([
  ['', 'it is no JSON'],
  ['null', 'format'],
  ['[]', 'format'],
  [live({ format: 2 }), 'a newer version of mysql-sync wrote it'],
  [live({ format: '1' }), 'a format that this version does not know'],
  [live({ more: 1 }), 'fields of its own'],
  [live({ phase: 'gone' }), 'its phase is unknown'],
  [live({ kind: 'copy' }), 'its kind is unknown'],
  [live({ run: '../../x' }), 'its run is no id of one'],
  [live({ startedAt: 'yesterday' }), 'startedAt is no time'],
  [live({ liveAt: '2026-99-99T99:99:99Z' }), 'liveAt is no time'],
  [live({ content: 'x' }), 'its origin is no object'],
  [content({ by: 'x'.repeat(1_025) }), 'who made it is not text of up to 1024 characters'],
  [
    content({ positions: [{ kind: 'gtid', text: 'x'.repeat(4_097), isExact: true }] }),
    'its position is not text',
  ],
  [
    content({ positions: [{ kind: 'sql', text: '', isExact: false }] }),
    'the kind of its position is unknown',
  ],
  [content({ positions: null }), 'its positions is no list'],
  [content({ positions: [{ kind: 'gtid', text: '' }] }), 'its position has no isExact'],
  [content({ verification: { digested: -1, counted: 0, moved: 0 } }), 'a number of it is none'],
  [content({ verification: { digested: '1', counted: 0, moved: 0 } }), 'a number of it is none'],
  [content({ hooks: { count: 1e300, fingerprint: null } }), 'a number of it is none'],
  [
    JSON.stringify({
      format: 1,
      phase: 'swapping',
      run: 'bbbbbb',
      before: null,
      next: { phase: 'swapping' },
    }),
    'it has no run',
  ],
])('%j is refused', (text, fault) => {
  const { record, fault: found } = parseProvenance(text);
  expect(record).toBeUndefined();
  expect(found).toContain(fault);
});
