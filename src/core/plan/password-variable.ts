/**
 * The variable that stands for a password in a plan: `PROD_EU_PASSWORD` for a connection named `prod-eu`. `taken` is the
 * variable of the other connection, when that has one.
 */
export const namePasswordVariable = (connection: string, taken?: string): string => {
  const word = connection
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d)/, '_');
  const variable = `${word}_PASSWORD`;
  return variable === taken ? `${word}_2_PASSWORD` : variable;
};
