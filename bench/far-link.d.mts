export interface FarLink {
  readonly port: number;
  reset(): void;
  measure(): { readonly bytes: number; readonly chain: number };
  stop(): void;
}

export const startFarLink: (
  port: number,
  options: { readonly milliseconds: number; readonly megabits?: number },
) => Promise<FarLink>;
