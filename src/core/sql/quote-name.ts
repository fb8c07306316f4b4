/** The one place where names become SQL: backticks around, backticks inside doubled. Valid under every sql_mode. */
export const quoteName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
