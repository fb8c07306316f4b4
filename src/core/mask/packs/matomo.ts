import { type MaskPack, NOTHING, listRules, sql } from './mask-pack.js';

/**
 * Eight bytes that a cookie has, too few for a keyed mask that keeps visitors apart. Whoever has the cookie could still
 * find its visits; nobody can find the cookie.
 */
const visitor = (column: string) => sql(`LEFT(UNHEX(SHA2(${column}, 256)), 8)`);

/** Addresses of pages are kept apart in log_action, and may have anything behind their question mark. */
const PAGE = sql(`SUBSTRING_INDEX(name, '?', 1)`);

export const MATOMO: MaskPack = {
  covers: 'Matomo 3 to 5 with the plugins that come with it',
  structureOnly: [
    ...['*session', '*user_token_auth', '*twofactor_recovery_code', '*brute_force_log', '*logger_message'],
    ...['*log_profiling', '*tracking_failure'],
  ],
  rules: listRules({
    '*user': {
      login: 'token',
      alias: 'name',
      password: 'token',
      email: 'email',
      token_auth: 'token',
      twofactor_secret: 'token',
      invited_by: 'token',
      invite_token: 'token',
      invite_link_token: 'token',
    },
    '*user_token_auth': { login: 'token', description: 'text', password: 'token' },
    '*twofactor_recovery_code': { login: 'token', recovery_code: 'token' },
    '*access': { login: 'token' },
    '*user_dashboard': { login: 'token' },
    '*user_language': { login: 'token' },
    '*segment': { login: 'token' },
    '*report': { login: 'token', parameters: { kind: 'value', value: '{}' } },
    '*plugin_setting': { user_login: 'token' },
    '*site': { creator_login: 'token' },
    '*session': { id: 'token', data: 'text' },
    '*brute_force_log': { ip_address: 'ip', login: 'token' },
    '*logger_message': { message: 'text' },
    '*log_profiling': { query: 'token' },
    '*tracking_failure': { request_url: 'text' },
    '*privacy_logdata_anonymizations': { requester: 'token' },
    '*log_visit': {
      idvisitor: visitor('idvisitor'),
      config_id: visitor('config_id'),
      location_ip: 'ip',
      user_id: 'token',
      location_city: NOTHING,
      location_latitude: NOTHING,
      location_longitude: NOTHING,
      location_provider: NOTHING,
      referer_url: NOTHING,
      referer_keyword: NOTHING,
      custom_var_v1: 'text',
      custom_var_v2: 'text',
      custom_var_v3: 'text',
      custom_var_v4: 'text',
      custom_var_v5: 'text',
    },
    '*log_conversion': {
      idvisitor: visitor('idvisitor'),
      idorder: 'token',
      url: sql(`SUBSTRING_INDEX(url, '?', 1)`),
      location_city: NOTHING,
      location_latitude: NOTHING,
      location_longitude: NOTHING,
      referer_keyword: NOTHING,
    },
    '*log_conversion_item': { idvisitor: visitor('idvisitor'), idorder: 'token' },
    '*log_link_visit_action': { idvisitor: visitor('idvisitor') },
    '*log_action': { name: PAGE },
  }),
};
