import { DRUPAL } from './drupal.js';
import { LARAVEL } from './laravel.js';
import type { MaskPack } from './mask-pack.js';
import { MEDIAWIKI } from './mediawiki.js';
import { WOOCOMMERCE } from './woocommerce.js';
import { WORDPRESS } from './wordpress.js';

/** By the name that a plan gives under `mask.rules`. */
export const PACKS = {
  drupal: DRUPAL,
  laravel: LARAVEL,
  mediawiki: MEDIAWIKI,
  woocommerce: WOOCOMMERCE,
  wordpress: WORDPRESS,
} as const satisfies Readonly<Record<string, MaskPack>>;

export type PackName = keyof typeof PACKS;
