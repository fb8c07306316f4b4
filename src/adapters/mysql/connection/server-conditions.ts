const FEWER = 'Or take fewer connections:  options: {parallel: 1}';
const LIMITED = [
  'The account may not have more of it; on the server:  ALTER USER ... WITH MAX_USER_CONNECTIONS 0 MAX_QUERIES_PER_HOUR 0',
  FEWER,
];
const LOCKED = ['On the server:  ALTER USER ... ACCOUNT UNLOCK'];
const EXPIRED = ['Set a new password on the server with ALTER USER, and give it to the connection.'];
const READ_ONLY = [
  'InnoDB was started read-only there (innodb_read_only, innodb_force_recovery): use another server, or restart it without.',
];
const KILLED = [
  'Somebody ended this statement or its session on the server, or a limit there did. Apply again.',
];
const CRASHED = ['Repair the table on the server:  REPAIR TABLE ...   (CHECK TABLE says what is wrong)'];

/** What a server is like when it answers with these numbers, and what to do. Numbers that both vendors use alike. */
const HINTS: ReadonlyMap<number, readonly string[]> = new Map([
  [126, CRASHED],
  [127, CRASHED],
  [145, CRASHED],
  [1021, ['Make room on the disk of the server.']],
  [
    1040,
    [
      'All connections of the server are in use: try again later, or raise the limit:  SET GLOBAL max_connections = ...',
      FEWER,
    ],
  ],
  [1034, CRASHED],
  // Of a Galera cluster: "WSREP has not yet prepared node for application use".
  [
    1047,
    [
      'A node of a cluster that is not part of it answers like this: use another one (SHOW STATUS LIKE "wsrep%").',
    ],
  ],
  [1053, ['The server is shutting down. Apply again when it is back.']],
  [
    1129,
    [
      'Too many connections of this machine broke off; on the server:  FLUSH HOSTS;   (MySQL 8.4 and newer: TRUNCATE TABLE performance_schema.host_cache;)',
    ],
  ],
  [1194, CRASHED],
  [1195, CRASHED],
  [1203, LIMITED],
  [1226, LIMITED],
  [
    1290,
    ['An option of this server forbids it, and the message names it: switch it off, or use another server.'],
  ],
  [1317, KILLED],
  [
    1577,
    ['Start the server with event_scheduler=OFF; if it is, its tables of events are damaged:  mysql_upgrade'],
  ],
  [1820, EXPIRED],
  [1836, READ_ONLY],
  [1862, EXPIRED],
  [1881, READ_ONLY],
  [3032, ['It was switched off for its users; on the server:  SET GLOBAL offline_mode = OFF']],
  [3118, LOCKED],
  // MariaDB; MySQL has no login that ends with it.
  [4151, LOCKED],
]);

/** What to do about a server that answers with this number; empty for numbers that speak of a statement. */
export const hintAtServer = (number: number | undefined): readonly string[] => HINTS.get(number ?? 0) ?? [];

export const LOST_HINT =
  'The server restarted, ended the session, or the way to it was cut: its error log says which. Then try again.';
export const SNAPSHOT_HINT =
  'InnoDB takes none under innodb_read_only and innodb_force_recovery: start the source without them.';
