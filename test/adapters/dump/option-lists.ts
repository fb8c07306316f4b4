import type { ClientTool } from '../../../src/adapters/dump/client-tool.js';
import type { Flavor } from '../../../src/core/flavor.js';

/**
 * Long options of client programs: as their `--help` lists them, of MySQL 5.7 to 8.4 from the option tables in their
 * sources.
 */

const START = 'print-defaults no-defaults defaults-file defaults-extra-file defaults-group-suffix';

const MARIADB_DUMP_10_5 = `print-defaults no-defaults defaults-file defaults-extra-file defaults-group-suffix all-databases
  all-tablespaces no-tablespaces add-drop-database add-drop-table add-drop-trigger add-locks allow-keywords
  apply-slave-statements character-sets-dir comments compatible compact complete-insert compress
  copy-s3-tables create-options databases debug debug-check debug-info default-character-set delayed-insert
  delete-master-logs disable-keys dump-slave events extended-insert fields-terminated-by fields-enclosed-by
  fields-optionally-enclosed-by fields-escaped-by flush-logs flush-privileges force gtid help hex-blob host
  ignore-database ignore-table-data ignore-table include-master-host-port insert-ignore lines-terminated-by
  lock-all-tables lock-tables log-error log-queries master-data max-allowed-packet max-statement-time
  net-buffer-length no-autocommit no-create-db no-create-info no-data no-data-med no-set-names opt
  order-by-primary password port protocol quick quote-names replace result-file routines set-charset
  single-transaction dump-date skip-opt socket ssl ssl-ca ssl-capath ssl-cert ssl-cipher ssl-key ssl-crl
  ssl-crlpath tls-version ssl-verify-server-cert system tab tables triggers tz-utc user verbose version where
  xml plugin-dir default-auth`;

const MARIADB_DUMP_10_11 = `print-defaults no-defaults defaults-file defaults-extra-file defaults-group-suffix all-databases
  all-tablespaces no-tablespaces add-drop-database add-drop-table add-drop-trigger add-locks allow-keywords
  apply-slave-statements as-of character-sets-dir comments compatible compact complete-insert compress
  copy-s3-tables create-options databases debug debug-check debug-info default-character-set delayed-insert
  delete-master-logs disable-keys dump-date dump-history dump-slave events extended-insert
  fields-terminated-by fields-enclosed-by fields-optionally-enclosed-by fields-escaped-by flush-logs
  flush-privileges force gtid header help hex-blob host ignore-database ignore-table-data ignore-table
  include-master-host-port insert-ignore lines-terminated-by lock-all-tables lock-tables log-error log-queries
  master-data max-allowed-packet max-statement-time net-buffer-length no-autocommit no-create-db
  no-create-info no-data no-data-med no-set-names opt order-by-primary order-by-size password port protocol
  quick quote-names replace result-file routines set-charset single-transaction skip-opt socket ssl ssl-ca
  ssl-capath ssl-cert ssl-cipher ssl-key ssl-crl ssl-crlpath tls-version ssl-verify-server-cert system tab
  tables triggers tz-utc user verbose version where xml plugin-dir default-auth galera-info`;

const MARIADB_DUMP_11_8 = `print-defaults no-defaults defaults-file defaults-extra-file defaults-group-suffix all-databases
  all-tablespaces no-tablespaces add-drop-database add-drop-table add-drop-trigger add-locks allow-keywords
  apply-slave-statements as-of character-sets-dir comments compatible compact complete-insert compress
  copy-s3-tables create-options databases debug debug-check debug-info default-character-set delayed-insert
  delete-master-logs dir disable-keys dump-date dump-history update-history dump-slave events extended-insert
  fields-terminated-by fields-enclosed-by fields-optionally-enclosed-by fields-escaped-by flush-logs
  flush-privileges force gtid header help hex-blob host ignore-database ignore-table-data ignore-table
  include-master-host-port insert-ignore lines-terminated-by lock-all-tables lock-tables log-error log-queries
  master-data max-allowed-packet max-statement-time net-buffer-length no-autocommit no-create-db
  no-create-info no-data no-data-med no-set-names opt order-by-primary order-by-size password parallel port
  protocol quick quote-names replace result-file routines set-charset single-transaction skip-opt socket ssl
  ssl-ca ssl-capath ssl-cert ssl-cipher ssl-key ssl-crl ssl-crlpath tls-version ssl-fp ssl-fplist
  ssl-verify-server-cert system tab tables triggers tz-utc user verbose version where xml plugin-dir
  default-auth`;

