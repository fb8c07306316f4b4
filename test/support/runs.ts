import { hostname } from 'node:os';
import { toDatabaseName, toRunId } from '../../src/core/names.js';
import type { DatabaseOutcome } from '../../src/core/run/outcome.js';
import type { Run, RunDatabase } from '../../src/core/run/run.js';

export const makeRunDatabase = (name: string): RunDatabase => ({
  from: toDatabaseName(name),
  to: toDatabaseName(name),
});

/** A run of this process that was opened and not closed. */
export const makeRun = (id: string, facts: Partial<Run> = {}): Run => ({
  id: toRunId(id),
  kind: 'apply',
  startedAt: new Date().toISOString(),
  startedBy: `tester@${hostname()}`,
  processId: process.pid,
  plan: { name: 'nightly', path: 'plans/nightly.yaml', digest: 'd'.repeat(64) },
  source: { name: 'prod', address: 'sync_ro@db-prod-1:3306', server: 'MySQL 8.4.3' },
  target: { name: 'staging', address: 'root@127.0.0.1:3307', server: 'MariaDB 11.8.2' },
  databases: ['crm', 'billing'].map(makeRunDatabase),
  outcomes: [],
  ...facts,
});

/** A database that was created and verified by digests. */
export const makeOutcome = (name: string, facts: Partial<DatabaseOutcome> = {}): DatabaseOutcome => ({
  from: toDatabaseName(name),
  to: toDatabaseName(name),
  status: 'applied',
  action: 'create',
  targetState: 'new',
  tables: 38,
  rows: 4_112_907,
  bytes: 1_288_490_189,
  durationMilliseconds: 57_000,
  verification: { digested: 38, counted: 0, movedOnSource: [] },
  notes: [],
  error: null,
  ...facts,
});
