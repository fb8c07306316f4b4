import { EMPTY, type MaskPack, listRules } from './mask-pack.js';

/**
 * Names of users become the same in each table. Pages and their text, in which people sign and are written about, are
 * the wiki's content, and the plan's to decide.
 */
export const MEDIAWIKI: MaskPack = {
  covers: 'MediaWiki 1.35 to 1.44 with CheckUser and OATHAuth',
  structureOnly: [
    ...['*objectcache', '*job', '*uploadstash', '*recentchanges', '*ip_changes', '*user_newtalk'],
    ...['*bot_passwords', '*cu_changes', '*cu_log', '*cu_log_event', '*cu_private_event'],
  ],
  rules: listRules({
    '*user': {
      user_name: 'token',
      user_real_name: 'name',
      user_password: EMPTY,
      user_newpassword: EMPTY,
      user_email: 'email',
      user_token: 'token',
      user_email_token: 'token',
    },
    '*actor': { actor_name: 'token' },
    '*user_properties': { up_value: 'text' },
    '*user_newtalk': { user_ip: 'ip' },
    '*bot_passwords': { bp_password: EMPTY, bp_token: 'token' },
    '*oathauth_users': { data: 'text' },
    '*oathauth_devices': { oad_data: 'text' },
    '*recentchanges': { rc_ip: 'ip' },
    '*ip_changes': { ipc_hex: 'token' },
    '*block_target': {
      bt_address: 'token',
      bt_user_text: 'token',
      bt_range_start: 'token',
      bt_range_end: 'token',
      bt_ip_hex: 'token',
    },
    '*ipblocks': { ipb_address: 'token', ipb_range_start: 'token', ipb_range_end: 'token' },
    '*log_search': { ls_value: 'token' },
    '*job': { job_params: 'text' },
    '*objectcache': { keyname: 'token', value: 'text' },
    '*uploadstash': { us_key: 'token', us_orig_path: 'text' },
    '*cu_changes': {
      cuc_ip: 'ip',
      cuc_ip_hex: 'token',
      cuc_xff: 'text',
      cuc_xff_hex: 'token',
      cuc_agent: 'text',
    },
    '*cu_log_event': {
      cule_ip: 'ip',
      cule_ip_hex: 'token',
      cule_xff: 'text',
      cule_xff_hex: 'token',
      cule_agent: 'text',
    },
    '*cu_private_event': {
      cupe_ip: 'ip',
      cupe_ip_hex: 'token',
      cupe_xff: 'text',
      cupe_xff_hex: 'token',
      cupe_agent: 'text',
    },
    '*cu_log': {
      cul_reason: 'text',
      cul_target_text: 'token',
      cul_target_hex: 'token',
      cul_range_start: 'token',
      cul_range_end: 'token',
    },
  }),
};