const MARIADB_10_5 = `print-defaults no-defaults defaults-file defaults-extra-file defaults-group-suffix help
  abort-source-on-error auto-rehash no-auto-rehash auto-vertical-output batch binary-as-hex character-sets-dir
  column-type-info comments compress debug debug-check debug-info database default-character-set delimiter
  execute enable-cleartext-plugin vertical force named-commands ignore-spaces init-command local-infile
  no-beep host html xml line-numbers skip-line-numbers unbuffered column-names skip-column-names sigint-ignore
  one-database pager password port progress-reports prompt protocol quick raw reconnect silent socket ssl
  ssl-ca ssl-capath ssl-cert ssl-cipher ssl-key ssl-crl ssl-crlpath tls-version ssl-verify-server-cert table
  tee user safe-updates i-am-a-dummy verbose version wait connect-timeout max-allowed-packet net-buffer-length
  select-limit max-join-size secure-auth server-arg show-warnings plugin-dir default-auth binary-mode
  connect-expired-password`;

const MARIADB_10_11 = `print-defaults no-defaults defaults-file defaults-extra-file defaults-group-suffix help
  abort-source-on-error auto-rehash no-auto-rehash auto-vertical-output batch binary-as-hex binary-mode
  character-sets-dir column-names skip-column-names column-type-info comments compress
  connect-expired-password connect-timeout database debug debug-check debug-info default-auth
  default-character-set delimiter enable-cleartext-plugin execute force host html ignore-spaces init-command
  line-numbers skip-line-numbers local-infile max-allowed-packet max-join-size named-commands
  net-buffer-length no-beep one-database pager password plugin-dir port print-query-on-error progress-reports
  prompt protocol quick quick-max-column-width raw reconnect safe-updates i-am-a-dummy sandbox secure-auth
  select-limit server-arg show-warnings sigint-ignore silent socket ssl ssl-ca ssl-capath ssl-cert ssl-cipher
  ssl-key ssl-crl ssl-crlpath tls-version ssl-verify-server-cert table tee unbuffered user verbose version
  vertical wait xml`;

const MARIADB_11_8 = `print-defaults no-defaults defaults-file defaults-extra-file defaults-group-suffix help
  abort-source-on-error auto-rehash no-auto-rehash auto-vertical-output batch binary-as-hex binary-mode
  character-sets-dir column-names skip-column-names column-type-info comments compress
  connect-expired-password connect-timeout database debug debug-check debug-info default-auth
  default-character-set delimiter enable-cleartext-plugin execute force host html ignore-spaces init-command
  line-numbers skip-line-numbers local-infile max-allowed-packet max-join-size named-commands
  net-buffer-length no-beep one-database pager password plugin-dir port print-query-on-error progress-reports
  prompt protocol quick quick-max-column-width raw reconnect safe-updates i-am-a-dummy sandbox secure-auth
  select-limit server-arg show-query-costs show-warnings sigint-ignore silent socket ssl ssl-ca ssl-capath
  ssl-cert ssl-cipher ssl-key ssl-crl ssl-crlpath tls-version ssl-fp ssl-fplist ssl-verify-server-cert table
  tee unbuffered user verbose version vertical wait xml`;

const MYSQL_TLS =
  'ssl-mode ssl-ca ssl-capath ssl-cert ssl-cipher ssl-key ssl-crl ssl-crlpath tls-version server-public-key-path get-server-public-key';

