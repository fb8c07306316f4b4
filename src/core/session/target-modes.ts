/** Rows and definitions are taken as they are or refused; an id of 0 stays 0, and no date and no engine is made up. */
export const STRICT_MODE =
  'NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION,ALLOW_INVALID_DATES,STRICT_ALL_TABLES';

const NOT_STRICT = 'NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION';

/** For what no strict session can make again. Whoever uses it compares the result. */
export const LENIENT_MODE = `${NOT_STRICT},ALLOW_INVALID_DATES`;

/** Values that the server computes of texts and dates depend on these; the likely ones first. */
export const COMPUTING_MODES: Readonly<Record<'with-dates' | 'without-dates', readonly string[]>> = {
  'with-dates': [LENIENT_MODE, NOT_STRICT, `${NOT_STRICT},NO_ZERO_IN_DATE,NO_ZERO_DATE`],
  'without-dates': [NOT_STRICT, `${NOT_STRICT},NO_ZERO_IN_DATE,NO_ZERO_DATE`, LENIENT_MODE],
};
