import { fingerprintOfHooks } from '../core/change/hooks.js';
import { sealSearch } from '../core/change/searched-copy.js';
import { describeFlavor } from '../core/flavor.js';
import type { HookResult, MaskReport, PreserveResult, Verification } from '../core/run/outcome.js';
import { type LiveRecord, MOST_TEXT_LENGTH, type Origin } from '../core/run/provenance.js';
import type { Clock } from './ports/ports.js';
import type { SourceServer } from './ports/server.js';
import type { CopiedDatabase, DatabaseRun, SourceMoment } from './run-context.js';

/** Of a source, before a snapshot of it is taken, so that it is no later. Takes no lock. */
export const readMoment = async (source: SourceServer, clock: Clock): Promise<SourceMoment> => {
  const positions = await readPositions(source);
  return { asOf: clock.now().toISOString(), positions };
};

/** One that cannot be read is no reason to copy nothing. */
export const readPositions = async (source: SourceServer): Promise<SourceMoment['positions']> => {
  const position = await source.readPosition().catch(() => null);
  return position ? [position] : [];
};

/** A verified copy, about to be live. */
export interface CopyToRecord {
  readonly context: DatabaseRun;
  readonly moment: SourceMoment;
  readonly copied: CopiedDatabase;
  readonly verification: Verification;
  readonly masks: MaskReport | undefined;
  readonly preserved: readonly PreserveResult[];
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

export const describeOrigin = ({
  context,
  moment,
  copied,
  verification,
  masks,
  preserved,
  hooks,
}: CopyToRecord): Origin => {
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
    asOf: moment.asOf,
    positions: [...(copied.position ? [copied.position] : []), ...moment.positions],
    engine: ports.rowEngine.name,
    verification: {
      digested: verification.digested,
      counted: verification.counted,
      moved: verification.movedOnSource.length,
    },
    preserved: preserved.length,
    masks: masks ? describeMasks(context, masks, hooks.length + preserved.length > 0) : null,
    hooks:
      hooks.length === 0 ? null : { count: hooks.length, fingerprint: fingerprintOfHooks(change) ?? null },
    by: clip(startedBy),
  };
};

/** What hooks made and the target's own rows were searched by nobody. */
const describeMasks = (
  { plan: { mask }, change, inventory, journal, target }: DatabaseRun,
  { columns, scan, fingerprint }: MaskReport,
  isAltered: boolean,
): Origin['masks'] => ({
  columns,
  scan,
  fingerprint,
  ...(mask && scan !== 'off' && !isAltered
    ? {
        searched: sealSearch(
          { change, tables: inventory.tables, mask, identity: target.facts.identity },
          journal.run,
          scan,
        ),
      }
    : {}),
});