const MYSQLDUMP_5_7 = `${START} login-path all-databases all-tablespaces no-tablespaces add-drop-database add-drop-table
  add-drop-trigger add-locks allow-keywords apply-slave-statements bind-address character-sets-dir comments compatible
  compact complete-insert compress create-options databases debug debug-check debug-info default-character-set
  delete-master-logs disable-keys dump-slave events extended-insert fields-terminated-by fields-enclosed-by
  fields-optionally-enclosed-by fields-escaped-by flush-logs flush-privileges force help hex-blob host ignore-error
  ignore-table include-master-host-port insert-ignore lines-terminated-by lock-all-tables lock-tables log-error
  master-data max-allowed-packet net-buffer-length no-autocommit no-create-db no-create-info no-data no-set-names opt
  order-by-primary password port protocol quick quote-names replace result-file routines set-charset set-gtid-purged
  single-transaction dump-date skip-opt socket secure-auth ${MYSQL_TLS} tab tables triggers tz-utc user verbose version
  where xml plugin-dir default-auth enable-cleartext-plugin`;

const MYSQLDUMP_8_0 = `${MYSQLDUMP_5_7.replace('secure-auth', '')} column-statistics network-timeout
  compression-algorithms zstd-compression-level`;

const MYSQLDUMP_8_4 = `${MYSQLDUMP_8_0} no-login-paths apply-replica-statements delete-source-logs dump-replica
  include-source-host-port source-data password1 password2 password3 output-as-version
  show-create-table-skip-secondary-engine skip-generated-invisible-primary-key init-command init-command-add
  ignore-views tls-ciphersuites tls-sni-servername ssl-fips-mode ssl-session-data`;

const MYSQLDUMP_9_7 = `print-defaults no-defaults defaults-file defaults-extra-file defaults-group-suffix login-path no-login-paths
  all-databases all-tablespaces no-tablespaces add-drop-database add-drop-masking-policy add-drop-table
  add-drop-trigger add-drop-user add-locks allow-keywords apply-replica-statements apply-slave-statements
  bind-address character-sets-dir column-statistics comments compatible compact complete-insert compress
  create-options databases debug debug-check debug-info default-character-set delete-source-logs
  delete-master-logs disable-keys dump-replica dump-slave events extended-insert fields-terminated-by
  fields-enclosed-by fields-optionally-enclosed-by fields-escaped-by flush-logs flush-privileges force help
  hex-blob host ignore-error ignore-table exclude-user include-user include-source-host-port
  include-master-host-port insert-ignore lines-terminated-by lock-all-tables lock-tables log-error
  mysqld-long-query-time source-data masking-policies master-data max-allowed-packet net-buffer-length
  no-autocommit no-create-db no-create-info no-data no-set-names opt order-by-primary password password1
  password2 password3 port protocol quick quote-names replace result-file routines set-charset set-gtid-purged
  single-transaction dump-date skip-opt socket server-public-key-path get-server-public-key ssl-mode ssl-ca
  ssl-capath ssl-cert ssl-cipher ssl-key ssl-crl ssl-crlpath tls-version ssl-fips-mode tls-ciphersuites
  ssl-session-data ssl-session-data-continue-on-failed-reuse tls-sni-servername tab tables output-as-version
  triggers tz-utc user users verbose version where xml plugin-dir default-auth enable-cleartext-plugin
  network-timeout show-create-table-skip-secondary-engine compression-algorithms zstd-compression-level
  skip-generated-invisible-primary-key init-command init-command-add ignore-views`;

const MYSQL_5_7 = `${START} login-path help auto-rehash no-auto-rehash auto-vertical-output batch bind-address
  binary-as-hex character-sets-dir column-type-info comments compress debug debug-check debug-info database
  default-character-set delimiter enable-cleartext-plugin execute vertical force histignore named-commands
  ignore-spaces init-command local-infile no-beep host html xml line-numbers skip-line-numbers unbuffered column-names
  skip-column-names sigint-ignore one-database pager password port prompt protocol quick raw reconnect socket
  ${MYSQL_TLS} table tee user safe-updates i-am-a-dummy verbose version wait connect-timeout max-allowed-packet
  net-buffer-length select-limit max-join-size secure-auth server-arg show-warnings plugin-dir default-auth
  binary-mode connect-expired-password syslog silent`;

