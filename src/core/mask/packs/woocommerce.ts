import { EMPTY, type MaskPack, NOTHING, listRules, sql } from './mask-pack.js';

/** Of an order: who bought, from where, and with which key the order can be opened. The rest is about goods and taxes. */
const ORDER_PEOPLE = `LEFT(meta_key, 9) = '_billing_' OR LEFT(meta_key, 10) = '_shipping_' OR meta_key IN ('_customer_ip_address', '_customer_user_agent', '_order_key', '_transaction_id', '_payment_tokens')`;

const orderMeta = sql(`CASE WHEN meta_value IS NOT NULL AND (${ORDER_PEOPLE}) THEN '' ELSE meta_value END`);

/** For shops with orders in tables of their own and with orders among the posts. Customers are users of WordPress. */
export const WOOCOMMERCE: MaskPack = {
  covers: 'WooCommerce 4 to 10, beside the pack wordpress',
  structureOnly: [
    ...['*woocommerce_sessions', '*woocommerce_log', '*wc_rate_limits', '*wc_download_log'],
    '*woocommerce_api_keys',
  ],
  rules: listRules({
    '*wc_orders': {
      billing_email: 'email',
      ip_address: 'ip',
      user_agent: 'text',
      customer_note: 'text',
      transaction_id: 'token',
    },
    '*wc_order_addresses': {
      first_name: 'first-name',
      last_name: 'last-name',
      company: 'company',
      address_1: 'street',
      address_2: 'text',
      city: 'city',
      postcode: 'text',
      email: 'email',
      phone: 'phone',
    },
    '*wc_order_operational_data': { order_key: 'token' },
    '*wc_orders_meta': { meta_value: orderMeta },
    // Orders among the posts keep what the customer wrote in the excerpt.
    '*postmeta': { meta_value: orderMeta },
    '*posts': {
      post_excerpt: sql(
        `CASE WHEN LEFT(post_type, 10) = 'shop_order' OR post_type = 'shop_subscription' THEN '' ELSE post_excerpt END`,
      ),
    },
    '*wc_customer_lookup': {
      username: 'token',
      first_name: 'first-name',
      last_name: 'last-name',
      email: 'email',
      postcode: 'text',
      city: 'city',
      billing_phone: 'phone',
      shipping_phone: 'phone',
    },
    '*woocommerce_sessions': { session_key: 'token', session_value: 'text' },
    '*woocommerce_api_keys': {
      description: 'text',
      consumer_key: 'token',
      consumer_secret: 'token',
      nonces: NOTHING,
      truncated_key: 'text',
    },
    '*woocommerce_downloadable_product_permissions': { order_key: 'token', user_email: 'email' },
    '*woocommerce_payment_tokens': { token: 'token' },
    '*woocommerce_payment_tokenmeta': { meta_value: 'text' },
    '*woocommerce_log': { message: 'text', context: 'text' },
    '*wc_download_log': { user_ip_address: 'ip' },
    // A copy must not tell the receivers of the source's events.
    '*wc_webhooks': { delivery_url: EMPTY, secret: 'token' },
    '*wc_rate_limits': { rate_limit_key: 'token' },
    '*wc_stock_notifications': { user_email: 'email' },
  }),
};
