/** Made by `scripts/schema-modules.mjs` when the source is built or tested. */
declare module 'virtual:schema/*' {
  import type { ValidateFunction } from 'ajv';
  export const schema: { readonly $id: string };
  export const validate: ValidateFunction;
}
