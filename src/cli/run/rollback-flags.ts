export interface RollbackFlagValues {
  readonly plan?: string | undefined;
  readonly target?: string | undefined;
  readonly only: readonly string[];
  readonly 'confirm-target'?: string | undefined;
}
