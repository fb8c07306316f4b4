/** One variable of a session and the value that it gets. */
export interface SessionSetting {
  readonly name: string;
  /** As SQL. */
  readonly value: string;
  /** How a version comment of the servers that have it begins, such as `!80000` or `M!100200`. */
  readonly on?: string;
}

/** A list for a SET statement. */
export const renderAssignments = ([first, ...others]: readonly SessionSetting[]): string =>
  `${first ? renderAssignment(first) : ''}${others.map(renderFurther).join('')}`;

/** Another one in such a list, which older servers and those of the other vendor pass over. */
export const renderFurther = (setting: SessionSetting): string =>
  setting.on === undefined
    ? `, ${renderAssignment(setting)}`
    : ` /*${setting.on} , ${renderAssignment(setting)} */`;

/** `NAMES` is no variable, and sets several. */
export const renderAssignment = ({ name, value }: SessionSetting): string =>
  name === 'NAMES' ? `NAMES ${value}` : `${name} = ${value}`;
