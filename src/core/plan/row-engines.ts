/** What is of one moment of the source: each database, or all of the batch. */
export type Consistency = 'database' | 'batch';

/** What the rest of the program has to know of the way that rows travel. */
export interface EngineTraits {
  /** In a few words, for whoever chooses. */
  readonly title: string;
  /** Rows leave the source as text that its vendor's dump program writes, with all that such text cannot say. */
  readonly textDump: boolean;
  /** A DECIMAL, a DATETIME or bytes in MySQL's JSON arrive as such. */
  readonly keepsInnerJsonTypes: boolean;
  /** Rows of one vendor can be written to the other's server. */
  readonly betweenVendors: boolean;
  /** The engine compares each copy with the snapshot that it read it from, so that nobody else has to. */
  readonly provesCopies: boolean;
  /** Can replace values on their way, as the plan's `mask` says. */
  readonly masks: boolean;
  /** Compares the name in a certificate also behind an SSH tunnel, whose end programs take for the server's own socket. */
  readonly checksNamesThroughTunnels: boolean;
  readonly moments: readonly Consistency[];
  /** Reads one database on as many connections as the plan says (`options.parallel`), not on one. */
  readonly isParallel: boolean;
}

/** Every row engine. `cli/services/run-ports.ts` makes them; all else asks for a trait, never for a name. */
export const ROW_ENGINES = {
  native: {
    title: 'parallel connections, no programs needed',
    textDump: false,
    keepsInnerJsonTypes: true,
    betweenVendors: true,
    provesCopies: true,
    masks: true,
    checksNamesThroughTunnels: true,
    moments: ['database', 'batch'],
    isParallel: true,
  },
  dump: {
    title: 'the dump and load programs of MySQL or MariaDB',
    textDump: true,
    keepsInnerJsonTypes: false,
    betweenVendors: false,
    provesCopies: false,
    masks: false,
    checksNamesThroughTunnels: false,
    moments: ['database'],
    isParallel: false,
  },
} as const satisfies Readonly<Record<string, EngineTraits>>;

/** What carries rows from server to server. */
export type EngineName = keyof typeof ROW_ENGINES;

/** The one for whoever names none: it is faster, and reads values as they are stored. */
export const USUAL_ENGINE: EngineName = 'native';

export const ENGINE_NAMES = Object.keys(ROW_ENGINES) as readonly EngineName[];

export type EngineChoice = 'auto' | EngineName;
export const ENGINE_CHOICES: readonly EngineChoice[] = ['auto', ...ENGINE_NAMES];

export const chooseEngine = (choice: EngineChoice): EngineName => (choice === 'auto' ? USUAL_ENGINE : choice);

export const traitsOf = (engine: EngineName): EngineTraits => ROW_ENGINES[engine];

/** Connections to the source for one database: those that read rows, and one for digests where the engine proves nothing. */
export const sourceConnections = (engine: EngineName, parallel: number): number => {
  const { isParallel, provesCopies } = traitsOf(engine);
  return (isParallel ? parallel : 1) + (provesCopies ? 0 : 1);
};
