import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FlavorId, availableFlavors } from '../support/flavors.js';
import { CASES, PENDING, type Case, type Engine } from './cases.js';
import { type CasePair, type CaseResult, runCases } from './run-cases.js';

/** Many times what it takes, on a machine that has much else to do. */
const PATIENCE_MILLISECONDS = 240_000;

test('every file of this folder has its line in the table', () => {
  const files = readdirSync(import.meta.dirname).flatMap((name) => /^(.*)\.sql$/.exec(name)?.[1] ?? []);
  expect([...new Set(CASES.map(({ file }) => file))].sort()).toEqual(files.sort());
});

interface Batch {
  readonly engine: Engine;
  readonly cases: readonly Case[];
}

/** One apply copies all that need no settings. */
const batchesOf = (cases: readonly Case[]): readonly Batch[] =>
  (['native', 'dump'] as const).flatMap((engine) => {
    const chosen = cases.filter(({ engines = ['native'] }) => engines.includes(engine));
    const [alone, together] = [true, false].map((isAlone) =>
      chosen.filter(({ settings }) => (settings !== undefined) === isAlone),
    );
    return [together ?? [], ...(alone ?? []).map((one) => [one])]
      .filter((batch) => batch.length > 0)
      .map((batch) => ({ engine, cases: batch }));
  });

const flavors = new Map(availableFlavors().map((flavor) => [flavor.id, flavor]));

const servers = new Map<
  string,
  {
    readonly pair: readonly [FlavorId, FlavorId];
    readonly options: readonly string[];
    readonly cases: Case[];
  }
>();
for (const one of CASES.filter(({ file }) => !PENDING.has(file)))
  for (const pair of one.pairs) {
    if (!pair.every((id) => flavors.has(id))) continue;
    const options = one.targetOptions ?? [];
    const key = [...pair, ...options].join(' ');
    const entry = servers.get(key) ?? { pair, options, cases: [] };
    entry.cases.push(one);
    servers.set(key, entry);
  }

describe.each([...servers].map(([title, entry]) => ({ title, ...entry })))(
  '$title',
  ({ pair, options, cases }) => {
    let rig: CasePair;
    beforeAll(async () => {
      const [sourceFlavor, targetFlavor] = pair.map((id) => flavors.get(id));
      if (!sourceFlavor || !targetFlavor) throw new Error(`${pair.join(' or ')} is not there`);
      const [source, target] = await Promise.all([sourceFlavor.start(), targetFlavor.start(options)]);
      rig = { sourceFlavor, targetFlavor, source, target };
      for (const server of [source, target]) await server.query(ACCOUNTS);
    });
    afterAll(async () => {
      await Promise.all([rig.source.stop(), rig.target.stop()]);
    });

    describe.each(
      batchesOf(cases).map((batch) => ({ ...batch, title: batch.cases.length === 1 ? 'alone' : 'together' })),
    )('$engine, $title', ({ engine, cases: batch }) => {
      let results: ReadonlyMap<string, readonly CaseResult[]>;
      beforeAll(async () => {
        results = await runCases(rig, engine, batch);
      }, PATIENCE_MILLISECONDS);

      test.each(batch)('$file', ({ file, ends }) => {
        const found = results.get(file) ?? [];
        expect(found.length).toBeGreaterThan(0);
        for (const result of isRefusal(ends) ? onlyRefused(found) : found) expectEnding(result, ends);
      });
    });
  },
);

/** An application's account, which may see its own databases and nothing else. */
const ACCOUNTS = `CREATE USER case_app; GRANT ALL ON case_62.* TO case_app; GRANT ALL ON case_62b.* TO case_app`;

const isRefusal = (ends: Case['ends']): boolean => typeof ends === 'object' && 'refused' in ends;

/** Other databases of the file are copied. */
const onlyRefused = (found: readonly CaseResult[]): readonly CaseResult[] => {
  const refused = found.filter(({ action }) => action === 'blocked');
  expect(refused).not.toEqual([]);
  for (const result of found) if (!refused.includes(result)) expectEnding(result, 'same');
  return refused;
};

const expectEnding = (result: CaseResult, ends: Case['ends']): void => {
  if (ends === 'same' || 'differs' in ends) {
    expect(result).toMatchObject({ status: 'applied', error: '' });
    if (ends === 'same') expect(result.differences).toEqual([]);
    else {
      expect(result.announced).toMatch(ends.announced);
      const { differs } = ends;
      const others = result.differences.filter(({ what, source }) => !differs?.test(`${what}: ${source}`));
      expect(others).toEqual([]);
    }
  } else if ('refused' in ends) {
    expect(result).toMatchObject({ action: 'blocked', isOnTarget: false });
    expect(result.announced).toMatch(ends.refused);
  } else {
    expect(result).toMatchObject({ status: 'failed', isOnTarget: false });
    expect(result.error).toMatch(ends.failed);
    if (ends.announced) expect(result.announced).toMatch(ends.announced);
  }
};
