import { loadSql } from '../scripts/throwaway-server.mjs';

/** Rows with the numbers from 1 on in their column `seq`, in each vendor's own way. */
const numbers = (rows, vendor) =>
  vendor === 'mariadb'
    ? `seq_1_to_${rows}`
    : `(WITH RECURSIVE n AS (SELECT 1 AS seq UNION ALL SELECT seq + 1 FROM n WHERE seq < ${rows}) SELECT seq FROM n) numbers`;

/** Text of random digits, as sysbench makes it: it neither repeats nor compresses. */
const digits = (groups) => `CONCAT_WS('-'${", LPAD(FLOOR(RAND() * 1e11), 11, '0')".repeat(groups)})`;

/** One table as sysbench shapes them, about 200 bytes a row. */
const narrowTable = (name, rows, vendor) => `
CREATE TABLE ${name} (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, k INT NOT NULL DEFAULT 0,
  c CHAR(120) NOT NULL DEFAULT '', pad CHAR(60) NOT NULL DEFAULT '', KEY k_1 (k)) ENGINE = InnoDB;
INSERT INTO ${name} SELECT seq, FLOOR(RAND() * 1e6), ${digits(10)}, ${digits(5)} FROM ${numbers(rows, vendor)};`;

const wideTable = (name, rows, vendor) => `
CREATE TABLE ${name} (id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, code VARCHAR(40) NOT NULL,
  made_at DATETIME(6) NOT NULL, state ENUM('new', 'open', 'closed') NOT NULL, amount DECIMAL(14, 4), ratio DOUBLE,
  title VARCHAR(200) CHARACTER SET utf8mb4, body TEXT CHARACTER SET utf8mb4, doc JSON, file BLOB,
  UNIQUE KEY (code), KEY (made_at, state)) ENGINE = InnoDB;
INSERT INTO ${name} SELECT seq, CONCAT('code-', seq), '2026-01-01' + INTERVAL seq SECOND, seq % 3 + 1, RAND() * 1e6,
  RAND(), CONCAT('Tïtle "', seq, '" of ✓'), REPEAT(CONCAT(LEFT(SHA2(RAND(), 256), 32), '\\n\\'quoted\\' ünï '), 20),
  JSON_OBJECT('id', seq, 'tags', JSON_ARRAY(LEFT(SHA2(RAND(), 256), 32), LEFT(SHA2(RAND(), 256), 32)), 'note', 'a\\\\b'),
  REPEAT(UNHEX(SHA2(RAND(), 512)), 16) FROM ${numbers(rows, vendor)};`;

const list = (count, make) => Array.from({ length: count }, (_, index) => make(index + 1));

/**
 * The sets of data: what each is, its databases with their tables, and the SQL that fills them at a `scale` (1 is the
 * full size) on a server of this vendor.
 */
export const SHAPES = {
  narrow: {
    title: '4 tables of 1,000,000 narrow rows',
    databases: { bench: list(4, (number) => `t${number}`) },
    make: (name, scale, vendor) => narrowTable(name, Math.round(1e6 * scale), vendor),
  },
  quarter: {
    title: '4 tables of 250,000 narrow rows',
    databases: { bench: list(4, (number) => `t${number}`) },
    make: (name, scale, vendor) => narrowTable(name, Math.round(250_000 * scale), vendor),
  },
  single: {
    title: 'one table of 4,000,000 narrow rows',
    databases: { bench: ['t1'] },
    make: (name, scale, vendor) => narrowTable(name, Math.round(4e6 * scale), vendor),
  },
  many: {
    title: '300 small tables in 20 databases',
    databases: Object.fromEntries(
      list(20, (number) => [`app_${String(number).padStart(2, '0')}`, list(15, (table) => `t${table}`)]),
    ),
    make: (name, scale, vendor) => narrowTable(name, Math.max(1, Math.round(500 * scale)), vendor),
  },
  wide: {
    title: '4 tables of 75,000 rows with text, JSON and blobs',
    databases: { bench: list(4, (number) => `t${number}`) },
    make: (name, scale, vendor) => wideTable(name, Math.round(75_000 * scale), vendor),
  },
};

/** MySQL only: MariaDB skips the comment. */
const DEEP_RECURSION = '/*!80003 SET SESSION cte_max_recursion_depth = 100000000 */;';

export const fillShape = (server, { databases, make }, scale) => {
  for (const [database, tables] of Object.entries(databases))
    loadSql(
      server,
      `CREATE DATABASE ${database}; USE ${database};\n${DEEP_RECURSION}\n${tables.map((name) => make(name, scale, server.programs.vendor)).join('\n')}`,
    );
};
