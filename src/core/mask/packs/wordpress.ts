import { EMPTY, type MaskPack, listRules, sql } from './mask-pack.js';

/**
 * Settings of a person that hold nobody's data. Plugins keep whatever they like among the others, which are emptied.
 * The names of some begin with the prefix of the site's tables.
 */
const USER_SETTINGS = `meta_key IN ('admin_color', 'comment_shortcuts', 'default_password_nag', 'locale', 'primary_blog', 'rich_editing', 'show_admin_bar_front', 'show_welcome_panel', 'syntax_highlighting', 'use_ssl') OR RIGHT(meta_key, 12) = 'capabilities' OR RIGHT(meta_key, 10) = 'user_level'`;

const KEYS = `'auth_key', 'auth_salt', 'logged_in_key', 'logged_in_salt', 'nonce_key', 'nonce_salt', 'secure_auth_key', 'secure_auth_salt', 'recovery_keys', 'adminhash', 'network_admin_hash', 'mailserver_login', 'mailserver_pass'`;

/** Of a table of settings, in which most are the site's own. */
const settings = (name: string, value: string) =>
  sql(
    `CASE WHEN ${value} IS NULL THEN NULL WHEN ${name} IN ('admin_email', 'new_admin_email') THEN 'admin@example.com' WHEN ${name} IN (${KEYS}) THEN '' ELSE ${value} END`,
  );

export const WORDPRESS: MaskPack = {
  covers: 'WordPress 4 to 6, networks of sites too',
  structureOnly: ['*signups', '*registration_log'],
  rules: listRules({
    '*users': {
      user_login: 'token',
      user_pass: 'token',
      user_nicename: 'token',
      user_email: 'email',
      user_url: EMPTY,
      user_activation_key: 'token',
      display_name: 'name',
    },
    '*usermeta': {
      meta_value: sql(`CASE WHEN meta_value IS NULL OR ${USER_SETTINGS} THEN meta_value ELSE '' END`),
    },
    '*comments': {
      comment_author: 'name',
      comment_author_email: 'email',
      comment_author_url: EMPTY,
      comment_author_IP: 'ip',
      comment_agent: EMPTY,
      comment_content: 'text',
    },
    // Akismet keeps what it was asked about: the whole comment with address and agent.
    '*commentmeta': {
      meta_value: sql(
        `CASE WHEN meta_value IS NOT NULL AND LEFT(meta_key, 7) = 'akismet' THEN '' ELSE meta_value END`,
      ),
    },
    '*posts': { post_password: 'token' },
    '*options': { option_value: settings('option_name', 'option_value') },
    '*sitemeta': { meta_value: settings('meta_key', 'meta_value') },
    '*signups': { user_login: 'token', user_email: 'email', activation_key: 'token', meta: 'text' },
    '*registration_log': { email: 'email', IP: 'ip' },
  }),
};
