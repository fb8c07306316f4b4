import type { Endpoint } from '../../src/core/server/connection.js';
import type {
  DatabaseInventory,
  ProgramInventory,
  ServerFacts,
  TableInventory,
} from '../../src/core/server/inventory.js';
import { toConnectionName, toDatabaseName, toTableName } from '../../src/core/names.js';
import type { ResolvedPlan, SelectionRules } from '../../src/core/plan/resolved-plan.js';

/** Values for tests of pure code: everything ordinary, and what a test is about as overrides. */

export const aTable = (name: string, overrides: Partial<TableInventory> = {}): TableInventory => ({
  name: toTableName(name),
  kind: 'table',
  engine: 'InnoDB',
  rowsEstimate: 100,
  dataBytes: 16384,
  indexBytes: 0,
  updatedAt: undefined,
  columns: [],
  foreignKeys: [],
  fingerprint: `structure of ${name}`,
  ...overrides,
});

export const aProgram = (
  kind: ProgramInventory['kind'],
  name: string,
  overrides: Partial<ProgramInventory> = {},
): ProgramInventory => ({
  kind,
  name,
  definer: 'root@localhost',
  fingerprint: `body of ${name}`,
  ...overrides,
});

export const aDatabase = (
  name: string,
  tables: readonly TableInventory[],
  overrides: Partial<DatabaseInventory> = {},
): DatabaseInventory => ({
  name: toDatabaseName(name),
  charset: 'utf8mb4',
  collation: 'utf8mb4_general_ci',
  comment: '',
  tables,
  programs: [],
  outsideForeignKeys: [],
  reads: [],
  needs: [],
  ...overrides,
});

export const someFacts = (identity: string, overrides: Partial<ServerFacts> = {}): ServerFacts => ({
  identity,
  flavor: { vendor: 'mariadb', version: [10, 11, 6] },
  account: 'sync@%',
  tlsVersion: undefined,
  lowerCaseTableNames: 0,
  isReadOnly: false,
  maxAllowedPacketBytes: 16 * 1024 * 1024,
  hasBinaryLog: false,
  trustsFunctionCreators: true,
  takesLocalFiles: true,
  runsEvents: true,
  collations: new Set(['utf8mb4_general_ci', 'latin1_swedish_ci']),
  storageEngines: new Set(['InnoDB', 'MyISAM']),
  grants: { global: new Set(['ALL PRIVILEGES']), databases: new Map() },
  ...overrides,
});

export const anEndpoint = (
  role: Endpoint['role'],
  name: string,
  overrides: Partial<Endpoint> = {},
): Endpoint => ({
  role,
  name: toConnectionName(name),
  address: { kind: 'tcp', host: 'db.example', port: 3306 },
  user: 'sync',
  tls: { mode: 'preferred' },
  access: role === 'target' ? 'read-write' : 'read-only',
  isProtected: false,
  timeoutMilliseconds: 30_000,
  isPipelined: true,
  ...overrides,
});

export const someRules = (overrides: Partial<SelectionRules> = {}): SelectionRules => ({
  onExisting: 'overwrite',
  tables: { only: [], exclude: [], structure_only: [], external: [], where: {}, preserve: {} },
  programs: { exclude: [] },
  hooks: [],
  ...overrides,
});

export const aPlan = (overrides: Partial<ResolvedPlan> = {}): ResolvedPlan => ({
  name: 'nightly',
  path: 'nightly.yaml',
  digest: '0'.repeat(64),
  source: anEndpoint('source', 'prod'),
  target: anEndpoint('target', 'staging'),
  selections: [],
  options: {
    maxConcurrent: 1,
    smallAtOnce: 1,
    engine: 'dump',
    parallel: 4,
    verify: 'digest',
    consistency: 'database',
    refresh: 'full',
    definers: 'keep',
    events: 'as_source',
    pace: { replicas: [] },
  },
  ...overrides,
});

/** Of a target where no run was before. */
export const NOTHING_LEFT = { scratch: [], recovery: [] } as const;
