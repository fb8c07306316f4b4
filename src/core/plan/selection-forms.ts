export interface SelectionForm {
  /** As a person types it. */
  readonly text: string;
  readonly meaning: string;
}

/** What can be typed to choose from a numbered list; the forms of `parseNumberSelection`. */
export const SELECTION_FORMS: readonly SelectionForm[] = [
  { text: '1,3,5', meaning: 'these numbers of the list' },
  { text: '1-5', meaning: 'from the first to the last of them' },
  { text: '5-', meaning: 'from there to the end' },
  { text: 'all', meaning: 'all of them' },
  { text: 'shop', meaning: 'the one of this name' },
  {
    text: 'app_*',
    meaning:
      'all whose name matches, in a plan also those that come later: * is any text, ? is one character',
  },
  { text: '=2024', meaning: 'the one of this name, which would be read as a number' },
  { text: 'all,^*_archive', meaning: 'all but these; ! is the same as ^' },
];
