import { SETTING_KEYS } from '../../core/plan/config.js';
import { readEnvironment } from '../frame/environment.js';

/** What names the Tab key may offer come from. */
export type NameSource =
  | { readonly kind: 'connections' | 'runs' | 'plans' | 'settings' }
  | { readonly kind: 'databases'; readonly plan: string | undefined };

/** Names that files of this machine hold: no server is asked, and what cannot be read offers nothing. */
export const listNames = async (source: NameSource): Promise<readonly string[]> => {
  if (source.kind === 'settings') return SETTING_KEYS;
  if (source.kind === 'databases') {
    const { listSelected } = await import('../../adapters/plan-file/list-selected.js');
    return listSelected(source.plan);
  }
  try {
    const { readRememberedNames } = await import('../../adapters/store/remembered-names.js');
    return await readRememberedNames(readEnvironment().paths.stateFolder, source.kind);
  } catch {
    return [];
  }
};
