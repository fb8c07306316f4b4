import type { Consent } from '../../core/change/consent.js';
import { SyncError } from '../../core/errors.js';
import { suggestCommand } from '../../core/shell-word.js';
import { fileArgument, isPlanFile } from '../../core/plan/unsaved-plan.js';

/** What the command line already says, and how to ask for the rest. */
export interface ApprovalSources {
  readonly autoApprove: boolean | undefined;
  readonly confirmTarget: string | undefined;
  /** Undefined when nobody can be asked. */
  readonly ask:
    { yesNo(message: string): Promise<boolean>; text(message: string): Promise<string> } | undefined;
}

/** What the approval is for. */
export interface ApprovalSubject {
  /** The target's name, as a person types it. */
  readonly target: string;
  readonly planPath: string;
  /** What the name is typed for, when it is not to replace its data. */
  readonly deed?: string;
}

const ABORTED = 'Aborted. Nothing was changed.';

/** One attempt. Resolves when the consent is given, otherwise rejects with an APPROVAL code: nothing asks again later. */
export const obtainApproval = async (
  { target: name, planPath, deed }: ApprovalSubject,
  consent: Consent,
  sources: ApprovalSources,
): Promise<void> => {
  if (sources.confirmTarget !== undefined && sources.confirmTarget !== name)
    throw new SyncError('APPROVAL_MISMATCH', {
      message: `${ABORTED} --confirm-target says "${sources.confirmTarget}", and the target is "${name}".`,
    });
  switch (consent.kind) {
    case 'none':
      return;
    case 'saved-plan':
      throw new SyncError('TARGET_PROTECTED', {
        message: `${name} is protected: only a saved plan is applied to it`,
        hints: [
          ...(isPlanFile(planPath)
            ? []
            : ['Write the plan to a file first, as copy does with --save PLAN.yaml.']),
          `Save and look:  ${suggestCommand`plan ${fileArgument(planPath)} --out FILE`}`,
          `Then apply it:  ${suggestCommand`apply FILE --confirm-target ${name}`}`,
        ],
      });
    case 'target-name':
      if (sources.confirmTarget === name) return;
      if (!sources.ask)
        throw approvalError(
          deed === undefined
            ? `live data on ${name} would be replaced, and nobody has approved it`
            : `to ${deed} on ${name} somebody has to approve it, and nobody was asked`,
          consent.flag,
        );
      if (
        (await sources.ask.text(`Type the target's name (${name}) to ${deed ?? 'replace its data'}:`)) ===
        name
      )
        return;
      throw new SyncError('APPROVAL_MISMATCH', { message: ABORTED });
    case 'yes':
      if (sources.autoApprove === true || sources.confirmTarget === name) return;
      if (!sources.ask)
        throw approvalError(`${name} would be changed, and nobody has approved it`, consent.flag);
      if (await sources.ask.yesNo(`Apply this to ${name}?`)) return;
      throw new SyncError('APPROVAL_DECLINED', { message: ABORTED });
  }
};

const approvalError = (why: string, flag: string): SyncError =>
  new SyncError('APPROVAL_REQUIRED', {
    message: `approval is needed: ${why}`,
    hints: [`Approve on the command line:  ${flag}`],
  });
