import type { MaskRule, PlainMask } from '../mask-rule.js';
import { type MaskPack, NOTHING, YEAR, listRules, sql } from './mask-pack.js';

type Columns = Readonly<Record<string, PlainMask | MaskRule>>;

const NAMES: Columns = {
  prefix: 'text',
  firstname: 'first-name',
  middlename: 'text',
  lastname: 'last-name',
  suffix: 'text',
};

const ADDRESS: Columns = {
  ...NAMES,
  company: 'company',
  street: 'street',
  city: 'city',
  postcode: 'text',
  telephone: 'phone',
  fax: 'phone',
  vat_id: 'text',
};

/** Of quotes and orders. */
const BUYER: Columns = {
  customer_email: 'email',
  customer_prefix: 'text',
  customer_firstname: 'first-name',
  customer_middlename: 'text',
  customer_lastname: 'last-name',
  customer_suffix: 'text',
  customer_dob: YEAR,
  customer_taxvat: 'text',
  customer_gender: NOTHING,
  customer_note: 'text',
  remote_ip: 'ip',
};

/** The lists of the administration hold copies. */
const GRID: Columns = {
  customer_name: 'name',
  customer_email: 'email',
  billing_name: 'name',
  shipping_name: 'name',
  billing_address: 'text',
  shipping_address: 'text',
};

const PAYMENT: Columns = {
  cc_owner: 'name',
  cc_last_4: 'text',
  cc_number_enc: 'token',
  po_number: 'text',
  additional_information: NOTHING,
};

const COMMENT: Columns = { comment: 'text' };
const VALUE: Columns = { value: 'text' };

/** Settings that let in: passwords and keys of the shop and of what it works with. */
const SECRET_ENDS = [
  'password',
  'passwd',
  'secret',
  'secret_key',
  'token',
  'api_key',
  'private_key',
  'access_key',
];
const SETTINGS = sql(
  `CASE WHEN value IS NOT NULL AND (${SECRET_ENDS.map((end) => `path LIKE '%${end}'`).join(' OR ')}) THEN '' WHEN path LIKE 'trans_email/%/email' OR path LIKE '%/recipient_email' OR path LIKE '%/copy_to' THEN 'shop@example.com' ELSE value END`,
);

export const MAGENTO2: MaskPack = {
  covers: 'Magento Open Source 2.3 and 2.4',
  structureOnly: [
    ...['*session', '*admin_user_session', '*customer_visitor', '*persistent_session', '*captcha_log'],
    ...['*oauth_token', '*oauth_token_request_log', '*password_reset_request_event', '*sendfriend_log'],
  ],
  rules: listRules({
    '*customer_entity': {
      ...NAMES,
      email: 'email',
      dob: YEAR,
      password_hash: 'token',
      rp_token: 'token',
      taxvat: 'text',
      confirmation: 'token',
      gender: NOTHING,
    },
    '*customer_entity_varchar': VALUE,
    '*customer_entity_text': VALUE,
    '*customer_address_entity': ADDRESS,
    '*customer_address_entity_varchar': VALUE,
    '*customer_address_entity_text': VALUE,
    '*customer_grid_flat': {
      name: 'text',
      email: 'email',
      dob: YEAR,
      gender: NOTHING,
      taxvat: 'text',
      confirmation: 'token',
      shipping_full: 'text',
      billing_full: 'text',
      billing_firstname: 'first-name',
      billing_lastname: 'last-name',
      billing_telephone: 'phone',
      billing_postcode: 'text',
      billing_street: 'street',
      billing_city: 'city',
      billing_fax: 'phone',
      billing_vat_id: 'text',
      billing_company: 'company',
    },
    '*customer_visitor': { session_id: 'text' },
    '*quote': { ...BUYER, password_hash: 'token' },
    '*quote_address': { ...ADDRESS, email: 'email', customer_notes: 'text' },
    '*quote_payment': PAYMENT,
    '*sales_order': { ...BUYER, x_forwarded_for: 'text', protect_code: 'token' },
    '*sales_order_address': { ...ADDRESS, email: 'email' },
    '*sales_order_payment': {
      ...PAYMENT,
      cc_trans_id: 'token',
      last_trans_id: 'token',
      echeck_account_name: 'name',
    },
    '*sales_payment_transaction': {
      txn_id: 'token',
      parent_txn_id: 'token',
      additional_information: NOTHING,
    },
    '*sales_order_status_history': COMMENT,
    '*sales_invoice_comment': COMMENT,
    '*sales_shipment_comment': COMMENT,
    '*sales_creditmemo_comment': COMMENT,
    '*sales_order_grid': GRID,
    '*sales_invoice_grid': GRID,
    '*sales_shipment_grid': GRID,
    '*sales_creditmemo_grid': GRID,
    '*newsletter_subscriber': { subscriber_email: 'email', subscriber_confirm_code: 'token' },
    '*review_detail': { nickname: 'name', title: 'text', detail: 'text' },
    '*wishlist': { sharing_code: 'token' },
    '*gift_message': { sender: 'name', recipient: 'name', message: 'text' },
    '*vault_payment_token': { public_hash: 'token', gateway_token: 'token', details: 'text' },
    '*admin_user': {
      firstname: 'first-name',
      lastname: 'last-name',
      email: 'email',
      username: 'token',
      password: 'token',
      rp_token: 'token',
      extra: NOTHING,
    },
    '*admin_passwords': { password_hash: 'token' },
    '*admin_user_session': { session_id: 'text', ip: 'ip' },
    '*session': { session_id: 'token', session_data: 'text' },
    '*persistent_session': { key: 'token', info: 'text' },
    '*captcha_log': { value: 'token' },
    '*password_reset_request_event': { account_reference: 'text', ip: 'text' },
    '*sendfriend_log': { ip: 'number' },
    '*oauth_consumer': { key: 'token', secret: 'token' },
    '*oauth_token': { token: 'token', secret: 'token', verifier: 'token' },
    '*oauth_token_request_log': { user_name: 'token' },
    '*integration': { email: 'email' },
    '*core_config_data': { value: SETTINGS },
  }),
};
