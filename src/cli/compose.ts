import type { LoadedConfig } from '../core/config.js';
import type { RunView } from '../adapters/terminal/run-view.js';
import type { Environment } from './environment.js';
import type { Screen } from './screen.js';

/**
 * The composition root: the only module that knows the adapters. Each is imported when a command first asks for it,
 * so that `--help` and `--version` load none.
 */
export class Composition {
  readonly #environment: Environment;
  readonly #configPath: string;
  readonly #notice: (line: string) => void;
  readonly #closers: (() => Promise<void>)[] = [];

  constructor(environment: Environment, configPath: string | undefined, notice: (line: string) => void) {
    this.#environment = environment;
    this.#configPath = configPath ?? environment.paths.configFile;
    this.#notice = notice;
  }

  /** How a person is asked; the caller has made sure that one is there. */
  async prompts(): Promise<{
    yesNo(message: string): Promise<boolean>;
    text(message: string): Promise<string>;
  }> {
    const { askText, askYesNo } = await import('../adapters/terminal/prompts.js');
    return { yesNo: askYesNo, text: askText };
  }

  /** Rows on a terminal that can show them, lines elsewhere, nothing under `--quiet`. */
  async runView({ error, isQuiet, format }: Screen, databases: number): Promise<RunView> {
    const { variables } = this.#environment;
    const { config } = await this.config();
    const clock = { monotonic: () => performance.now() };
    const isLive =
      error.isTerminal &&
      !isQuiet &&
      format === 'text' &&
      config.batch.show_progress &&
      !variables['CI'] &&
      variables['TERM'] !== 'dumb';
    if (isLive && error.columns >= 40 && databases < process.stderr.rows - 4) {
      const { createLiveView } = await import('../adapters/terminal/live-view.js');
      return createLiveView(process.stderr, clock);
    }
    const { createLineView } = await import('../adapters/terminal/line-view.js');
    return createLineView((line) => this.#notice(line), clock);
  }

  /** Closes what was opened, last first. */
  async close(): Promise<void> {
    for (const closeOne of this.#closers.splice(0).reverse()) await closeOne();
  }
}

export const compose = (
  environment: Environment,
  configPath: string | undefined,
  notice: (line: string) => void,
): Composition => new Composition(environment, configPath, notice);
