/** `4 112 907`: groups of three, so that no locale reads a point or a comma into it. */
export const formatCount = (count: number): string =>
  String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, ' ');

/** `1 table`, `4 112 tables` */
export const formatPlural = (count: number, singular: string, plural = `${singular}s`): string =>
  `${formatCount(count)} ${count === 1 ? singular : plural}`;
