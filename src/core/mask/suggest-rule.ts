import type { ColumnInventory } from '../server/inventory.js';
import { isOfFamily } from '../sql/column-types.js';
import type { Detector } from './detector.js';
import type { MaskRule } from './mask-rule.js';
import { rulesForType } from './rules-for-type.js';
import type { SampledColumn } from './sample.js';
import { type Circumstances, whyUnfit } from './why-unfit.js';

/** Whole words, as short ones stand within many others: `city` in `capacity`. */
const words = (...list: readonly string[]): RegExp =>
  new RegExp(`(?:^|_)(?:${list.join('|')})(?:_?\\d)?(?:_|$)`);

/** What the name of a column says of its values, in the languages that people name columns in; the most telling first. */
const BY_NAME: readonly (readonly [RegExp, MaskRule])[] = [
  [/e_?mail|courriel/, { kind: 'email' }],
  [words('correo', 'correo_electronico', 'posta_elettronica'), { kind: 'email' }],
  [
    /passw(?:or)?d|passwort|kennwort|passphrase|mot_?de_?passe|contrasena|secret|token|api_?key|private_?key|session_?key/,
    { kind: 'token' },
  ],
  [words('pwd', 'salt', 'otp', 'pin', 'totp'), { kind: 'token' }],
  [/phone|mobile|telefon|telefoon/, { kind: 'phone' }],
  [words('tel', 'fax', 'gsm', 'msisdn', 'handy', 'cell', 'whatsapp'), { kind: 'phone' }],
  [/first_?name|given_?name|forename|vorname|prenom|voornaam/, { kind: 'first-name' }],
  [words('fname'), { kind: 'first-name' }],
  [
    /last_?name|sur_?name|family_?name|maiden_?name|nachname|familienname|achternaam|apellido|cognome/,
    { kind: 'last-name' },
  ],
  [words('lname', 'nom_de_famille'), { kind: 'last-name' }],
  [
    /full_?name|real_?name|display_?name|contact_?name|customer_?name|nick_?name|ansprechpartner/,
    { kind: 'name' },
  ],
  [/company|organi[sz]ation|employer|arbeitgeber/, { kind: 'company' }],
  [words('firma', 'societe', 'empresa', 'azienda'), { kind: 'company' }],
  [/(?:^|_)ip(?:_|$|v[46]|addr)|remote_?addr/, { kind: 'ip' }],
  [/street|strasse|straße|anschrift|address_?(?:line)?_?[12]?$|addr[12]?$/, { kind: 'street' }],
  [words('adresse', 'direccion', 'calle', 'rue', 'indirizzo', 'straat'), { kind: 'street' }],
  [
    words('city', 'town', 'ort', 'wohnort', 'stadt', 'ville', 'ciudad', 'citta', 'birthplace'),
    { kind: 'city' },
  ],
  [/iban|card_?number|account_?number|bank_?account|kontonummer|kontonr/, { kind: 'ends', keep: 4 }],
  [
    words(
      ...[
        'vat',
        'vat_id',
        'ssn',
        'sin',
        'tax',
        'tax_id',
        'taxid',
        'tin',
        'steuer_?(?:id|nr|nummer)',
        'nif',
        'dni',
        'cpf',
      ],
      ...[
        'cnpj',
        'nir',
        'bsn',
        'pesel',
        'codice_fiscale',
        'social_security(?:_number)?',
        'national_id',
        'passport(?:_?n[or])?',
      ],
      ...[
        'passport_number',
        'id_card',
        'licen[cs]e_plate',
        'kennzeichen',
        'insurance_number',
        'versicherungsnummer',
      ],
    ),
    { kind: 'digits' },
  ],
  [/birth|geburt|naissance|nacimiento|nascita|geboorte/, { kind: 'date-to', unit: 'year' }],
  [words('dob', 'born'), { kind: 'date-to', unit: 'year' }],
  [/post_?code|zip|postal|user_?agent/, { kind: 'text' }],
  [words('plz', 'vat', 'ssn', 'tax', 'passport'), { kind: 'text' }],
];

/** Somebody wrote that it is personal, and not what it is. */
const MARKED =
  /personal|personenbezogen|privat|confidential|vertraulich|sensitive|(?:^|_)(?:pii|gdpr|dsgvo|rgpd)(?:_|$)/;

/** `firstName` and `first name` are `first_name`. */
const toWords = (text: string): string =>
  text
    .replaceAll(/(?<=[\p{Ll}\d])(?=\p{Lu})/gu, '_')
    .toLowerCase()
    .replaceAll(/[^\p{L}\d]+/gu, '_');

const findFit = (
  rules: readonly MaskRule[],
  column: ColumnInventory,
  circumstances: Circumstances,
): MaskRule | undefined => rules.find((rule) => whyUnfit(rule, column, circumstances) === undefined);

const readWords = (
  text: string,
  column: ColumnInventory,
  circumstances: Circumstances,
): MaskRule | undefined =>
  findFit(
    BY_NAME.filter(([pattern]) => pattern.test(text)).map(([, rule]) => rule),
    column,
    circumstances,
  );

/** A mask for a column whose name sounds like personal data, where one fits; undefined for all others. */
export const suggestRule = (column: ColumnInventory, circumstances: Circumstances): MaskRule | undefined =>
  readWords(toWords(column.name), column, circumstances);

/** The same by a comment: what it says the values are, or that they are personal. */
export const suggestByComment = (
  comment: string,
  column: ColumnInventory,
  circumstances: Circumstances,
): MaskRule | undefined => {
  const text = toWords(comment);
  return (
    readWords(text, column, circumstances) ?? (MARKED.test(text) ? byType(column, circumstances) : undefined)
  );
};

/** The comment of a table says that it is about people: text in it is. */
export const suggestByTable = (
  comment: string,
  column: ColumnInventory,
  circumstances: Circumstances,
): MaskRule | undefined =>
  MARKED.test(toWords(comment)) && isOfFamily(column.dataType, 'text')
    ? byType(column, circumstances)
    : undefined;

const byType = (column: ColumnInventory, circumstances: Circumstances): MaskRule | undefined =>
  findFit(rulesForType(column, circumstances.isUnique), column, circumstances);

/** Types that hold nothing but addresses of the network. */
export const suggestByType = (column: ColumnInventory, circumstances: Circumstances): MaskRule | undefined =>
  /^inet[46]$/.test(column.dataType) ? findFit([{ kind: 'ip' }], column, circumstances) : undefined;

const BY_DETECTOR: Readonly<Record<Detector, MaskRule>> = {
  email: { kind: 'email' },
  phone: { kind: 'phone' },
  card: { kind: 'ends', keep: 4 },
  iban: { kind: 'ends', keep: 4 },
  ip: { kind: 'ip' },
  key: { kind: 'token' },
  token: { kind: 'token' },
};

/** By what was found most: its own mask where it is the whole value as a rule, and another text where it stands in one. */
export const suggestBySample = (
  { found, areDocuments }: SampledColumn,
  column: ColumnInventory,
  circumstances: Circumstances,
): MaskRule | undefined => {
  const [most] = found.toSorted((a, b) => b.rows - a.rows);
  // Which paths of a document hold it is for a person to see.
  if (!most || areDocuments) return undefined;
  const own = most.whole * 2 >= most.rows ? [BY_DETECTOR[most.kind]] : [];
  return findFit([...own, { kind: 'text' }], column, circumstances) ?? byType(column, circumstances);
};
