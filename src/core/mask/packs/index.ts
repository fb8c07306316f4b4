import { LARAVEL } from './laravel.js';
import type { MaskPack } from './mask-pack.js';
import { WORDPRESS } from './wordpress.js';

/** By the name that a plan gives under `mask.rules`. */
export const PACKS = {
  laravel: LARAVEL,
  wordpress: WORDPRESS,
} as const satisfies Readonly<Record<string, MaskPack>>;

export type PackName = keyof typeof PACKS;
