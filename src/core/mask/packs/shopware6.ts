import type { MaskRule, PlainMask } from '../mask-rule.js';
import { type MaskPack, NOTHING, YEAR, listRules } from './mask-pack.js';

type Columns = Readonly<Record<string, PlainMask | MaskRule>>;

/** JSON that plugins fill. */
const FIELDS: Columns = { custom_fields: NOTHING };

const PERSON: Columns = { title: 'text', first_name: 'first-name', last_name: 'last-name', ...FIELDS };

const ADDRESS: Columns = {
  ...PERSON,
  company: 'company',
  department: 'text',
  street: 'street',
  zipcode: 'text',
  city: 'city',
  phone_number: 'phone',
  additional_address_line1: 'text',
  additional_address_line2: 'text',
};

export const SHOPWARE6: MaskPack = {
  covers: 'Shopware 6.4 to 6.6',
  structureOnly: [
    ...['cart', 'sales_channel_api_context', 'refresh_token', 'customer_recovery', 'user_recovery'],
    ...['log_entry', 'messenger_messages', 'dead_message', 'webhook_event_log', 'payment_token'],
  ],
  rules: listRules({
    customer: {
      ...PERSON,
      company: 'company',
      email: 'email',
      password: 'token',
      legacy_password: 'token',
      birthday: YEAR,
      hash: 'token',
      remote_address: 'ip',
      vat_ids: NOTHING,
    },
    customer_address: ADDRESS,
    customer_recovery: { hash: 'token' },
    order_customer: { ...PERSON, email: 'email', company: 'company', remote_address: 'ip', vat_ids: NOTHING },
    order_address: { ...ADDRESS, vat_id: 'text' },
    order: { customer_comment: 'text', deep_link_code: 'token', ...FIELDS },
    newsletter_recipient: {
      ...PERSON,
      email: 'email',
      zip_code: 'text',
      city: 'city',
      street: 'street',
      hash: 'token',
    },
    product_review: {
      external_user: 'name',
      external_email: 'email',
      title: 'text',
      content: 'text',
      comment: 'text',
      ...FIELDS,
    },
    user: {
      ...PERSON,
      username: 'token',
      email: 'email',
      password: 'token',
    },
    user_recovery: { hash: 'token' },
    user_access_key: { access_key: 'token', secret_access_key: 'token', ...FIELDS },
    integration: { access_key: 'token', secret_access_key: 'token', ...FIELDS },
    sales_channel_api_context: { token: 'token', payload: { kind: 'sql', sql: 'JSON_OBJECT()' } },
    cart: { token: 'token', payload: 'text' },
    refresh_token: { token_id: 'token' },
    payment_token: { token: 'token' },
    log_entry: { message: 'text', context: NOTHING, extra: NOTHING },
    messenger_messages: { body: 'text', headers: 'text' },
    webhook_event_log: {
      request_content: NOTHING,
      response_content: NOTHING,
      url: 'text',
      serialized_webhook_message: 'text',
    },
    app: { app_secret: 'token' },
  }),
};
