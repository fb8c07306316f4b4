/** The way out where the client programs cannot do it. */
export const NATIVE_HINT = 'Or choose `engine: native` in the plan: it needs no client programs.';
