import { type MaskPack, NOTHING, listRules, sql } from './mask-pack.js';

/**
 * The ids of users stay undecided: they are part of the paths of their files and stand in dozens of tables, of apps too.
 * Where they are names of people, nobody can mask them without the files. Names of files stay undecided as well.
 */
export const NEXTCLOUD: MaskPack = {
  covers: 'Nextcloud 20 to 31 with Calendar, Contacts, Comments, Activity and Notifications',
  structureOnly: [
    ...['*authtoken', '*bruteforce_attempts', '*login_flow_v2', '*oauth2_access_tokens', '*direct_edit'],
    ...['*activity', '*activity_mq', '*notifications', '*recent_contact', '*file_locks'],
  ],
  rules: listRules({
    '*users': { displayname: 'name', password: 'token' },
    '*accounts': { data: { kind: 'value', value: '{}' } },
    '*accounts_data': { value: 'text' },
    '*preferences': { configvalue: 'text' },
    '*authtoken': {
      login_name: 'token',
      password: NOTHING,
      name: 'text',
      token: 'token',
      private_key: NOTHING,
      public_key: NOTHING,
    },
    '*bruteforce_attempts': { ip: 'ip', subnet: 'text', metadata: 'text' },
    '*login_flow_v2': {
      poll_token: 'token',
      login_token: 'token',
      public_key: 'text',
      private_key: 'text',
      client_name: 'text',
      login_name: NOTHING,
      app_password: NOTHING,
    },
    '*oauth2_clients': { secret: 'token' },
    '*oauth2_access_tokens': { hashed_code: 'token', encrypted_token: 'text' },
    '*storages_credentials': { credentials: NOTHING },
    '*webauthn': { public_key_credential_id: 'text', data: 'text' },
    '*twofactor_totp_secrets': { secret: 'text' },
    '*twofactor_backupcodes': { code: 'token' },
    // By mail a file is shared with an address (type 4); all others are users and groups.
    '*share': {
      share_with: sql(`CASE WHEN share_type = 4 THEN 'guest@example.com' ELSE share_with END`),
      password: 'token',
      token: 'token',
      note: 'text',
      label: 'text',
    },
    '*share_external': { share_token: 'token', password: 'text', owner: 'token' },
    '*trusted_servers': { token: 'token', shared_secret: 'token' },
    '*direct_edit': { token: 'token' },
    '*comments': { message: 'text' },
    '*addressbooks': { description: 'text' },
    '*cards': { carddata: 'text' },
    '*cards_properties': { value: 'text' },
    '*calendars': { description: 'text' },
    '*calendarobjects': { calendardata: 'text' },
    '*calendarobjects_props': { value: 'text' },
    '*calendar_invitations': { attendee: 'text', organizer: 'text', token: 'token' },
    '*schedulingobjects': { calendardata: 'text' },
    '*recent_contact': { email: 'email', federated_cloud_id: 'token', card: 'text' },
    '*activity': { subjectparams: 'text', messageparams: 'text', file: 'text', link: 'text' },
    '*activity_mq': { amq_subjectparams: 'text' },
    '*notifications': { subject_parameters: 'text', message_parameters: 'text', link: 'text' },
  }),
};
