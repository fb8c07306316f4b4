import { ENVIRONMENT_VARIABLES } from '../core/plan/environment-variables.js';
import { EXIT_CODES } from '../core/exit-codes.js';
import { SELECTION_FORMS } from '../core/plan/selection-forms.js';
import { renderDefinitions } from './definition-list.js';
import type { Look } from './paint.js';

/** Every exit code and its one meaning. */
export const renderExitCodes = (look: Look): readonly string[] =>
  renderDefinitions(
    ['EXIT', 'MEANING'],
    Object.values(EXIT_CODES).map(({ code, meaning }) => [String(code), meaning]),
    look,
  );

/** Every variable that mysql-sync reads. */
export const renderEnvironmentVariables = (look: Look): readonly string[] =>
  renderDefinitions(
    ['VARIABLE', 'MEANING'],
    ENVIRONMENT_VARIABLES.map(({ name, meaning }) => [name, meaning]),
    look,
  );

/** What can be typed to choose from a list. */
export const renderSelectionForms = (look: Look): readonly string[] =>
  renderDefinitions(
    ['TYPE', 'TO CHOOSE'],
    SELECTION_FORMS.map(({ text, meaning }) => [text, meaning]),
    look,
  );
