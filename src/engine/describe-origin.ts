import { fingerprintOfHooks } from '../core/change/hooks.js';
import { describeFlavor } from '../core/flavor.js';
import type { HookResult, Verification } from '../core/run/outcome.js';
import { type LiveRecord, MOST_TEXT_LENGTH, type Origin } from '../core/run/provenance.js';
import type { Clock, SourceServer } from './ports.js';
import type { DatabaseRun, SourceMoment } from './run-context.js';

/** Of a source, before a snapshot of it is taken, so that it is no later. Takes no lock. */
export const readMoment = async (source: SourceServer, clock: Clock): Promise<SourceMoment> => {
  const position = await readPosition(source);
  return { position, asOf: clock.now().toISOString() };
};

/** One that cannot be read is no reason to copy nothing. */
export const readPosition = (source: SourceServer): Promise<SourceMoment['position']> =>
  source.readPosition().catch(() => null);

/** A verified copy, about to be live. */
export interface CopyToRecord {
  readonly context: DatabaseRun;
  readonly moment: SourceMoment;
  readonly verification: Verification;
  readonly hooks: readonly HookResult[];
}

/** What the target will say of the copy when it is live, and of what it replaces. */
export const describeLive = (copy: CopyToRecord): LiveRecord => {
  const { change, journal, provenance } = copy.context;
  return {
    phase: 'live',
    run: journal.run,
    kind: 'apply',
    startedAt: journal.startedAt,
    liveAt: null,
    content: describeOrigin(copy),
    previous: change.action === 'create' ? null : (provenance.find(change.to)?.content ?? null),
  };
};

/** Names of plans and connections have no limit of their own. */
const clip = (text: string): string => text.slice(0, MOST_TEXT_LENGTH);

const describeOrigin = ({ context, moment, verification, hooks }: CopyToRecord): Origin => {
  const { plan, change, journal, source, ports, startedBy } = context;
  return {
    run: journal.run,
    plan: { name: clip(plan.name), digest: plan.digest },
    source: {
      name: clip(plan.source.name),
      identity: source.facts.identity,
      server: describeFlavor(source.facts.flavor),
      database: change.from,
    },
    ...moment,
    engine: ports.rowEngine.name,
    verification: {
      digested: verification.digested,
      counted: verification.counted,
      moved: verification.movedOnSource.length,
    },
    hooks:
      hooks.length === 0 ? null : { count: hooks.length, fingerprint: fingerprintOfHooks(change) ?? null },
    by: clip(startedBy),
  };
};
