import { DRUPAL } from './drupal.js';
import { LARAVEL } from './laravel.js';
import { MAGENTO2 } from './magento2.js';
import type { MaskPack } from './mask-pack.js';
import { MATOMO } from './matomo.js';
import { MEDIAWIKI } from './mediawiki.js';
import { NEXTCLOUD } from './nextcloud.js';
import { PRESTASHOP } from './prestashop.js';
import { SHOPWARE6 } from './shopware6.js';
import { WOOCOMMERCE } from './woocommerce.js';
import { WORDPRESS } from './wordpress.js';

/** By the name that a plan gives under `mask.rules`. */
export const PACKS = {
  drupal: DRUPAL,
  laravel: LARAVEL,
  magento2: MAGENTO2,
  matomo: MATOMO,
  mediawiki: MEDIAWIKI,
  nextcloud: NEXTCLOUD,
  prestashop: PRESTASHOP,
  shopware6: SHOPWARE6,
  woocommerce: WOOCOMMERCE,
  wordpress: WORDPRESS,
} as const satisfies Readonly<Record<string, MaskPack>>;

export type PackName = keyof typeof PACKS;
