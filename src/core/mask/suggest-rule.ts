import type { ColumnInventory } from '../server/inventory.js';
import type { MaskRule } from './mask-rule.js';
import { type Circumstances, whyUnfit } from './why-unfit.js';

/** What the name of a column says of its values, the most telling first. */
const BY_NAME: readonly (readonly [RegExp, MaskRule])[] = [
  [/e_?mail/, { kind: 'email' }],
  [/passw(?:or)?d|passwd|pwd|secret|token|api_?key|salt|otp|session_?key/, { kind: 'token' }],
  [/phone|mobile|(?:^|_)(?:tel|fax)(?:_|$)/, { kind: 'phone' }],
  [/first_?name|given_?name|forename|vorname/, { kind: 'first-name' }],
  [/last_?name|sur_?name|family_?name|nachname/, { kind: 'last-name' }],
  [/full_?name|real_?name|display_?name|contact_?name|customer_?name|nick_?name/, { kind: 'name' }],
  [/company|organi[sz]ation|employer/, { kind: 'company' }],
  [/street|address_?(?:line)?_?[12]?$|addr[12]?$/, { kind: 'street' }],
  [/city|(?:^|_)town(?:_|$)/, { kind: 'city' }],
  [/(?:^|_)ip(?:_|$|v[46]|addr)|remote_?addr/, { kind: 'ip' }],
  [/iban|card_?number|account_?number|(?:^|_)(?:vat|ssn|tax)(?:_|$)/, { kind: 'ends', keep: 4 }],
  [/birth|(?:^|_)dob(?:_|$)/, { kind: 'date-to', unit: 'year' }],
  [/post_?code|zip|postal/, { kind: 'text' }],
];

/** A mask for a column that sounds like personal data, where one fits; undefined for all others. */
export const suggestRule = (column: ColumnInventory, circumstances: Circumstances): MaskRule | undefined => {
  // `firstName` is `first_name`.
  const name = column.name.replaceAll(/(?<=[\p{Ll}\d])(?=\p{Lu})/gu, '_').toLowerCase();
  return BY_NAME.filter(([pattern]) => pattern.test(name))
    .map(([, rule]) => rule)
    .find((rule) => whyUnfit(rule, column, circumstances) === undefined);
};
