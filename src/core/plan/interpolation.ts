/** A `${...}` that could not be replaced. */
export interface InterpolationProblem {
  readonly kind: 'unset' | 'malformed' | 'forbidden';
  /** The expression as written, for example `${PROD_PASSWORD:?set it}`. */
  readonly expression: string;
  /** The variable's name; empty when malformed. */
  readonly variable: string;
  /** The text after `:?`. */
  readonly message: string | undefined;
}

export interface Interpolation {
  /** The text with every variable replaced; an expression with a problem stays as written. */
  readonly text: string;
  /** Was anything replaced, or is there a problem? False for plain text and for `$${`. */
  readonly hasVariables: boolean;
  readonly problems: readonly InterpolationProblem[];
}

export type Variables = Readonly<Record<string, string | undefined>>;

// A default or message ends at the first `}` and cannot hold another `${`: one level keeps a plan readable.
const EXPRESSION = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(:-|:\?)((?:(?!\$\{)[^}])*))?\}|\$\{[^}]*\}?/g;

/**
 * Replaces `${V}`, `${V:-default}` and `${V:?message}`; as in a shell, the last two also apply to an empty variable.
 * `$${` gives a literal `${`, a bare `$` stays. A variable that is not permitted is a problem whether or not it is set.
 */
export const interpolate = (
  text: string,
  variables: Variables,
  isPermitted: (variable: string) => boolean = () => true,
): Interpolation => {
  const problems: InterpolationProblem[] = [];
  let hasVariables = false;
  const replaced = text.replace(
    EXPRESSION,
    (expression, variable?: string, operator?: string, operand?: string) => {
      if (expression === '$${') return '${';
      hasVariables = true;
      if (variable === undefined) {
        problems.push({ kind: 'malformed', expression, variable: '', message: undefined });
        return expression;
      }
      if (!isPermitted(variable)) {
        problems.push({ kind: 'forbidden', expression, variable, message: undefined });
        return expression;
      }
      const value = Object.hasOwn(variables, variable) ? variables[variable] : undefined;
      if (value !== undefined && (value !== '' || operator === undefined)) return value;
      if (operator === ':-') return operand ?? '';
      problems.push({ kind: 'unset', expression, variable, message: operand === '' ? undefined : operand });
      return expression;
    },
  );
  return { text: replaced, hasVariables, problems };
};

/** What a text says by itself: the literal characters around its variables, and the defaults inside them. */
export const literalPartsOf = (text: string): string =>
  text.replace(EXPRESSION, (expression, _variable?: string, operator?: string, operand?: string) => {
    if (expression === '$${') return '${';
    return operator === ':-' ? (operand ?? '') : '';
  });