const MYSQL_8_0 = `${MYSQL_5_7.replace('secure-auth', '')} network-namespace compression-algorithms
  zstd-compression-level load-data-local-dir dns-srv-name`;

const MYSQL_9_7 = `help auto-rehash no-auto-rehash auto-vertical-output batch bind-address binary-as-hex character-sets-dir
  column-type-info commands comments compress debug debug-check debug-info database default-character-set
  delimiter enable-cleartext-plugin execute vertical force histignore named-commands ignore-spaces
  init-command init-command-add local-infile no-beep host dns-srv-name html xml line-numbers skip-line-numbers
  unbuffered column-names skip-column-names sigint-ignore one-database pager password password1 password2
  password3 port prompt protocol quick raw reconnect silent socket server-public-key-path
  get-server-public-key ssl-mode ssl-ca ssl-capath ssl-cert ssl-cipher ssl-key ssl-crl ssl-crlpath tls-version
  ssl-fips-mode tls-ciphersuites ssl-session-data ssl-session-data-continue-on-failed-reuse tls-sni-servername
  table tee user safe-updates i-am-a-dummy verbose version wait connect-timeout max-allowed-packet
  net-buffer-length select-limit max-join-size show-warnings syslog plugin-dir default-auth binary-mode
  connect-expired-password network-namespace compression-algorithms zstd-compression-level load-data-local-dir
  authentication-oci-client-config-profile oci-config-file authentication-openid-connect-client-id-token-file
  telemetry-client plugin-authentication-webauthn-client-preserve-privacy
  plugin-authentication-webauthn-device register-factor system-command print-defaults no-defaults
  defaults-file defaults-extra-file defaults-group-suffix login-path no-login-paths`;

const tool = (
  path: string,
  vendor: Flavor['vendor'],
  version: Flavor['version'],
  options: string,
): ClientTool => ({
  path,
  flavor: { vendor, version },
  options: new Set(options.split(/\s+/)),
});

export const DUMPS = {
  'MariaDB 10.5': tool('/usr/bin/mariadb-dump', 'mariadb', [10, 5, 23], MARIADB_DUMP_10_5),
  'MariaDB 11.8': tool('/usr/bin/mariadb-dump', 'mariadb', [11, 8, 6], MARIADB_DUMP_11_8),
  'MariaDB 10.11': tool('/usr/bin/mariadb-dump', 'mariadb', [10, 11, 19], MARIADB_DUMP_10_11),
  'MySQL 5.7': tool('/usr/bin/mysqldump', 'mysql', [5, 7, 44], MYSQLDUMP_5_7),
  'MySQL 8.0': tool('/usr/bin/mysqldump', 'mysql', [8, 0, 36], MYSQLDUMP_8_0),
  'MySQL 8.4': tool('/usr/bin/mysqldump', 'mysql', [8, 4, 7], MYSQLDUMP_8_4),
  'MySQL 9.7': tool('/usr/bin/mysqldump', 'mysql', [9, 7, 4], MYSQLDUMP_9_7),
} as const;

export const LOADERS = {
  'MariaDB 10.5': tool('/usr/bin/mariadb', 'mariadb', [10, 5, 23], MARIADB_10_5),
  'MariaDB 11.8': tool('/usr/bin/mariadb', 'mariadb', [11, 8, 6], MARIADB_11_8),
  'MariaDB 10.11': tool('/usr/bin/mariadb', 'mariadb', [10, 11, 19], MARIADB_10_11),
  'MySQL 5.7': tool('/usr/bin/mysql', 'mysql', [5, 7, 44], MYSQL_5_7),
  'MySQL 8.0': tool('/usr/bin/mysql', 'mysql', [8, 0, 36], MYSQL_8_0),
  'MySQL 9.7': tool('/usr/bin/mysql', 'mysql', [9, 7, 4], MYSQL_9_7),
} as const;

/** The same program without some of its options. */
export const without = (client: ClientTool, ...names: readonly string[]): ClientTool => ({
  ...client,
  options: new Set([...client.options].filter((name) => !names.includes(name))),
});
