import { type MaskPack, NOTHING, listRules } from './mask-pack.js';

const ADDRESS = {
  address_given_name: 'first-name',
  address_additional_name: 'text',
  address_family_name: 'last-name',
  address_organization: 'company',
  address_address_line1: 'street',
  address_address_line2: 'text',
  address_postal_code: 'text',
  address_locality: 'city',
} as const;

const COMMENT = { subject: 'text', name: 'name', mail: 'email', homepage: NOTHING, hostname: 'ip' } as const;

/** Fields that a site adds to its users, profiles and comments have tables of their own, which the plan decides. */
export const DRUPAL: MaskPack = {
  covers: 'Drupal 7 and 8 to 11 with Webform, and addresses of profiles and of Commerce',
  structureOnly: [
    ...['*sessions', '*flood', '*watchdog', '*cache', '*cache_*', '*queue', '*batch', '*key_value_expire'],
    '*users_data',
  ],
  rules: listRules({
    '*users_field_data': { name: 'token', mail: 'email', init: 'email', pass: 'token' },
    '*users_data': { value: NOTHING },
    '*sessions': { sid: 'token', ssid: 'token', hostname: 'ip', session: NOTHING },
    '*flood': { identifier: 'token' },
    // What is put into the message is written by PHP: an empty list, so that the log can be shown.
    '*watchdog': {
      message: 'text',
      variables: { kind: 'value', value: 'a:0:{}' },
      link: 'text',
      location: 'text',
      referer: 'text',
      hostname: 'ip',
    },
    '*comment_field_data': COMMENT,
    '*comment__comment_body': { comment_body_value: 'text' },
    '*cache': { data: NOTHING },
    '*cache_*': { data: NOTHING },
    '*key_value_expire': { value: 'text' },
    '*queue': { data: 'text' },
    '*batch': { token: 'token', batch: NOTHING },
    '*authmap': { authname: 'token' },
    '*webform_submission': { token: 'token', remote_addr: 'ip' },
    '*webform_submission_data': { value: 'text' },
    '*profile__address': ADDRESS,
    '*profile_revision__address': ADDRESS,
    '*commerce_order': { mail: 'email', ip_address: 'ip' },
    // Drupal 7
    '*users': {
      name: 'token',
      pass: 'token',
      mail: 'email',
      init: 'email',
      signature: 'text',
      data: NOTHING,
    },
    '*comment': COMMENT,
    '*field_data_comment_body': { comment_body_value: 'text' },
    '*field_revision_comment_body': { comment_body_value: 'text' },
    '*webform_submissions': { remote_addr: 'ip' },
    '*webform_submitted_data': { data: 'text' },
  }),
};
