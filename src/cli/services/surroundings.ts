import type { Environment } from '../frame/environment.js';

/** What every service may know of the process. */
export interface Surroundings {
  readonly environment: Environment;
  /** A line for the person, on stderr. */
  readonly notice: (line: string) => void;
}
